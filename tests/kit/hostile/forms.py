"""Forms and pictures of at most 1 MB that the task image should refuse, by kind."""

import base64
import json
import struct
import zlib
from functools import cache
from itertools import repeat

from hostile.bodies import LONG, MOST, Kinds, around, rows

BOUNDARY = "b"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
END = b"\r\n--b--\r\n"
NAMED = b'\r\n--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n'
SIDE = 30_000  # pixels of a picture that is 112 MB unpacked and 110 KB packed


def forms(column: str, most: int = MOST) -> Kinds:
    """Yield multipart bodies; `column` is the one whose field is a picture."""
    name = column.encode()
    yield "100,000 parts without a name", _parts(b"\r\n--b\r\n\r\n", most)
    yield "parts with a name", _parts(NAMED % name, most)
    yield "parts with an unknown name", _parts(NAMED % b"unknown", most)
    yield "parts with a long name", _parts(NAMED % LONG.encode(), most)
    yield "a part with 1 MB of headers", _one(b"X: y\r\n", b"\r\n\r\n", most)
    yield "a header of many lines", _one(b" y\r\n", b"\r\n\r\n", most, b"X: y\r\n")
    disposition = b"Content-Disposition: form-data"
    yield "a header of many parameters", _one(b"; a=b", b"\r\n\r\n", most, disposition)
    yield "a header of parameters in sections", _one(b"; name*0=b", b"\r\n\r\n", most, disposition)
    yield "a header of open quotes", _one(b';"', b"\r\n\r\n", most, disposition)
    yield "a file of 1 MB", _one(b"\x00", b"", most, disposition + b'; name="' + name + b'"\r\n\r\n')
    yield "no part", b"\r\n" * (most // 2)
    yield "a form without an end", _parts(NAMED % name, most)[: -len(END)]
    yield "a picture of huge dimensions as a file", NAMED % name + png() + END


def pictures(row: dict, most: int = MOST) -> Kinds:
    """Yield JSON in which a picture unpacks to far more than its bytes, or is not one."""
    [column] = row
    picture = base64.b64encode(png()).decode()
    for what, text in (
        ("a picture of huge dimensions", picture),
        ("a claim of huge dimensions", base64.b64encode(png()[:60]).decode()),
        ("a text of 1 MB in base64", "A" * (most - 100)),
    ):
        yield what, json.dumps({"instances": [{column: text}]}).encode()
    yield "pictures of huge dimensions", rows(repeat(json.dumps({column: picture})), most)
    head, tail = around(row, column)
    yield "padding of 1 MB", f'{head}"{"=" * (most - len(head) - len(tail) - 2)}"{tail}'.encode()


@cache
def png() -> bytes:
    """Return a PNG file of one bit a pixel that is all black."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    packed = zlib.compress(bytes(SIDE * (SIDE // 8 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _parts(part: bytes, most: int) -> bytes:
    return part * ((most - len(END)) // len(part)) + END


def _one(piece: bytes, closing: bytes, most: int, opening: bytes = b"") -> bytes:
    """Return a form of one part that repeats a piece."""
    head = b"--b\r\n" + opening
    return head + piece * ((most - len(head) - len(closing) - len(END)) // len(piece)) + closing + END
