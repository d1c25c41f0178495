"""Settings that hold several words, separated by commas: keys, and other sites."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import NoDecode

SHORTEST = 16  # characters in a key: fewer can be guessed
ORIGIN = re.compile(r"https?://[^\s/?#@*]+")


def _key(word: str) -> SecretStr:
    """Return a key that is safe; raise ValueError, which never quotes it."""
    if len(word) < SHORTEST:
        raise ValueError(
            f"a key needs {SHORTEST} characters at least; `openssl rand -hex 32` "
            "makes a good one"
        )
    if not (word.isascii() and word.isprintable()) or " " in word:
        raise ValueError("a key may hold ASCII letters, digits and signs, no space")
    return SecretStr(word)


def _origin(word: str) -> str:
    """Return an origin as browsers send it; raise ValueError if none is like that."""
    if not ORIGIN.fullmatch(word):
        raise ValueError("an origin is like https://shop.example, without a path")
    return word


def _each(check: Callable[[str], object]) -> Callable[[object], object]:
    """Return what makes checked words from text, and leaves a finished tuple alone."""

    def split(given: object) -> object:
        if not isinstance(given, str):
            return given
        words = tuple(check(w) for word in given.split(",") if (w := word.strip()))
        if given and not words:
            raise ValueError("it is set, and holds nothing; leave it out instead")
        return words

    return split


Keys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_each(_key))]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_each(_origin))]
