"""A table from wherever it is, as text: a file of any common form, or a database.

Every cell is the text that the file holds (`string[pyarrow]`, missing = NA), so that
"01" stays "01". Files are streamed: none needs to fit in memory.
"""

from pathlib import Path

from ...errors import UserError
from . import database, delimited, excel, json_objects, parquet
from .files import look_at
from .source import Source, Table

__all__ = ["Source", "Table", "open_source"]

FORMS = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), delimited.table),
    **dict.fromkeys((".parquet", ".pq"), parquet.table),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), json_objects.table),
    **dict.fromkeys((".xlsx", ".xlsm"), excel.table),
}
WHOLE = (parquet.table, excel.table)  # these compress themselves; we unpack no more
KNOWN = "CSV, TSV, TXT, Parquet, JSON lines or Excel (.xlsx)"


def open_source(data: str, query: str = "") -> Source:
    """Open a table: a file's path or a database's URL, with a query or without.

    Looks at a text file once from end to end; what is wrong with it raises UserError.
    """
    if "://" in data:
        return database.source(data, query)
    if query:
        raise UserError("QUERY is for a database; for a file give DATA alone")
    file = look_at(Path(data).expanduser())
    form = FORMS.get(file.ending)
    if form is None:
        raise UserError(
            f"{file.name} has the ending '{file.ending}'; save the table as {KNOWN}"
        )
    if file.packing and form in WHOLE:
        raise UserError(f"{file.name} holds a {file.ending} file; unpack it first")
    return Source(file.name, form(file), file.path)
