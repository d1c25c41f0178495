"""Texts to numbers: which words, pairs of words and pieces of words occur.

Nothing is learned here, so nothing need be kept: a piece's place in the row is its
checksum (the hashing trick, Weinberger et al. 2009). Weights are the estimator's task.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from mlservice.schema.encoder import Encoder

from .keywords import KEYWORDS

LONGEST = 100_000  # characters of a text; a longer one is refused
READ = 20_000  # of them are read: what it is about stands at the beginning
PLACES = 2_048  # for pieces; two that share one blur each other a little
WORD = re.compile(r"\w{1,30}")  # a script without spaces comes in pieces of thirty


def normal(text: str) -> str:
    """Return the text in one form, whatever its case and its width."""
    return unicodedata.normalize("NFKC", text[:READ]).casefold().replace("’", "'")


def keyword_class(text: str) -> str | None:
    """Return the first class of which a normal text holds a keyword."""
    for name, keywords in KEYWORDS.items():
        if any(keyword in text for keyword in keywords):
            return name
    return None


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Encode n texts, shape (n, WIDTH): 1.0 for the keyword's class and each piece.

    How often a piece occurs tells nothing: a text that repeats itself is no surer.
    """
    matrix = np.zeros((len(texts), WIDTH), np.float32)
    classes = list(KEYWORDS)
    for row, text in zip(matrix, map(normal, texts), strict=True):
        if name := keyword_class(text):
            row[classes.index(name)] = 1.0
        row[list(_places(text))] = 1.0
    return matrix


def _places(text: str) -> Iterator[int]:
    """Yield the places of words, of pairs of words and of the pieces of words."""
    before = "^"
    for word in WORD.findall(text):
        yield _place(f" {word}")
        yield _place(f"{before} {word}")  # "not billing" is not "billing"
        yield from _pieces(word)
        before = word


@lru_cache(maxsize=50_000)  # few words make up most of what people write
def _pieces(word: str) -> tuple[int, ...]:
    """Return the places of a word's three and four characters in a row."""
    whole = f"<{word}>"
    return tuple(
        _place(whole[at : at + size])
        for size in (3, 4)
        for at in range(len(whole) - size + 1)
    )


def _place(piece: str) -> int:
    return len(KEYWORDS) + zlib.crc32(piece.encode()) % PLACES


WIDTH = len(KEYWORDS) + PLACES
TEXT = Encoder(
    form=f"a text of at most {LONGEST:,} characters",
    longest=LONGEST,
    width=WIDTH,
    read=str,
    encode=encode,
)

Text = Annotated[str, TEXT]
