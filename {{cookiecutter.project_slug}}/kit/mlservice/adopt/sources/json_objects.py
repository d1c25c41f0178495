"""JSON with one object for each row, as lines or as one list, streamed; or a table."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.json_documents import (
    DECODER,
    Document,
    document,
    text_of,
)
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import MOST_COLUMNS, Table
from mlservice.adopt.sources.to_text import as_tables
from mlservice.errors import UserError

BLOCK = 1_000_000  # characters
LONGEST = 16_000_000  # characters of one object
BETWEEN = re.compile(r"[\s,]*")


def table(file: File) -> Table:
    """Read all objects once; their keys are the columns, in order of appearance."""
    keys: dict[str, None] = {}
    rows = 0
    with as_user_error(file.name, "JSON"):
        whole = document(file)
        for item in _items(file, whole):
            rows += 1
            keys.update(dict.fromkeys(item))
            if len(keys) > MOST_COLUMNS:
                break  # Source refuses so many columns
    if not rows:
        raise UserError(f"{file.name} holds no objects, so no rows")
    columns = tuple(keys)
    unreadable: dict[int, str] = {}

    def read() -> Iterator[pa.Table]:
        cells = ([item.get(key) for key in columns] for item in _items(file, whole))
        return as_tables(file.name, columns, cells, unreadable)

    shape = whole.shape if whole else "JSON, one object a row"
    form = ", ".join(filter(None, [shape, file.packing]))
    return Table(form, columns, read, rows, unreadable=unreadable)


def _items(file: File, whole: Document | None) -> Iterator[dict[str, Any]]:
    """Yield the rows; values of an object within one become `outer.inner`."""
    return map(dict, map(_flat, whole.rows)) if whole else _objects(file)


def _objects(file: File) -> Iterator[dict[str, Any]]:
    """Yield the objects one by one, with few of them in memory."""
    with text_of(file) as text:
        rest = text.read(BLOCK).lstrip()
        closing = "]" if rest.startswith("[") else ""
        rest = rest.removeprefix("[")
        rows, more = 0, True
        while more:
            found, rest = _complete(file, rest, rows)
            yield from found
            rows += len(found)
            block = text.read(BLOCK)
            rest, more = rest + block, bool(block) and len(rest) < LONGEST
    if rest.strip() != closing:
        raise UserError(f"{file.name}: object {rows + 1} is no valid JSON")


def _complete(file: File, text: str, before: int) -> tuple[list[dict[str, Any]], str]:
    """Decode the objects that end within a text; return them and the rest of it."""
    found: list[dict[str, Any]] = []
    at = _skip(text, 0)
    while at < len(text) and text[at] != "]":
        if text[at] != "{":
            raise UserError(
                f"{file.name}: item {before + len(found) + 1} is no JSON object; "
                "each row must be one, like {" + '"name": "value"}'
            )
        try:
            item, end = DECODER.raw_decode(text, at)
        except json.JSONDecodeError:
            break  # it ends in a later block, or is broken
        found.append(dict(_flat(item)))
        at = _skip(text, end)
    return found, text[at:]


def _flat(item: dict[str, Any], outer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of an object; of one within another as `outer.inner`."""
    for key, value in item.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{outer}{key}.")
        else:
            yield f"{outer}{key}", value


def _skip(text: str, at: int) -> int:
    """Return the position of the next object."""
    match = BETWEEN.match(text, at)
    return match.end() if match else at
