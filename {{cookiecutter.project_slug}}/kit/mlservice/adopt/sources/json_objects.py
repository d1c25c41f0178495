"""JSON with one object for each row, as lines or as one list; streamed."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import MOST_COLUMNS, Table
from mlservice.adopt.sources.to_text import BATCH_ROWS, as_table
from mlservice.errors import UserError

BLOCK = 1_000_000  # characters
LONGEST = 16_000_000  # characters of one object
BETWEEN = re.compile(r"[\s,]*")
# Numbers stay the text that the file holds: 1.50 is not 1.5.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def table(file: File) -> Table:
    """Read all objects once; their keys are the columns, in order of appearance."""
    keys: dict[str, None] = {}
    rows = 0
    with as_user_error(file.name, "JSON"):
        for item in _objects(file):
            rows += 1
            keys.update(dict.fromkeys(item))
            if len(keys) > MOST_COLUMNS:
                break  # Source refuses so many columns
    if not rows:
        raise UserError(f"{file.name} holds no objects, so no rows")
    columns = tuple(keys)

    def read() -> Iterator[pa.Table]:
        waiting = []
        for item in _objects(file):
            waiting.append([item.get(key) for key in columns])
            if len(waiting) == BATCH_ROWS:
                yield as_table(file.name, columns, waiting)
                waiting = []
        if waiting:
            yield as_table(file.name, columns, waiting)

    words = ["JSON, one object a row", file.packing]
    return Table(", ".join(filter(None, words)), columns, read, rows)


def _objects(file: File) -> Iterator[dict[str, Any]]:
    """Yield the objects one by one, with few of them in memory."""
    with file.open() as stream:
        encoding = json.detect_encoding(stream.read(4))
    with file.open() as stream:
        text = io.TextIOWrapper(stream, encoding)
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
        found.append(item)
        at = _skip(text, end)
    return found, text[at:]


def _skip(text: str, at: int) -> int:
    """Return the position of the next object."""
    match = BETWEEN.match(text, at)
    return match.end() if match else at
