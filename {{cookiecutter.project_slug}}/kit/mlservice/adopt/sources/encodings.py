"""Detection of a text file's encoding: UTF-8 if it fits, else the most likely."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from charset_normalizer import from_bytes
from tqdm import tqdm

from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.errors import UserError

BLOCK = 1_000_000  # bytes
EVIDENCE = 20_000  # bytes that a guess is based on
BOMS = (  # UTF-32's little-endian one begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"  # what Excel writes in western Europe and America
OTHERS = """cp1251 cp1253 cp1255 cp1256 koi8_r
    cp932 euc_jp gb18030 big5 cp949""".split()
CONTROLS = {
    *map(chr, range(2, 9)),
    *map(chr, range(14, 28)),
    *map(chr, range(127, 160)),
}
NONSENSE = re.compile(r"[\x02-\x08\x0e-\x1b\x7f]")  # no delimiters, no spaces
NO_CONTROLS = {code: None for code in (*range(2, 9), *range(14, 28), 127)}
MOST_CONTROLS = 0.01  # the share above which a file is no text


@dataclass(frozen=True)
class Text:
    """Encoding and extent of a text file, from one pass over it."""

    encoding: str
    head: str  # its beginning, about a million characters
    whole: bool  # whether the head is the whole file
    last: str  # its last character, line breaks aside
    lines: int  # how many line breaks it has
    controls: bool = False  # whether it holds control characters that mean nothing

    @property
    def form(self) -> str:
        """Return the encoding's name, marked if it is a guess."""
        if self.encoding.startswith("utf"):
            return self.encoding.upper()
        return f"{self.encoding} (a guess)"


def examine(file: File) -> Text:
    """Decode a file from end to end; raise UserError if it is damaged or binary."""
    with as_user_error(file.name, "text"):
        return _first_that_fits(file)


def _first_that_fits(file: File) -> Text:
    with file.open() as stream:
        encoding = _by_bom(stream.read(BLOCK))
    try:
        return _decode(file, encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise
        evidence = bytes(error.object)
    for guess in (_guess(evidence), WESTERN):
        try:
            return _decode(file, guess)
        except UnicodeDecodeError:
            pass  # the next one accepts more bytes
    return _decode(file, "latin-1")  # has a character for every byte


def _by_bom(head: bytes) -> str:
    """Detect UTF-16 and UTF-32 by their BOM, or UTF-16 by its zero bytes."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    zeros = head[0::2].count(0), head[1::2].count(0)
    if max(zeros) > len(head) / 5 and min(zeros) == 0:
        return "utf-16-le" if zeros[1] else "utf-16-be"
    return "utf-8"


def _decode(file: File, encoding: str) -> Text:
    """Decode the whole file; raise UnicodeDecodeError with the failing block."""
    head, last, lines, blocks, controls = "", "", 0, 0, False
    for text in _texts(file, encoding):
        if "\0" in text or (not head and _is_binary(text[:EVIDENCE])):
            raise _binary(file)
        if NONSENSE.search(text):
            text, controls = text.translate(NO_CONTROLS), True
        head, blocks = head or text.removeprefix("\ufeff"), blocks + 1
        last = text.rstrip("\r\n")[-1:] or last
        lines += text.count("\n")
    if not head.strip():
        raise UserError(f"{file.name} is empty")
    return Text(encoding, head, blocks == 1, last, lines, controls)


def _texts(file: File, encoding: str) -> Iterator[str]:
    """Yield a file's text in blocks, none of them empty."""
    decoder = codecs.getincrementaldecoder(encoding)()
    total = None if file.packing else file.path.stat().st_size
    shown = tqdm(
        desc=f"looking at {file.name}",
        total=total,
        unit="B",
        unit_scale=True,
        delay=2,  # seconds: a small file needs no bar
        disable=None,
    )
    with shown, file.open() as stream:
        while block := stream.read(BLOCK):
            shown.update(len(block))
            if text := decoder.decode(block):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text


def _guess(evidence: bytes) -> str:
    """Guess an encoding: WESTERN for a Latin script, else the best fit for the cells.

    Latin scripts seldom have three letters beyond ASCII in a row, others mostly do.
    """
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", evidence)]
    if 2 * sum(run for run in runs if run > 2) <= sum(runs):
        return WESTERN
    cells = dict.fromkeys(re.split(rb'[\t\r\n",;]+', evidence))  # each of them once
    sample = b"\n".join(cell for cell in cells if not cell.isascii())[:EVIDENCE]
    best = from_bytes(sample, cp_isolation=OTHERS).best()
    return best.encoding if best else WESTERN


def _is_binary(start: str) -> bool:
    found = sum(letter in CONTROLS for letter in start)
    return found > max(MOST_CONTROLS * len(start), 2)


class _Plain(io.RawIOBase):
    """A stream of text without control characters, in UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes of the file; b"" at its end."""
        while block := self._stream.read(size):
            if text := self._decoder.decode(block).translate(NO_CONTROLS):
                return text.encode()
        return b""

    def close(self) -> None:
        self._stream.close()
        super().close()


def open_text(file: File, text: Text) -> BinaryIO:
    """Open a text file for pyarrow, which decodes it, without control characters."""
    if not text.controls:
        return file.open()
    return cast(BinaryIO, _Plain(file.open(), text.encoding))


def _binary(file: File) -> UserError:
    return UserError(
        f"{file.name} is a binary file, not text; save the table as CSV or Parquet"
    )
