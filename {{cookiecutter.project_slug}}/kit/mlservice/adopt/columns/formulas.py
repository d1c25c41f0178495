"""Detection of columns of which the target is made: parts of a sum, a difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mlservice.adopt.columns.predictive_power import Floats

ROWS = 2_000  # that a formula is looked for in
EXACT = 1e-6  # share of the variance that a formula may leave
MOST = 1e-3  # the same, where the target is rounded
WIDE = 5  # times the step from one target to the next nearby: a gap
NEAR = 5  # steps on each side
SHOWN = 12  # columns in a formula, as text


@dataclass(frozen=True)
class Formula:
    """Columns that give the target away together, and how, in words."""

    columns: tuple[str, ...]
    said: str


def find(values: Mapping[str, Floats], target: Floats) -> Formula | None:
    """Find columns whose sum or difference, perhaps scaled, is the target.

    `values` maps each column to its numbers, shape (n,), NaN where missing; `target`
    has shape (n,). Rows with a missing cell are left out.
    """
    names = [name for name in values if np.isfinite(values[name]).mean() > 0.5]
    if len(names) < 2:
        return None
    matrix = np.column_stack([values[name] for name in names])
    known = np.isfinite(matrix).all(axis=1) & np.isfinite(target)
    matrix, aim = matrix[known][:ROWS], target[known][:ROWS]
    varied = matrix.std(axis=0) > 0 if len(matrix) else np.zeros(len(names), bool)
    names = [name for name, used in zip(names, varied, strict=True) if used]
    matrix = matrix[:, varied]
    if len(names) < 2 or len(matrix) < 3 * len(names) + 20 or aim.std() == 0:
        return None
    return _all(names, matrix, aim) or _pairs(names, matrix, aim)


def _all(names: list[str], matrix: Any, aim: Floats) -> Formula | None:
    """Fit all columns at once: of an exact sum, the others have no weight."""
    spread, center = matrix.std(axis=0), matrix.mean(axis=0)
    scaled = (matrix - center) / spread
    weights = np.linalg.lstsq(scaled, aim - aim.mean(), rcond=1e-9)[0]
    used = np.abs(weights) > 0.01 * np.abs(weights).max(initial=0)
    if not 2 <= used.sum() <= max(2, len(aim) // 10):
        return None
    factors = weights[used] / spread[used]
    named = [name for name, one in zip(names, used, strict=True) if one]
    return _checked(named, matrix[:, used], factors, aim)


def _pairs(names: list[str], matrix: Any, aim: Floats) -> Formula | None:
    """Try the sum and the difference of each pair, where columns depend on others."""
    if len(names) > 60:
        return None
    for one, other in combinations(range(len(names)), 2):
        both = matrix[:, [one, other]]
        for sign in (1.0, -1.0):
            total = both[:, 0] + sign * both[:, 1]
            if total.std() == 0:
                continue
            factor = np.cov(total, aim)[0, 1] / total.var(ddof=1)
            pair = [names[one], names[other]]
            if found := _checked(pair, both, np.array([factor, sign * factor]), aim):
                return found
    return None


def _checked(
    names: list[str], matrix: Any, factors: Floats, aim: Floats
) -> Formula | None:
    """Return the formula if all factors are of one size and it gives the target."""
    size = float(np.median(np.abs(factors)))
    if size == 0 or np.abs(np.abs(factors) / size - 1).max() > 0.02:
        return None
    total = matrix @ np.sign(factors)
    if total.std() == 0:
        return None
    rest = 1 - float(np.corrcoef(total, aim)[0, 1]) ** 2
    if rest > _rounding(aim):
        return None
    alone = max(np.corrcoef(column, aim)[0, 1] ** 2 for column in matrix.T)
    if 1 - alone < 30 * max(rest, EXACT):  # the others add nothing
        return None
    signs = [" + " if factor > 0 else " - " for factor in factors[:SHOWN]]
    words = "".join(f"{sign}{name}" for sign, name in zip(signs, names, strict=False))
    more = " …" if len(names) > SHOWN else ""
    return Formula(tuple(names), words.removeprefix(" + ").strip() + more)


def _rounding(aim: Floats) -> float:
    """Return the share of the variance that the rounding of the target explains."""
    steps = np.diff(np.unique(aim))
    unit = float(steps.min()) if len(steps) else 0.0
    return float(np.clip(unit**2 / 8 / aim.var(), EXACT, MOST))


def ranges_of(values: pd.Series, target: Floats) -> bool:
    """Return True if each value has its own range of the target, without overlap.

    So it is with the rank, the logarithm or the grade of a target, rounded or not. A
    cause that moves the target, such as a dose, leaves gaps between the ranges.
    `values` (n,) are known numbers or texts, `target` (n,) their numbers.
    """
    order = np.argsort(target, kind="stable")
    codes = pd.factorize(values.to_numpy()[order])[0]
    distinct = int(codes.max()) + 1 if len(codes) else 0
    if distinct < 2 or len(codes) < 5 * distinct or np.sort(np.bincount(codes))[-2] < 5:
        return False
    borders = np.diff(codes) != 0
    if int(borders.sum()) != distinct - 1:
        return False
    steps = np.diff(target[order])
    gaps = [_gap(steps, int(at)) for at in np.flatnonzero(borders)]
    return bool(np.median(gaps) <= WIDE)


def _gap(steps: Floats, at: int) -> float:
    """Return a step between two ranges as a multiple of the steps around it."""
    near = np.concatenate(
        [steps[max(0, at - NEAR) : at], steps[at + 1 : at + 1 + NEAR]]
    )
    usual = np.median(near[near > 0]) if (near > 0).any() else 0.0
    return float(steps[at] / usual) if usual else np.inf
