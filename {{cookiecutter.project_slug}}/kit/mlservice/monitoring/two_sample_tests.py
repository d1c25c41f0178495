"""Tests of a window's column against its reference, and effect sizes.

A test says whether a difference may be chance; an effect size says how large it is.

The same reference is used again and again, and it is a sample itself: a deviation of
its own would be found in each window. Each test therefore allows for the reference's
error, at 99 %, so that the p-values hold given the reference.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mlservice.data.profile import Levels, Numbers, Profile

BINS = 10  # of the population stability index
POOLED = 5  # expected rows, below which levels are counted together (Cochran 1954)
LEVEL = 0.99  # of the allowance for the reference's error
Z, KOLMOGOROV = float(stats.norm.ppf(1 - (1 - LEVEL) / 2)), 1.628  # its quantiles

Table = NDArray[np.float64]  # (2, levels): counts of the reference and of the window


class Drift(NamedTuple):
    """Comparison of one column with its reference."""

    p_values: dict[str, float]  # by test
    psi: float  # population stability index
    psi_without_drift: float  # its expectation if nothing has drifted
    shift: float  # Wasserstein distance, in the column's unit; NaN for texts
    missing: float  # share of the window's rows
    unknown: float  # share of the window's values that the reference does not have


def drift(reference: Profile, window: Profile) -> Drift:
    """Compare a window with the reference; both have the same edges or levels."""
    p_values = {"missing": missing_test(reference, window)}
    if isinstance(reference, Numbers) and isinstance(window, Numbers):
        p_values["distribution"] = kolmogorov_smirnov(reference, window)
        p_values["ranks"] = rank_test(reference, window)
        table, shift = _bins(reference, window), wasserstein(reference, window)
        unknown = float(window.counts[-1] / max(window.rows, 1))  # above all others
    else:
        assert isinstance(reference, Levels) and isinstance(window, Levels)
        table, shift = _table(reference, window), float("nan")
        p_values["levels"] = chi_squared(table)
        unknown = _unknown(reference, window)
    return Drift(
        p_values=p_values,
        psi=stability_index(table),
        psi_without_drift=expected_index(table),
        shift=shift,
        missing=window.missing / max(window.rows + window.missing, 1),
        unknown=unknown,
    )


def kolmogorov_smirnov(reference: Numbers, window: Numbers) -> float:
    """Return the p-value of equal distribution functions at the edges.

    The largest difference at the edges is at most that of all values: the test errs on
    the side of no drift. Limiting distribution with the correction of Stephens (1970);
    the allowance is the band of Kolmogorov (1933) around the reference.
    """
    if not reference.rows or not window.rows:
        return 1.0
    first, second = (np.cumsum(each.counts) / each.rows for each in (reference, window))
    allowed = KOLMOGOROV / np.sqrt(reference.rows)
    distance = max(0.0, float(np.abs(first - second).max()) - allowed)
    root = np.sqrt(window.rows)
    return float(stats.kstwobign.sf((root + 0.12 + 0.11 / root) * distance))


def rank_test(reference: Numbers, window: Numbers) -> float:
    """Return the p-value of equal mean ranks (Mann & Whitney 1947), two-sided.

    More powerful than the distribution's test where all values move in one direction.
    """
    if not reference.rows or not window.rows:
        return 1.0
    ranks = (np.cumsum(reference.counts) - 0.5 * reference.counts) / reference.rows
    known = reference.counts / reference.rows
    mean = float(np.sum(ranks * known))
    variance = float(np.sum(np.square(ranks - mean) * known))
    difference = abs(float(np.sum(ranks * window.counts)) / window.rows - mean)
    if variance <= 0:
        return 1.0
    error = np.sqrt(variance / window.rows)
    allowed = Z * np.sqrt(variance / reference.rows)
    return float(2 * stats.norm.sf(max(0.0, difference - allowed) / error))


def chi_squared(table: Table) -> float:
    """Return the p-value of the reference's shares in the window (Pearson 1900).

    Levels of which too few rows are expected are counted together. The reference's
    error makes the statistic noncentral, at most by its own quantile over the rows.
    """
    known, rows = table[0] + 0.5, table.sum(axis=1)
    if not rows.all() or len(known) < 2:
        return 1.0
    expected = known / known.sum() * rows[1]
    rare = expected < POOLED
    found = np.append(table[1][~rare], table[1][rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    found, expected = found[expected > 0], expected[expected > 0]
    freedom = len(found) - 1
    if not freedom:
        return 1.0
    statistic = float(np.sum(np.square(found - expected) / expected))
    noncentral = rows[1] / rows[0] * float(stats.chi2.ppf(LEVEL, freedom))
    return float(stats.ncx2.sf(statistic, freedom, noncentral))


def missing_test(reference: Profile, window: Profile) -> float:
    """Return the p-value of the reference's share of missing values, two-sided.

    The binomial distribution, with the ends of the interval of Clopper & Pearson (1934)
    for the reference's share.
    """
    rows = window.rows + window.missing
    if not rows or not reference.rows + reference.missing:
        return 1.0
    tail = (1 - LEVEL) / 2
    low = stats.beta.ppf(tail, reference.missing, reference.rows + 1)
    high = stats.beta.ppf(1 - tail, reference.missing + 1, reference.rows)
    more = stats.binom.sf(window.missing - 1, rows, high if reference.rows else 1.0)
    fewer = stats.binom.cdf(window.missing, rows, low if reference.missing else 0.0)
    return float(min(1.0, 2 * min(more, fewer)))


def wasserstein(reference: Numbers, window: Numbers) -> float:
    """Return the distance of the two distributions between the edges, in their unit.

    Values beyond the first and the last edge count as that edge.
    """
    if not reference.rows or not window.rows or len(reference.edges) < 2:
        return 0.0
    first, second = (
        np.cumsum(each.counts)[:-2] / each.rows for each in (reference, window)
    )
    return float(np.sum(np.abs(first - second) * np.diff(reference.edges)))


def stability_index(table: Table) -> float:
    """Return the population stability index, a symmetric divergence of two counts.

    Half a row is added to each bin, so that an empty one does not make it infinite.
    """
    if not table.sum(axis=1).all():
        return 0.0
    shares = (table + 0.5) / (table + 0.5).sum(axis=1, keepdims=True)
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))


def expected_index(table: Table) -> float:
    """Return the index's mean without drift: (bins - 1)(1/n + 1/m).

    The index is nearly chi-squared (Yurdakul & Naranjo 2020).
    """
    rows = np.maximum(table.sum(axis=1), 1)
    return float((table.shape[1] - 1) * (1 / rows).sum())


def _table(reference: Levels, window: Levels) -> Table:
    levels = [*{**reference.counts, **window.counts}]
    counts = [[e.counts.get(level, 0) for level in levels] for e in (reference, window)]
    return np.array(counts, float).reshape(2, -1)


def _bins(reference: Numbers, window: Numbers) -> Table:
    """Count both in bins of about equal size of the reference."""
    before = np.cumsum(reference.counts) - 0.5 * reference.counts
    number = (before / max(reference.rows, 1) * BINS).astype(int).clip(0, BINS - 1)
    found = np.stack(
        [np.bincount(number, each.counts, BINS) for each in (reference, window)]
    )
    table: Table = found[:, found.sum(axis=0) > 0].astype(float)
    return table


def _unknown(reference: Levels, window: Levels) -> float:
    known = {level for level, count in reference.counts.items() if count}
    found = sum(count for level, count in window.counts.items() if level not in known)
    return found / max(window.rows, 1)
