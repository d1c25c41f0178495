"""Bodies of at most 1 MB that no service should accept, by kind. Needs the standard library only."""

import json
import random
from collections.abc import Callable, Iterator
from itertools import count, cycle, repeat

MOST = 1_000_000  # bytes, as SERVE_MAX_BODY_BYTES by default
ROWS = 1_000  # as SERVE_MAX_INSTANCES by default
WORD = "longest"
LONG = WORD * 1_400  # as a key or a value
ECHO = WORD * 15  # 105 characters: no answer may repeat so much of a key or a value
MARK = "@here@"
JSON = "application/json"

Kinds = Iterator[tuple[str, bytes]]


def fill(head: str, tail: str, pieces: Iterator[str], most: int) -> bytes:
    """Join as many pieces by commas between head and tail as fit into `most` bytes."""
    size, chosen = len(head) + len(tail), []
    for piece in pieces:
        size += len(piece) + 1
        if size > most and chosen:
            break
        chosen.append(piece)
    return f"{head}{','.join(chosen)}{tail}".encode("utf-8", "surrogatepass")


def around(row: dict, column: str) -> tuple[str, str]:
    """Return the text before and after the value of a column in a request for one row."""
    head, _, tail = json.dumps({"instances": [row | {column: MARK}]}).partition(json.dumps(MARK))
    return head, tail


def rows(pieces: Iterator[str], most: int) -> bytes:
    """Return a request with these rows, as many as fit and are allowed."""
    return fill('{"instances":[', "]}", (piece for piece, _ in zip(pieces, range(ROWS), strict=False)), most)


def unknown_keys(row: dict, most: int) -> Kinds:
    """Yield objects with keys that the schema does not know."""
    short = "{%s}" % ",".join(f'"{number:x}":1' for number in range(140))
    one = '{"instances":[{', "}]}"
    yield "unknown keys in every row", rows(repeat(short), most)
    yield "unknown keys in one row", fill(*one, (f'"{number:x}":1' for number in count()), most)
    yield "long unknown keys in one row", fill(*one, (f'"{number}{LONG}":1' for number in count()), most)
    yield "one unknown key of 1 MB", fill('{"instances":[{"', '":1}]}', repeat(LONG), most)
    yield "unknown keys with long values", fill(*one, (f'"{number:x}":"{LONG}"' for number in count()), most)
    yield "an unknown key beside every column", rows(repeat(json.dumps(row | {"unknown": 1})), most)
    yield "unknown keys beside instances", fill('{"instances":[],', "}", (f'"{n:x}":1' for n in count()), most)
    yield "instances as an object", fill('{"instances":{', "}}", (f'"{number:x}":{{}}' for number in count()), most)


def duplicate_keys(row: dict, most: int) -> Kinds:
    """Yield objects in which one key comes many times."""
    column, *_ = map(json.dumps, row)
    yield "an empty key 199,000 times", fill('{"instances":[{', "}]}", repeat('"":1'), most)
    yield "a column many times", fill('{"instances":[{', "}]}", repeat(f"{column}:[]"), most)
    yield "a key many times in every row", rows(repeat("{%s}" % ",".join(['"":1'] * 190)), most)
    yield "instances many times", fill("{", "}", repeat('"instances":[]'), most)


def containers(row: dict, most: int) -> Kinds:
    """Yield lists and objects where a single value is expected."""
    for column in row:
        yield f"a list of empty lists in {column}", fill(*wrapped(row, column, "[", "]"), repeat("[]"), most)
    columns = cycle(row)
    for what, piece in (
        ("empty objects", "{}"),
        ("objects", '{"a":1}'),
        ("empty texts", '""'),
        ("nulls", "null"),
        ("numbers", "1"),
        ("large numbers", "1e300"),
        ("long texts", json.dumps(LONG)),
        ("lists of lists", "[[[[]]]]"),
    ):
        column = next(columns)
        yield f"a list of {what} in {column}", fill(*wrapped(row, column, "[", "]"), repeat(piece), most)
        yield f"rows of {what}", rows(repeat(piece), most)
        yield f"many more rows of {what}", fill('{"instances":[', "]}", repeat(piece), most)
        yield f"{what} instead of an object", fill("[", "]", repeat(piece), most)
    column = next(columns)
    yield f"a large object in {column}", fill(*wrapped(row, column, "{", "}"), (f'"{n:x}":1' for n in count()), most)


