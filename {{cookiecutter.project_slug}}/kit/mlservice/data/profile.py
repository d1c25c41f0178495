"""Profile of a column: a compact description of its values, as a drift reference.

Numbers are counted between quantiles of the reference, texts by value. Profiles of one
reference add up, so that files of any length are read in constant memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EDGES = 500  # quantiles; a column of fewer values has an edge at each
LEVELS = 200  # values of a text column; rarer ones are counted together
OTHER = "(other)"


@dataclass(frozen=True)
class Numbers:
    """Counts of numbers up to each edge, and of those above the last one.

    `counts` (edges + 1,): those in (previous edge, edge]; edges (k,) ascend.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    missing: int = 0
    total: float = 0.0  # sum of the values
    squares: float = 0.0  # sum of their squares

    @property
    def rows(self) -> int:
        """Return the number of values, without missing ones."""
        return int(self.counts.sum())

    @property
    def mean(self) -> float:
        """Return the mean, 0 without values."""
        return self.total / max(self.rows, 1)

    @property
    def deviation(self) -> float:
        """Return the standard deviation, 0 without values."""
        variance = self.squares / max(self.rows, 1) - self.mean**2
        return float(np.sqrt(max(variance, 0.0)))

    def __add__(self, other: "Numbers") -> "Numbers":
        """Add the counts of another profile that has the same edges."""
        return Numbers(
            self.edges,
            self.counts + other.counts,
            self.missing + other.missing,
            self.total + other.total,
            self.squares + other.squares,
        )


@dataclass(frozen=True)
class Levels:
    """Counts of the values of a text column; `(other)` are those not listed."""

    counts: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0

    @property
    def rows(self) -> int:
        """Return the number of values, without missing ones."""
        return sum(self.counts.values())

    def __add__(self, other: "Levels") -> "Levels":
        """Add the counts of another profile that has the same levels."""
        counts = {
            level: self.counts.get(level, 0) + other.counts.get(level, 0)
            for level in {**self.counts, **other.counts}
        }
        return Levels(counts, self.missing + other.missing)


Profile = Numbers | Levels


def profile(values: "pd.Series[Any]") -> Profile:
    """Return the profile of a reference's column: of numbers, or of texts."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        known = np.unique(finite(values))
        if len(known) > EDGES:
            shares = np.linspace(0, 1, EDGES)
            known = np.unique(np.quantile(finite(values), shares, method="lower"))
        return profile_like(Numbers(known, np.zeros(len(known) + 1, np.int64)), values)
    levels = values.dropna().map(as_text).value_counts().index[:LEVELS]
    return profile_like(Levels(dict.fromkeys(levels, 0)), values)


def profile_like(reference: Profile, values: "pd.Series[Any]") -> Profile:
    """Return the profile of other values, with the edges or levels of a reference."""
    if isinstance(reference, Numbers):
        found = finite(values)
        places = np.searchsorted(reference.edges, found, side="left")
        counts = np.bincount(places, minlength=len(reference.edges) + 1)
        missing = len(values) - len(found)
        total, squares = float(found.sum()), float(np.square(found).sum())
        return Numbers(reference.edges, counts, missing, total, squares)
    known = values.dropna().map(as_text).value_counts()
    listed = {level: int(known.get(level, 0)) for level in reference.counts}
    listed.pop(OTHER, None)
    rest = int(known.sum()) - sum(listed.values())
    return Levels({**listed, OTHER: rest}, int(values.isna().sum()))


def added(first: Profile, second: Profile) -> Profile:
    """Add two profiles of one reference."""
    if isinstance(first, Numbers) and isinstance(second, Numbers):
        return first + second
    assert isinstance(first, Levels) and isinstance(second, Levels)
    return first + second


def finite(values: "pd.Series[Any]") -> NDArray[np.float64]:
    """Return the values that are finite numbers."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    known: NDArray[np.float64] = numbers[np.isfinite(numbers)]
    return known


def as_text(value: Any) -> str:
    """Return a value as a level: true and false as JSON has them."""
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def to_plain(found: Profile) -> dict[str, Any]:
    """Return a profile as plain data for JSON."""
    if isinstance(found, Levels):
        return {"levels": dict(found.counts), "missing": found.missing}
    return {
        "edges": found.edges.tolist(),
        "counts": found.counts.tolist(),
        "missing": found.missing,
        "total": found.total,
        "squares": found.squares,
    }


def from_plain(found: Mapping[str, Any]) -> Profile:
    """Return the profile that `to_plain` has written."""
    if "levels" in found:
        return Levels(found["levels"], found["missing"])
    return Numbers(
        np.asarray(found["edges"], np.float64),
        np.asarray(found["counts"], np.int64),
        found["missing"],
        found["total"],
        found["squares"],
    )
