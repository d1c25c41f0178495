"""How good are the scores: pure functions of labels and scores, each with an interval.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, 2).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap, rankdata

from .params import Decision as Costs
from .params import Gate
from .prediction import Decision

Labels = NDArray[np.int64]
Scores = NDArray[np.floating]

ENOUGH = 10  # rows of each class that a slice needs before its metrics mean anything


@dataclass(frozen=True)
class Metric:
    """A figure and its direction."""

    compute: Callable[[Labels, Scores], float]
    greater_is_better: bool
    meaning: str
    inflated: bool = False  # resampling alone raises it


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval."""

    value: float
    low: float
    high: float


def metrics_for(costs: Costs, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; the cost depends on the decision that was chosen."""

    def cost(labels: Labels, scores: Scores) -> float:
        return cost_per_row(labels, scores, costs, decision.threshold)

    return {
        "roc_auc": Metric(
            roc_auc, True, "chance that a leaver is ranked above a stayer"
        ),
        "pr_auc": Metric(pr_auc, True, "average precision over all recalls"),
        "log_loss": Metric(log_loss, False, "surprise at what happened, in nats"),
        "brier": Metric(brier, False, "mean squared error of the probability"),
        "calibration_error": Metric(
            calibration_error, False, "mean gap of promised and observed rates", True
        ),
        "cost": Metric(
            cost, False, "mean cost of a decision, in the currency of params"
        ),
    }


def roc_auc(labels: Labels, scores: Scores) -> float:
    """Return the area under the ROC curve, by the rank sum (Mann & Whitney 1947).

    As scikit-learn's to the last digit (a test says so), and ten times faster: the
    bootstrap asks thousands of times.
    """
    ranks = rankdata(scores[:, 1])
    positive = int(labels.sum())
    above = ranks[labels == 1].sum() - positive * (positive + 1) / 2
    return float(above / (positive * (len(labels) - positive)))


def pr_auc(labels: Labels, scores: Scores) -> float:
    """Return the average precision (area under the steps), as scikit-learn does."""
    order = np.argsort(-scores[:, 1], kind="stable")
    ranked = scores[order, 1]
    hits = np.cumsum(labels[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each tie
    steps = np.diff(hits[last], prepend=0) / hits[-1]
    return float(np.sum(steps * hits[last] / (last + 1)))


def log_loss(labels: Labels, scores: Scores) -> float:
    """Return the mean negative log-likelihood of the labels, in nats (Good 1952)."""
    chosen = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, 1e-7, 1.0)).mean())


def brier(labels: Labels, scores: Scores) -> float:
    """Return the mean squared distance of probability and outcome (Brier 1950)."""
    return float(np.mean((scores[:, 1] - labels) ** 2))


def calibration_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the expected calibration error, equal-sized bins (Naeini et al. 2015)."""
    order = np.argsort(scores[:, 1], kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(scores[part, 1].mean() - labels[part].mean()) for part in parts]
    return float(np.average(gaps, weights=[len(part) for part in parts]))


def cost_per_row(
    labels: Labels, scores: Scores, costs: Costs, threshold: float
) -> float:
    """Return the mean cost, as `costs` give it, of acting from `threshold` upwards."""
    acted = scores[:, 1].astype(np.float64) >= threshold  # as the service decides
    missed = np.mean(~acted & (labels == 1)) * costs.cost_false_negative
    needless = np.mean(acted & (labels == 0)) * costs.cost_false_positive
    return float(missed + needless)


def choose_decision(labels: Labels, scores: Scores, costs: Costs) -> Decision:
    """Choose the threshold, in steps of 0.01, with the least cost on these rows."""
    grid = np.linspace(0.01, 0.99, 99)
    each = [cost_per_row(labels, scores, costs, threshold) for threshold in grid]
    return Decision(threshold=round(float(grid[int(np.argmin(each))]), 2))


def majority(train: Labels, rows: int) -> Scores:
    """Score rows as the majority class would: the training rates for everyone."""
    rate = float(train.mean())
    return np.tile([1 - rate, rate], (rows, 1))


def interval(metric: Metric, labels: Labels, scores: Scores, gate: Gate) -> Interval:
    """Estimate a metric, with the percentile bootstrap of Efron (1979).

    An inflated metric gets the basic interval (Davison & Hinkley 1997), which takes off
    what resampling adds.
    """
    found = _interval(
        lambda rows: metric.compute(labels[rows], scores[rows]), labels, gate
    )
    if not metric.inflated:
        return found
    low, high = 2 * found.value - found.high, 2 * found.value - found.low
    return Interval(found.value, max(low, 0.0), max(high, found.value))


def gain(
    metric: Metric,
    labels: Labels,
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

    def difference(rows: NDArray[np.int64]) -> float:
        ours = metric.compute(labels[rows], scores[rows])
        other = theirs.compute(labels[rows], rival[rows])
        return sign * (ours - other) + 0.0  # no "-0.0000" in a report

    return _interval(difference, labels, gate)


def enough(labels: Labels) -> bool:
    """Whether these rows hold enough of each class for the metrics to mean anything."""
    return bool(np.bincount(labels, minlength=2).min() >= ENOUGH)


def _interval(
    statistic: Callable[[NDArray[np.int64]], float], labels: Labels, gate: Gate
) -> Interval:
    rows = np.arange(len(labels))
    result = bootstrap(
        (rows,),
        statistic,
        n_resamples=gate.resamples,
        confidence_level=gate.confidence,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(gate.seed),
    ).confidence_interval
    return Interval(statistic(rows), float(result.low), float(result.high))
