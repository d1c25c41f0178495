"""Encoders of table columns: timestamps, high-cardinality categories, free text.

They are stateless: the same value becomes the same numbers in training and in serving,
whether it was seen before or not. Declare such a column with `coded`; with `| None` it
may be missing. A bucket is a name, not an amount: `with_target_means` of
model/target_means.py replaces it by what training learned of it.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from mlservice.schema.declare import MAX_TEXT
from mlservice.schema.encoder import Encoder

BUCKETS = 2**24 - 1  # of categories; float32 tells their numbers apart, 1 to 2**24 - 1
POSITIONS = 128  # of categories; two with the same position are equal for the model:
# of 100 categories every second one shares its position, of 10 every fifteenth
WORD_POSITIONS = 256  # of words; a text has many, so that a collision matters little
LONGEST = 10_000  # characters of a free text; a longer one is refused
FORM = "a date or a time like 2026-01-31T09:30, of the years 1900 to 2199"
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
WORD = re.compile(r"\w{1,30}")  # splits scripts without spaces every 30 characters
# Thai, Lao, Burmese, Khmer, Japanese and Chinese have no spaces between words.
SPACELESS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"

Floats = NDArray[np.float32]


def _read_time(text: str) -> datetime:
    """Parse ISO 8601; convert to UTC, and take a time without a zone as UTC."""
    try:
        if not TIME.fullmatch(text):
            raise ValueError
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"write {FORM}") from None
    if not 1900 <= found.year < 2200:
        raise ValueError(f"write {FORM}")
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _encode_times(values: Sequence[datetime | None]) -> Floats:
    """Encode n times, shape (n, 6), as numbers that a tree can split by.

    Days since 2000, month, day of the month, weekday (Monday is 0), hour with its
    fraction, day of the year; NaN where the time is missing.
    """
    times = np.array(values, dtype="datetime64[s]")  # None becomes "not a time"
    dates, months, years = (times.astype(f"datetime64[{unit}]") for unit in "DMY")
    days = dates.view(np.int64)  # since 1970-01-01, a Thursday
    matrix = np.empty((len(times), 6), np.float32)
    matrix[:, 0] = days - 10_957
    matrix[:, 1] = months.view(np.int64) % 12 + 1
    matrix[:, 2] = days - months.astype(dates.dtype).view(np.int64) + 1
    matrix[:, 3] = (days + 3) % 7
    matrix[:, 4] = times.view(np.int64) % 86_400 / 3_600
    matrix[:, 5] = days - years.astype(dates.dtype).view(np.int64) + 1
    matrix[np.isnat(times)] = np.nan
    return matrix


def _encode_buckets(values: Sequence[str | None]) -> Floats:
    """Encode n categories, shape (n, 1): the number of the checksum's bucket.

    Of 5,000 categories, less than one pair on average shares a bucket. A missing or an
    empty one has bucket 0.
    """
    buckets = [_position(value, BUCKETS) + 1 if value else 0 for value in values]
    return np.array(buckets, np.float32)[:, np.newaxis]


def _encode_categories(values: Sequence[str | None]) -> Floats:
    """Encode n categories, shape (n, POSITIONS): 1.0 at the position of the checksum.

    A missing one is zero everywhere. So is an empty one, which is the same in files.
    """
    matrix = np.zeros((len(values), POSITIONS), np.float32)
    rows = [row for row, value in enumerate(values) if value]
    matrix[rows, [_position(value, POSITIONS) for value in values if value]] = 1.0
    return matrix


def _encode_texts(values: Sequence[str | None]) -> Floats:
    """Encode n texts, shape (n, WORD_POSITIONS + 1): which words occur, and the length.

    A missing or empty text has no words, and NaN for its number of characters.
    """
    matrix = np.zeros((len(values), WORD_POSITIONS + 1), np.float32)
    for row, text in zip(matrix, values, strict=True):
        row[-1] = len(text) if text else np.nan
        row[list(_word_positions(text or ""))] = 1.0
    return matrix


def _word_positions(text: str) -> Iterator[int]:
    """Yield the positions of a text's words, regardless of case and character width."""
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        yield _position(word, WORD_POSITIONS)
        if re.search(SPACELESS, word):  # its pairs of characters stand for words
            for at in range(len(word) - 1):
                yield _position(word[at : at + 2], WORD_POSITIONS)


@lru_cache(maxsize=50_000)  # few words, and few categories, make up most of a file
def _position(text: str, positions: int) -> int:
    return zlib.crc32(text.encode()) % positions


DATE_TIME = Encoder(
    form=FORM, longest=40, width=6, read=_read_time, encode=_encode_times
)
BUCKET = Encoder(
    form=f"a text of at most {MAX_TEXT} characters",
    longest=MAX_TEXT,
    width=1,
    read=str,
    encode=_encode_buckets,
)
HASHED = Encoder(
    form=f"a text of at most {MAX_TEXT} characters",
    longest=MAX_TEXT,
    width=POSITIONS,
    read=str,
    encode=_encode_categories,
)
BAG_OF_WORDS = Encoder(
    form=f"a text of at most {LONGEST:,} characters",
    longest=LONGEST,
    width=WORD_POSITIONS + 1,
    read=str,
    encode=_encode_texts,
)

DateTime = Annotated[datetime, DATE_TIME]
Bucketed = Annotated[str, BUCKET]
Hashed = Annotated[str, HASHED]
BagOfWords = Annotated[str, BAG_OF_WORDS]
