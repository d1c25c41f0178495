"""Confidence intervals of metrics by the bootstrap.

Groups are resampled, not rows (Davison & Hinkley 1997, section 3.8): the rows of a
group depend on each other, so one more row is no new evidence. If each row is a group
of its own, that is the usual bootstrap of Efron (1979).
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
    """A metric and its direction; None if neither more nor less is better."""

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


def interval(metric: Metric, dataset: Dataset, scores: Scores, gate: Gate) -> Interval:
    """Estimate a metric, with the percentile interval of the bootstrap.

    An inflated metric gets the basic interval (Davison & Hinkley 1997), which subtracts
    what resampling adds.
    """
    found = estimate(
        lambda rows: metric.compute(dataset.target[rows], scores[rows]), dataset, gate
    )
    if not metric.inflated:
        return found
    low, high = 2 * found.value - found.high, 2 * found.value - found.low
    return Interval(found.value, max(low, 0.0), max(high, found.value))


def gain(
    metric: Metric,
    dataset: Dataset,
    scores: Scores,
    rival: Scores,
    gate: Gate,
    *,
    rival_metric: Metric | None = None,
) -> Interval:
    """Estimate the gain of `scores` over `rival`, paired: on the same resamples.

    `rival_metric` is the metric with the rival's decision, if that is another one.
    """

    def on(rows: Positions) -> float:
        target = dataset.target[rows]
        return advantage(metric, target, scores[rows], rival[rows], rival_metric)

    return estimate(on, dataset, gate)


def advantage(
    metric: Metric,
    target: Target,
    scores: Scores,
    rival: Scores,
    rival_metric: Metric | None = None,
) -> float:
    """Return how much better `scores` are than `rival`; below 0 they are worse."""
    ours = metric.compute(target, scores)
    other = (rival_metric or metric).compute(target, rival)
    sign = 1 if metric.greater_is_better else -1
    return sign * (ours - other) + 0.0  # no "-0.0000" in a report


def estimate(
    statistic: Callable[[Positions], float], dataset: Dataset, gate: Gate
) -> Interval:
    """Estimate any statistic of the rows at given positions, with its interval.

    The spread of one group alone is unknown: both ends are the estimate.
    """
    order = np.argsort(dataset.groups, kind="stable")
    _, starts, sizes = np.unique(
        dataset.groups[order], return_index=True, return_counts=True
    )

    def of_groups(picked: Positions) -> float:
        """Compute the statistic on the rows of these groups."""
        size = sizes[picked]
        first = np.repeat(starts[picked] - (size.cumsum() - size), size)
        return statistic(order[first + np.arange(size.sum())])

    value = statistic(np.arange(len(dataset.groups)))
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
