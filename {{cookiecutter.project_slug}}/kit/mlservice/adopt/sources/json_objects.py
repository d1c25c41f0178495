"""JSON: one object a row, on lines of their own or in one list; streamed."""

import io
import json
import re
from collections.abc import Iterator

from typing import Any

import pyarrow as pa

from ...errors import UserError
from .cells import AT_ONCE, as_table
from .files import File
from .source import MOST_COLUMNS, Table
from .trouble import told

BLOCK = 1_000_000  # characters
LONGEST = 16_000_000  # characters of one object
BETWEEN = re.compile(r"[\s,]*")
# Numbers stay the text that the file holds: 1.50 is no 1.5 yet.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def table(file: File) -> Table:
    """Read all objects once: their keys are the columns, in order of appearance."""
    keys: dict[str, None] = {}
    rows = 0
    with told(file.name, "JSON"):
        for item in _objects(file):
            rows += 1
            keys.update(dict.fromkeys(item))
            if len(keys) > MOST_COLUMNS:
                break  # which is refused by their number
    if not rows:
        raise UserError(f"{file.name} holds no objects, so no rows")
    columns = tuple(keys)

    def read() -> Iterator[pa.Table]:
        waiting = []
        for item in _objects(file):
            waiting.append([item.get(key) for key in columns])
            if len(waiting) == AT_ONCE:
                yield as_table(file.name, columns, waiting)
                waiting = []
        if waiting:
            yield as_table(file.name, columns, waiting)

    words = ["JSON, one object a row", file.packing]
    return Table(", ".join(filter(None, words)), columns, read, rows)


def _objects(file: File) -> Iterator[dict[str, Any]]:
    """Give one object after the other, never more than a few in memory."""
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
    """Decode the objects that end within a text; give what is left of it too."""
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
    """Find where the next object begins."""
    match = BETWEEN.match(text, at)
    return match.end() if match else at
