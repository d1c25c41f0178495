"""JSON of one object that holds a whole table: a list of rows, or columns."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mlservice.adopt.sources.files import File
from mlservice.errors import UserError

BLOCK = 1_000_000  # characters, in which the first of several objects ends
LONGEST = 500_000_000  # characters: the whole object is held in memory
# Numbers stay the text that the file holds: 1.50 is not 1.5.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)

Object = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """The rows of a table, and the shape of the object that held them, in words."""

    shape: str
    rows: Sequence[Object]


def document(file: File) -> Document | None:
    """Return the table that is one JSON object; None for a file of several, or another.

    Raise UserError for one that holds several lists of rows, or is too large.
    """
    with text_of(file) as text:
        begin = text.read(BLOCK).lstrip("\ufeff \r\n\t")
        if not begin.startswith("{") or _ends_within(begin):
            return None
        whole = begin + text.read(LONGEST)
        if text.read(1):
            raise UserError(
                f"{file.name} is one JSON object of more than {LONGEST:,} characters; "
                "save it with one object a line"
            )
    try:
        item = DECODER.decode(whole)
    except json.JSONDecodeError:
        return None
    return _table_in(item, file.name)


def text_of(file: File) -> io.TextIOWrapper:
    """Open a JSON file as text."""
    with file.open() as stream:
        encoding = json.detect_encoding(stream.read(4))
    return io.TextIOWrapper(file.open(), encoding)


def _ends_within(begin: str) -> bool:
    """Return whether an object ends and something follows: the file holds several."""
    try:
        _, end = DECODER.raw_decode(begin)
    except json.JSONDecodeError:
        return False
    return bool(begin[end:].strip())


def _table_in(item: Object, name: str) -> Document | None:
    """Find the table in an object by its shape; None if it is a row like others."""
    columns: Any = item.get("columns")
    data: Any = item.get("data")
    if _is_list(columns, str) and _is_list(data, list):
        if wrong := [n for n, row in enumerate(data, 1) if len(row) != len(columns)]:
            raise UserError(f"{name}: row {wrong[0]} has not a value for each column")
        rows = [dict(zip(columns, row, strict=True)) for row in data]
        return Document("JSON, columns and data", rows)
    lists = [key for key, value in item.items() if _is_list(value, dict)]
    if len(lists) > 1:
        raise UserError(f"{name} holds several tables ({', '.join(lists)}); save one")
    if lists:
        return Document(f"JSON, rows in '{lists[0]}'", item[lists[0]])
    values = list(item.values())
    if len(item) > 1 and all(isinstance(value, dict) for value in values):
        return _labelled(item)
    if _is_list(values, list) and len(set(map(len, values))) == 1:
        rows = [dict(zip(item, row, strict=True)) for row in zip(*values, strict=True)]
        return Document("JSON, a list for each column", rows)
    return None


def _is_list(value: Any, kind: type) -> bool:
    """Return whether a value is a list of such items, and not empty."""
    return bool(
        isinstance(value, list)
        and value
        and all(isinstance(one, kind) for one in value)
    )


def _labelled(item: dict[str, Object]) -> Document | None:
    """Return the table whose columns, or rows, are objects; None if keys differ."""
    first = next(iter(item.values()))
    if any(value.keys() != first.keys() for value in item.values()):
        return None
    numbered = all(map(str.isdigit, first))
    if all(map(str.isdigit, item)) or (len(item) > len(first) and not numbered):
        return Document("JSON, an object for each row", list(_with_labels(item)))
    rows = {label: {name: item[name][label] for name in item} for label in first}
    return Document("JSON, an object for each column", list(_with_labels(rows)))


def _with_labels(rows: dict[str, Object]) -> Iterator[Object]:
    """Yield the rows; labels that are no numbers become a first column without name."""
    named = not all(map(str.isdigit, rows))
    return ({"": label, **row} if named else row for label, row in rows.items())
