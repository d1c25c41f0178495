"""Every figure with its confidence interval: the bootstrap that all tasks share.

Whole groups are resampled (Davison & Hinkley 1997, section 3.8): the rows of a group
depend on each other, so one row is no new evidence. Where each row is a group of its
own, that is the usual bootstrap of Efron (1979).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import bootstrap

from mlservice.arrays import Positions, Scores, Target
from mlservice.data.dataset import Dataset
from mlservice.params import Gate


@dataclass(frozen=True)
class Metric:
    """A figure and its direction; None: it tells something, but more is no better."""

    compute: Callable[[Target, Scores], float]
    greater_is_better: bool | None
    meaning: str
    inflated: bool = False  # resampling alone raises it


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval."""

    value: float
    low: float
    high: float


def interval(metric: Metric, part: Dataset, scores: Scores, gate: Gate) -> Interval:
    """Estimate a metric, with the percentile interval of the bootstrap.

    An inflated metric gets the basic interval (Davison & Hinkley 1997), which takes off
    what resampling adds.
    """
    found = estimate(
        lambda rows: metric.compute(part.target[rows], scores[rows]), part, gate
    )
    if not metric.inflated:
        return found
    low, high = 2 * found.value - found.high, 2 * found.value - found.low
    return Interval(found.value, max(low, 0.0), max(high, found.value))


def gain(
    metric: Metric,
    part: Dataset,
    scores: Scores,
    rival: Scores,
    gate: Gate,
    *,
    theirs: Metric | None = None,
) -> Interval:
    """Estimate by how much `scores` beat `rival`, paired: on the same resamples.

    `theirs` is the metric with the rival's own decision, where that is another.
    """
    theirs = theirs or metric
    sign = 1 if metric.greater_is_better else -1

    def difference(rows: Positions) -> float:
        ours = metric.compute(part.target[rows], scores[rows])
        other = theirs.compute(part.target[rows], rival[rows])
        return sign * (ours - other) + 0.0  # no "-0.0000" in a report

    return estimate(difference, part, gate)


def estimate(
    statistic: Callable[[Positions], float], part: Dataset, gate: Gate
) -> Interval:
    """Estimate any figure of the examples at given places, with its interval.

    One group alone tells nothing of the spread: it gets the estimate for both ends.
    """
    order = np.argsort(part.groups, kind="stable")
    _, starts, sizes = np.unique(
        part.groups[order], return_index=True, return_counts=True
    )

    def of_groups(picked: Positions) -> float:
        """Compute on the rows of the groups picked, one after the other."""
        size = sizes[picked]
        first = np.repeat(starts[picked] - (size.cumsum() - size), size)
        return statistic(order[first + np.arange(size.sum())])

    value = statistic(np.arange(len(part.groups)))
    if len(starts) == 1:
        return Interval(value, value, value)
    result = bootstrap(
        (np.arange(len(starts)),),
        of_groups,
        n_resamples=gate.resamples,
        confidence_level=gate.confidence,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(gate.seed),
    ).confidence_interval
    return Interval(value, float(result.low), float(result.high))
