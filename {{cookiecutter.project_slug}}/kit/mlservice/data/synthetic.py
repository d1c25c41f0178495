"""Synthetic rows in the shape of schema.py, with a target that some columns determine.

A sample.py that adopting wrote draws with these. No value is taken from real rows:
numbers are uniform within their bounds, categories equally frequent, texts made of a
few words.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlservice.schema.encoders import BAG_OF_WORDS, BUCKET, DATE_TIME, HASHED
from mlservice.schema.features import Feature

NAMES = tuple(f"value-{number}" for number in range(1, 41))  # of a hashed column
STEEPNESS = 0.3  # share of a numeric target's range for one unit of truth
VOCABULARY = (
    "apple bread chair cloud corner door east field garden green hill house lake "
    "letter light market morning north paper river road south stone summer table tree "
    "village water west window winter yellow"
).split()
LENGTH = 16  # words of a text
SPAN = timedelta(days=730)  # of dates, up to the end of the example's year
NOISE = 0.1  # standard deviation; that of the truth is near 0.45
WAVES = 3  # of a cause, so that no shallow tree on it alone predicts the target

Values = NDArray[np.float64]
Draw = Callable[[Feature, int, np.random.Generator], Any]


def draw(
    features: Sequence[Feature], rows: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw n rows of the features, each column independently and none missing."""
    return pd.DataFrame({f.column: DRAWS[kind(f)](f, rows, rng) for f in features})


def truth(
    frame: pd.DataFrame, features: Sequence[Feature], causes: Sequence[str]
) -> Values:
    """Return the truth that determines the target, shape (n,), mostly in [-1, 1].

    Each cause adds its relative position in its range, with a wave on top: the truth
    rises from end to end, and falls in between.
    """
    by_name = {feature.column: feature for feature in features}
    places = [place(by_name[cause], frame[cause]) for cause in causes]
    parts = [at - 0.5 + np.sin(2 * np.pi * WAVES * at) / 2 for at in places]
    return np.asarray(np.sum(parts, axis=0) / math.sqrt(len(causes)))


def place(feature: Feature, values: "pd.Series[Any]") -> Values:
    """Return the position of each value between the least (0) and the greatest (1)."""
    return PLACES[kind(feature)](feature, values)


def hide(
    frame: pd.DataFrame, missing: Mapping[str, float], rng: np.random.Generator
) -> pd.DataFrame:
    """Remove the given share of each column's values."""
    hidden = {name: rng.random(len(frame)) < share for name, share in missing.items()}
    columns = {name: frame[name] for name in frame}
    return pd.DataFrame(
        columns | {name: frame[name].mask(rows) for name, rows in hidden.items()}
    )


def kind(feature: Feature) -> str:
    """Return the kind of a feature, that of its encoder if it has one."""
    return ENCODED[feature.encoder] if feature.encoder else feature.kind


def numbers(feature: Feature, at: Values) -> Any:
    """Convert positions in [0, 1] to values of a number, rounded to few digits."""
    low, high = float(feature.low or 0), float(feature.high or 0)
    values = low + at * (high - low)
    if feature.whole:
        whole = np.clip(np.rint(values), math.ceil(low), math.floor(high))
        return pd.array(whole, dtype="Int64")  # stays whole beside missing ones
    digits = 3 - math.floor(math.log10(high - low))
    return np.clip(values.round(digits), low, high) if abs(digits) < 20 else values


def class_outcome(target: Feature, truth: Values) -> "pd.Series[str]":
    """Divide the truth, shape (n,), into classes of equal size, in order."""
    ranks = truth.argsort().argsort() * len(target.categories) // len(truth)
    classes = np.asarray(target.categories, dtype=object)[ranks]
    return pd.Series(classes, name=target.column)


def number_outcome(target: Feature, truth: Values) -> "pd.Series[float]":
    """Convert the truth, shape (n,), to values within the target's bounds."""
    positions = np.clip(0.5 + STEEPNESS * truth, 0, 1)
    return pd.Series(numbers(target, positions), name=target.column)


def _number(feature: Feature, rows: int, rng: np.random.Generator) -> Any:
    return numbers(feature, rng.random(rows))


def _flag(_: Feature, rows: int, rng: np.random.Generator) -> Any:
    return pd.array(rng.random(rows) < 0.5, dtype="boolean")


def _category(feature: Feature, rows: int, rng: np.random.Generator) -> Any:
    return rng.choice(np.asarray(feature.categories, dtype=object), rows)


def _hashed(_: Feature, rows: int, rng: np.random.Generator) -> Any:
    return rng.choice(np.asarray(NAMES, dtype=object), rows)


def _date_time(feature: Feature, rows: int, rng: np.random.Generator) -> Any:
    start, form = _start(feature), "%Y-%m-%d" + "T%H:%M:%S" * ("T" in feature.example)
    seconds = rng.random(rows) * SPAN.total_seconds()
    return [(start + timedelta(seconds=at)).strftime(form) for at in seconds]


def _start(feature: Feature) -> datetime:
    return datetime(datetime.fromisoformat(feature.example).year + 1, 1, 1) - SPAN


def _words(_: Feature, rows: int, rng: np.random.Generator) -> Any:
    return [" ".join(words) for words in rng.choice(VOCABULARY, (rows, LENGTH))]


def _at_number(feature: Feature, values: "pd.Series[Any]") -> Values:
    low, high = float(feature.low or 0), float(feature.high or 0)
    return np.asarray((values.to_numpy(np.float64) - low) / (high - low))


def _at_flag(_: Feature, values: "pd.Series[Any]") -> Values:
    return values.to_numpy(np.float64)


def _at_category(feature: Feature, values: "pd.Series[Any]") -> Values:
    return _among(feature.categories, values)


def _at_hashed(_: Feature, values: "pd.Series[Any]") -> Values:
    return _among(NAMES, values)


def _among(names: Sequence[str], values: "pd.Series[Any]") -> Values:
    ranks = {name: at / max(len(names) - 1, 1) for at, name in enumerate(names)}
    return np.asarray([ranks[value] for value in values], dtype=np.float64)


def _at_date_time(feature: Feature, values: "pd.Series[Any]") -> Values:
    start = _start(feature)
    places = [(datetime.fromisoformat(text) - start) / SPAN for text in values]
    return np.asarray(places, dtype=np.float64)


def _at_words(_: Feature, values: "pd.Series[Any]") -> Values:
    found = [VOCABULARY[0] in text.split() for text in values]
    return np.asarray(found, dtype=np.float64)


ENCODED = {
    BUCKET: "hashed",
    HASHED: "hashed",
    DATE_TIME: "date_time",
    BAG_OF_WORDS: "bag_of_words",
}
DRAWS: dict[str, Draw] = {
    "number": _number,
    "flag": _flag,
    "category": _category,
    "hashed": _hashed,
    "date_time": _date_time,
    "bag_of_words": _words,
}
PLACES: dict[str, Callable[[Feature, "pd.Series[Any]"], Values]] = {
    "number": _at_number,
    "flag": _at_flag,
    "category": _at_category,
    "hashed": _at_hashed,
    "date_time": _at_date_time,
    "bag_of_words": _at_words,
}
