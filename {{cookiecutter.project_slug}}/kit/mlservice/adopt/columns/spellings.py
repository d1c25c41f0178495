"""Spellings of one category: yes, Yes and YES."""

import pandas as pd

from mlservice.adopt.columns import yes_no

Words = tuple[tuple[str, str], ...]
SHOWN = 6


def folded(counts: pd.Series, always: bool = False) -> Words:
    """Map each spelling in lower case to the most frequent one of the same letters.

    `counts` maps each text to its frequency, the most frequent first. Return () if no
    two texts differ in case and spaces alone, unless `always`.
    """
    chosen: dict[str, str] = {}
    for text in map(str, counts.index):
        chosen.setdefault(key_of(text), text)
    several = len(chosen) < len(counts)
    return tuple(chosen.items()) if several or always else ()


def yes_and_no(form: str, counts: pd.Series) -> Words:
    """Map each word of a form of yes and no to the form's own two words."""
    names = form.removesuffix(yes_no.MIXED).split("/")
    true, false = yes_no.words_of(form)
    written = {str(text).lower(): str(text) for text in reversed(counts.index)}
    yes, no = (written.get(name, name) for name in names)
    return tuple([(word, yes) for word in true] + [(word, no) for word in false])


def key_of(text: str) -> str:
    """Return a text in lower case, with single spaces."""
    return " ".join(text.split()).lower()


def apply(words: Words, text: pd.Series) -> pd.Series:
    """Replace each known spelling; other texts stay as they are."""
    known = dict(words)
    keys = {one: known.get(key_of(one), one) for one in text.dropna().unique()}
    return text.map(keys).astype("string[pyarrow]")


def said(words: Words, counts: pd.Series) -> str:
    """Return a warning that names the spellings that were joined, or ""."""
    known, groups = dict(words), dict[str, list[str]]()
    for text in map(str, counts.index):
        groups.setdefault(known.get(key_of(text), text), []).append(f"'{text}'")
    joined = [", ".join(group[:SHOWN]) for group in groups.values() if len(group) > 1]
    return f"one value each: {'; '.join(joined[:SHOWN])}" if joined else ""
