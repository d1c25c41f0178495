"""Splits by a column of the raw file: the latest rows, or whole groups of rows.

The column need not be a feature. A row that recurs later, or in another group, is
another event: it stays where its own time or group puts it.
"""

import reprlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlservice.data.checks import DataError
from mlservice.data.dataset import GROUP, groups_of, target_values
from mlservice.params import RowSplit
from mlservice.schema.features import Feature

NAMES = ("train", "validation", "test")
LEAST = (5, 1, 1)  # rows of each class in them: calibration needs some in each fold
FEWEST_GROUPS = 10

Parts = NDArray[np.intp]  # position in NAMES of each of n rows, (n,)


def split(
    rows: pd.DataFrame,
    features: Sequence[Feature],
    target: Feature,
    params: RowSplit,
    raw: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Split rows by a column of `raw`, as `params` says; see `split_rows`."""
    if params.column not in raw.columns:
        raise DataError(
            f"prepare.column: there is no column {params.column!r} in the raw file, or "
            "data.py does not pass the raw rows to split_rows"
        )
    values = raw[params.column].reset_index(drop=True)
    classes = np.zeros(len(rows), dtype=np.int64)
    if target.kind == "category":
        classes = target_values(rows, target)
    if params.split == "time":
        found = by_time(values, params)
        if absent := int((values.isna() | (values == "")).sum()):
            print(f"{absent:,} rows without {params.column} are training rows")
    else:
        rows = rows.assign(**{GROUP: numbered(values, groups_of(rows, features))})
        found = by_group(rows[GROUP].to_numpy(), classes, params)
    refuse_absent(found, classes, target.categories, params)
    return {
        name: rows[found == at].reset_index(drop=True) for at, name in enumerate(NAMES)
    }


def by_time(values: "pd.Series[Any]", params: RowSplit) -> Parts:
    """Split n rows by their moments, the latest into test; equal moments stay together.

    Rows without a moment are training rows: nobody can say whether they came later.
    """
    ranks = moments(values, params.column).rank()  # equal moments: their mean rank
    before = (ranks - 0.5) / max(ranks.count(), 1)
    return _parts(np.asarray(before, dtype=np.float64), params)


def moments(values: "pd.Series[Any]", column: str) -> "pd.Series[Any]":
    """Parse n cells as numbers, or else as date-times; raise DataError naming a row."""
    types = pd.api.types
    if types.is_numeric_dtype(values) or types.is_datetime64_any_dtype(values):
        return values
    values = values.mask(values == "")
    numbers = pd.to_numeric(values, errors="coerce")
    times = pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")
    found: pd.Series[Any] = numbers if numbers.count() > times.count() else times
    wrong = np.flatnonzero(values.notna() & found.isna())
    if len(wrong):
        cell = reprlib.repr(values.iloc[wrong[0]])
        raise DataError(
            f"row {wrong[0] + 1}, column {column}: {cell} is neither a number nor a "
            "date-time such as 2026-03-01T09:30:00, as others are"
        )
    return found


def numbered(values: "pd.Series[Any]", equal: NDArray[Any]) -> NDArray[np.int64]:
    """Return the group of each of n rows, (n,); of those without one, equal rows."""
    groups = pd.factorize(values.mask(values == ""))[0].astype(np.int64)
    alone = groups < 0
    groups[alone] = groups.max() + 1 + pd.factorize(equal[alone])[0]
    return groups


def by_group(
    groups: NDArray[np.int64], classes: NDArray[np.int64], params: RowSplit
) -> Parts:
    """Split n rows by their groups, each class in the same shares as far as possible.

    Of several random draws the one is taken whose shares of rows are nearest to those
    that are asked for, over all classes. Raise DataError if there are too few groups.
    """
    sizes = np.bincount(groups)
    if len(sizes) < FEWEST_GROUPS:
        raise DataError(
            f"column {params.column} has {len(sizes)} different values: a split by "
            f"group needs {FEWEST_GROUPS}; choose another column, or split: random"
        )
    rng = np.random.default_rng(params.seed)
    found = [_drawn(groups, sizes, params, rng) for _ in range(_draws(len(groups)))]
    return min(found, key=lambda parts: _error(parts, classes, params))


def _draws(rows: int) -> int:
    return max(5, min(200, 2_000_000 // rows))  # many rows are alike in every draw


def _drawn(
    groups: NDArray[np.int64],
    sizes: NDArray[np.intp],
    params: RowSplit,
    rng: np.random.Generator,
) -> Parts:
    """Draw the groups of each split, in random order, by the shares of the rows."""
    order = rng.permutation(len(sizes))
    before = np.empty(len(sizes))
    before[order] = (np.cumsum(sizes[order]) - sizes[order] / 2) / len(groups)
    return _parts(before, params)[groups]


def _parts(before: NDArray[np.float64], params: RowSplit) -> Parts:
    """Return the split of rows by the share of the rows before them; NaN: train."""
    later = before > 1 - params.validation_share - params.test_share
    return later.astype(np.intp) + (before > 1 - params.test_share)


def _error(parts: Parts, classes: NDArray[np.int64], params: RowSplit) -> float:
    """Return the largest difference of a class's share in a split from the asked."""
    number = classes.max() + 1
    counts = np.bincount(parts * number + classes, minlength=3 * number)
    counts = counts.reshape(3, number)
    shares = (counts / np.maximum(counts.sum(axis=0), 1))[1:, counts.any(axis=0)]
    return float(np.abs(shares.T - [params.validation_share, params.test_share]).max())


def refuse_absent(
    parts: Parts,
    classes: NDArray[np.int64],
    names: Sequence[str],
    params: RowSplit,
    fewest: Sequence[int] = LEAST,
) -> None:
    """Raise DataError where a split has too few rows, of a class if there are any."""
    for at, least in enumerate(fewest):
        counts = np.bincount(classes[parts == at], minlength=max(len(names), 1))
        few = int(counts.argmin())
        if counts[few] < least:
            which = f" of class {names[few]!r}" if names else ""
            raise DataError(
                f"split: {params.split} by {params.column} leaves {counts[few]} rows"
                f"{which} to {NAMES[at]}: {least} are needed; choose other shares, or "
                "split: random"
            )