def wrapped(row: dict, column: str, opening: str, closing: str) -> tuple[str, str]:
    """Return what is around the items of a container that is the value of a column."""
    head, tail = around(row, column)
    return head + opening, closing + tail


def nested(row: dict, most: int) -> Kinds:
    """Yield containers that are nested as deep as fits."""
    for column in list(row)[-2:]:
        head, tail = around(row, column)
        room = most - len(head) - len(tail)
        lists = "[" * (room // 2) + "]" * (room // 2)
        objects = '{"a":' * (room // 7) + "1" + "}" * (room // 7)
        yield f"nested lists in {column}", f"{head}{lists}{tail}".encode()
        yield f"nested objects in {column}", f"{head}{objects}{tail}".encode()
        yield f"lists nested 60 deep in {column}", fill(head + "[", "]" + tail, repeat("[" * 60 + "]" * 60), most)
    yield "nested lists", b"[" * most


def wrong_values(row: dict, most: int) -> Kinds:
    """Yield values of the wrong type, or of an extreme size, in every cell."""
    yield "every column missing", rows(repeat("{}"), most)
    yield "more empty rows than allowed", fill('{"instances":[', "]}", repeat("{}"), most)
    for value in ("[]", "{}", "true", "null", "1e999", "-1e308", "NaN", '"\\ud800"'):
        cells = ",".join(f"{json.dumps(column)}:{value}" for column in row)
        yield f"{value} in every cell", rows(repeat("{%s}" % cells), most)
    texts = {"long text": LONG, "escapes": "\\u0041" * 1_600, "one wide character": "x" * 9_000 + "\U0001f600"}
    for what, text in texts.items():
        cells = ",".join(f'{json.dumps(column)}:"{text}"' for column in row)
        yield f"{what} in every cell", rows(repeat("{%s}" % cells), most)
    for column in list(row)[:2]:
        head, tail = around(row, column)
        room = most - len(head) - len(tail) - 2
        yield f"a number of 1 MB in {column}", f"{head}{'1' * room}{tail}".encode()
        yield f"a fraction of 1 MB in {column}", f"{head}-9.{'1' * (room - 1)}{tail}".encode()
        yield f"a text of 1 MB in {column}", f'{head}"{(WORD * room)[:room]}"{tail}'.encode()


def no_json(row: dict, most: int) -> Kinds:
    """Yield bytes that are no JSON, or not all of it."""
    good = rows(repeat(json.dumps(row)), most)
    yield "random bytes", random.Random(7).randbytes(most)
    yield "zeros", bytes(most)
    yield "spaces", b" " * most
    yield "an open text", b'{"instances":[{"' + b"a" * (most - 16)
    yield "bytes that are no UTF-8", b'{"instances":[{"a":"' + b"\xff" * (most - 24) + b'"}]}'
    yield "a cut end", good[:-1]
    yield "a cut middle", good[: len(good) // 2]
    yield "one wrong byte at the end", good[:-2] + b"x}"
    yield "commas", b'{"instances":[' + b"," * (most - 14)


FAMILIES: tuple[Callable[[dict, int], Kinds], ...] = (
    unknown_keys,
    duplicate_keys,
    containers,
    nested,
    wrong_values,
    no_json,
)


def bodies(row: dict, most: int = MOST) -> Kinds:
    """Yield name and body of every kind, for a service of which `row` is a valid instance."""
    for family in FAMILIES:
        yield from family(row, most)
