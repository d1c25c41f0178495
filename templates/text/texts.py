"""Texts to numbers: the keywords' classes, and which words and pieces of words occur.

Nothing is learned here, so nothing need be kept. Weights are the estimator's task.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from mlservice.arrays import Matrix
from mlservice.encoding.text import (
    LONGEST,
    class_by_keyword,
    encode_texts,
    normalize,
    pieces_of,
    width_of,
)
from mlservice.schema.encoder import Encoder

from .keywords import KEYWORDS

WIDTH = width_of(KEYWORDS)


def keyword_class(text: str) -> str | None:
    """Return the first class of which a text contains a keyword."""
    return class_by_keyword(normalize(text), KEYWORDS)


def encode(texts: Sequence[str]) -> Matrix:
    """Encode n texts, shape (n, WIDTH): 1.0 for the keyword's class and each piece."""
    return encode_texts(texts, KEYWORDS)


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield each word with the columns that it sets, for explanations."""
    return pieces_of(text, KEYWORDS)


TEXT = Encoder(
    form=f"a text of at most {LONGEST:,} characters",
    longest=LONGEST,
    width=WIDTH,
    read=str,
    encode=encode,
    pieces=pieces,
)

Text = Annotated[str, TEXT]
