"""Tables read as text, from files of common formats or a database.

Every cell is the text that the file holds (`string[pyarrow]`, missing = NA), so that
"01" stays "01". Files are streamed: none needs to fit in memory.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlservice.adopt.sources import database, delimited, excel, json_objects, parquet
from mlservice.adopt.sources.files import File, inspect
from mlservice.adopt.sources.frame import frame_source
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import Source, Table
from mlservice.errors import UserError

__all__ = ["Source", "Table", "frame_source", "open_source"]

FORMS = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), delimited.table),
    **dict.fromkeys((".parquet", ".pq"), parquet.table),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), json_objects.table),
    **dict.fromkeys((".xlsx", ".xlsm"), excel.table),
}
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, until 2003
TEXTS = (".xls", ".dat", ".data", ".asc", ".out")  # text, if its content says so
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
    return Source(file.name, _form(file)(file), file.path)


def _form(file: File) -> Callable[[File], Table]:
    """Return the reader of a file, by its first bytes, or else by its ending."""
    with as_user_error(file.name, "a file"), file.open() as stream:
        begin = stream.read(512)
    if begin.startswith(OLD_EXCEL) and file.ending not in FORMS:
        raise UserError(
            f"{file.name} is a workbook of Excel 2003 or older; open it and save it as "
            ".xlsx or CSV"
        )
    named = FORMS.get(file.ending)
    if begin.startswith(b"PK\x03\x04") and named in (None, delimited.table):
        return lambda _: excel.table(replace(file, ending=".xlsx"))
    if begin.startswith(b"PAR1") and named is None:
        return parquet.table
    if named is not None:
        return named
    if file.ending in TEXTS and b"\0" not in begin:
        return delimited.table
    raise UserError(
        f"{file.name} has the ending '{file.ending}'; save the table as {KNOWN}"
    )
