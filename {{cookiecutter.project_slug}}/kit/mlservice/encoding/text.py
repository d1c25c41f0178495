"""Encoding of texts: keywords, and hashed words, word pairs and character n-grams.

Nothing is learned here, so nothing need be kept: the position of a piece of text is its
checksum (the hashing trick, Weinberger et al. 2009). The estimator learns the weights.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from mlservice.arrays import Matrix
from mlservice.schema.encoders import SPACELESS

LONGEST = 100_000  # characters of a text; a longer one is refused
READ = 20_000  # characters that are encoded: a text's subject is at its beginning
PLACES = 2_048  # positions of pieces; two pieces that share one blur each other
WORD = re.compile(r"\w{1,30}")  # splits scripts without spaces every thirty characters

Keywords = Mapping[str, Sequence[str]]  # class → its keywords, normalised


def normalize(text: str) -> str:
    """Return the beginning of a text in one form, whatever its case and width."""
    return unicodedata.normalize("NFKC", text[:READ]).casefold().replace("’", "'")


def class_by_keyword(text: str, keywords: Keywords) -> str | None:
    """Return the first class of which a normalised text contains a keyword."""
    for name, words in keywords.items():
        if any(word in text for word in words):
            return name
    return None


def encode_texts(texts: Sequence[str], keywords: Keywords) -> Matrix:
    """Encode n texts; shape (n, width_of(keywords)).

    A 1.0 marks the class of the first keyword, and each word, pair of words and
    character n-gram. Their frequency is ignored: a text that repeats itself tells no
    more.
    """
    matrix = np.zeros((len(texts), width_of(keywords)), np.float32)
    classes = list(keywords)
    for row, text in zip(matrix, map(normalize, texts), strict=True):
        if name := class_by_keyword(text, keywords):
            row[classes.index(name)] = 1.0
        row[len(classes) :][list(_positions(text))] = 1.0
    return matrix


def pieces_of(text: str, keywords: Keywords) -> Iterator[tuple[str, int]]:
    """Yield each word of a text with the matrix columns that it sets, for explanations.

    A pair of words belongs to its second one, an n-gram to its word.
    """
    text, before = normalize(text), "^"
    if name := class_by_keyword(text, keywords):
        found = [word for word in keywords[name] if word in text]
        yield found[0], [*keywords].index(name)
    for word in WORD.findall(text):
        own = (_position(f" {word}"), _position(f"{before} {word}"))
        yield from ((word, len(keywords) + at) for at in (*own, *_ngrams(word)))
        before = word


def width_of(keywords: Keywords) -> int:
    """Return the number of matrix columns: one for each class, then the positions."""
    return len(keywords) + PLACES


def _positions(text: str) -> Iterator[int]:
    """Yield the positions of words, of word pairs and of character n-grams."""
    before = "^"
    for word in WORD.findall(text):
        yield _position(f" {word}")
        yield _position(f"{before} {word}")  # "not billing" is not "billing"
        yield from _ngrams(word)
        before = word


@lru_cache(maxsize=50_000)  # few words make up most of a text
def _ngrams(word: str) -> tuple[int, ...]:
    """Return the positions of a word's n-grams of three and four characters.

    In scripts without spaces pairs of characters are words, and are n-grams, too.
    """
    padded = f"<{word}>"
    sizes = (2, 3, 4) if re.search(SPACELESS, word) else (3, 4)
    return tuple(
        _position(padded[at : at + size])
        for size in sizes
        for at in range(len(padded) - size + 1)
    )


def _position(piece: str) -> int:
    return zlib.crc32(piece.encode()) % PLACES
