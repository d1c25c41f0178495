"""Tables read as text, from files of common formats or a database.

Every cell is the text that the file holds (`string[pyarrow]`, missing = NA), so that
"01" stays "01". Files are streamed: none needs to fit in memory.
"""

from pathlib import Path

from mlservice.adopt.sources import database, delimited, excel, json_objects, parquet
from mlservice.adopt.sources.files import inspect
from mlservice.adopt.sources.frame import frame_source
from mlservice.adopt.sources.source import Source, Table
from mlservice.errors import UserError

__all__ = ["Source", "Table", "frame_source", "open_source"]

FORMS = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), delimited.table),
    **dict.fromkeys((".parquet", ".pq"), parquet.table),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), json_objects.table),
    **dict.fromkeys((".xlsx", ".xlsm"), excel.table),
}
COMPRESSED = (parquet.table, excel.table)  # compressed by themselves: not unpacked
KNOWN = "CSV, TSV, TXT, Parquet, JSON lines or Excel (.xlsx)"


def open_source(data: str, query: str = "") -> Source:
    """Open a table: the path of a file or the URL of a database, perhaps with a query.

    A text file is read once from end to end. Raise UserError for a damaged file.
    """
    if "://" in data:
        return database.source(data, query)
    if query:
        raise UserError("QUERY is for a database; for a file give DATA alone")
    file = inspect(Path(data).expanduser())
    form = FORMS.get(file.ending)
    if form is None:
        raise UserError(
            f"{file.name} has the ending '{file.ending}'; save the table as {KNOWN}"
        )
    if file.packing and form in COMPRESSED:
        raise UserError(f"{file.name} holds a {file.ending} file; unpack it first")
    return Source(file.name, form(file), file.path)
