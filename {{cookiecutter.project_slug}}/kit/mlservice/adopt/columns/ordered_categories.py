"""Detection of ordered categories: low < medium < high, 18-25 < 26-35 < 65+."""

import re
from collections.abc import Callable, Iterable

from mlservice.adopt.columns.known_orders import SCALES

NUMBER = r"[$€£]?\s*(-?\d[\d,]*(?:\.\d+)?)\s*(k|m|%)?"
UNIT = r"(?:\s*[a-z]+)*"
UNDER = re.compile(rf"(?:<=?|≤|under|below|up to|less than)\s*{NUMBER}{UNIT}")
BETWEEN = re.compile(rf"[\[(]?{NUMBER}{UNIT}\s*(?:-|–|to|,)\s*{NUMBER}{UNIT}[\])]?")
ABOVE = re.compile(
    rf"(?:>=?|≥|over|above|more than)\s*{NUMBER}{UNIT}"
    rf"|{NUMBER}\s*(?:\+{UNIT}|{UNIT} and (?:over|older|above|more)|or more{UNIT})"
)
EXACTLY = re.compile(NUMBER + UNIT)
NUMBERED = re.compile(r"(\d+)\s*[-.:)]\s*[^\W\d].*")
LEVEL = re.compile(
    r"(?:level|grade|stage|tier|rank|phase|step|class|week|day|month|year|quarter|term|"
    r"semester|wave|round|band|quartile|quintile|decile)\s*(\d+)"
)

Key = Callable[[str], float | None]


def scale(values: Iterable[str]) -> tuple[str, ...]:
    """Sort values by their evident order, lowest first; return () if there is none."""
    texts = sorted(values)
    if len(texts) < 2:
        return ()
    if found := _known(texts):
        return found
    ranges = [value for value in texts if not EXACTLY.fullmatch(value.lower())]
    keys: list[Key] = [_numbered, _level]
    if len(ranges) >= 2:
        keys.append(_range)
    return next(filter(None, (_sorted(texts, key) for key in keys)), ())


def stable(values: Iterable[str]) -> tuple[str, ...]:
    """Sort values without an order: as numbers if all are numbers, else as text."""
    texts = sorted(values)
    try:
        return tuple(sorted(texts, key=float))
    except ValueError:
        return tuple(texts)


def _known(texts: list[str]) -> tuple[str, ...]:
    """Return the values in the order of the first known scale that has them all."""
    plain = [plainly(text) for text in texts]
    if len(texts) < 3 and all(len(word) <= 2 for word in plain):
        return ()  # M and S are sizes, or married and single
    for ranks in SCALES:
        keys = {text: ranks.get(word) for text, word in zip(texts, plain, strict=True)}
        if found := _sorted(texts, keys.get):
            return found
    return ()


def plainly(text: str) -> str:
    """Normalise a category: lower case, each run of punctuation as one space."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _sorted(texts: list[str], key: Key) -> tuple[str, ...]:
    """Sort by the key; return () if a key is missing or occurs twice."""
    keys = [key(text) for text in texts]
    known = {
        found: text
        for found, text in zip(keys, texts, strict=True)
        if found is not None
    }
    return tuple(known[k] for k in sorted(known)) if len(known) == len(texts) else ()


def _numbered(text: str) -> float | None:
    found = NUMBERED.fullmatch(text)
    return float(found[1]) if found else None


def _level(text: str) -> float | None:
    found = LEVEL.fullmatch(plainly(text))
    return float(found[1]) if found else None


def _range(text: str) -> float | None:
    """Return a sort key for a range: its low end, or a value next to its only end."""
    text = text.lower().strip()
    if found := BETWEEN.fullmatch(text):
        low, high = _number(found[1], found[2] or found[4]), _number(found[3], found[4])
        return low if low < high else None
    if found := UNDER.fullmatch(text):
        return _number(found[1], found[2]) - 1e9
    if found := ABOVE.fullmatch(text):
        digits, size = (found[1], found[2]) if found[1] else (found[3], found[4])
        return _number(digits, size) + 1e-6
    if found := EXACTLY.fullmatch(text):
        return _number(found[1], found[2])
    return None


def _number(digits: str, size: str | None) -> float:
    return float(digits.replace(",", "")) * {"k": 1e3, "m": 1e6}.get(size or "", 1.0)
