"""Metrics of class probabilities: pure functions.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k). Of
two classes the last is the positive one.

The bootstrap computes each thousands of times: scikit-learn's, which checks its
arguments each time, takes 20 to 200 times as long. Tests compare each with it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from mlservice.arrays import Scores

Labels = NDArray[np.int64]
Counts = NDArray[np.int64]  # (k, k): rows by class (down) and predicted class (across)


def log_loss(labels: Labels, scores: Scores) -> float:
    """Return the mean negative log-likelihood of the labels, in nats (Good 1952)."""
    chosen = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, 1e-7, 1.0)).mean())


def roc_auc(labels: Labels, scores: Scores) -> float:
    """Return the area under the ROC curve; of several classes, the mean of each's.

    Each class against the rest (one-vs-rest), with equal weights. A class without
    rows, or without others, has no such area; if none has one, that is chance: 0.5.
    """
    if scores.shape[1] == 2:
        return area(labels == 1, scores[:, 1])
    given = [k for k in np.unique(labels) if not (labels == k).all()]
    return float(np.mean([area(labels == k, scores[:, k]) for k in given] or [0.5]))


def area(positive: NDArray[np.bool_], scores: Scores) -> float:
    """Return the chance that a positive row is ranked above another (both shape (n,)).

    By the rank sum (Mann & Whitney 1947).
    """
    count = int(positive.sum())
    above = rankdata(scores)[positive].sum() - count * (count + 1) / 2
    return float(above / (count * (len(positive) - count)))


def confusion(labels: Labels, scores: Scores) -> Counts:
    """Count rows by class (down) and most probable class (across), shape (k, k)."""
    k = scores.shape[1]
    pairs = labels * k + scores.argmax(axis=1)
    return np.bincount(pairs, minlength=k**2).reshape(k, k)


def accuracy(labels: Labels, scores: Scores) -> float:
    """Return the share of rows whose most probable class is correct."""
    return float(np.mean(scores.argmax(axis=1) == labels))


def macro_f1(labels: Labels, scores: Scores) -> float:
    """Return the mean F1 over the classes that occur or are predicted."""
    table = confusion(labels, scores)
    found = table.sum(axis=0) + table.sum(axis=1)
    return float(np.mean(2 * np.diag(table)[found > 0] / found[found > 0]))


def pr_auc(labels: Labels, scores: Scores) -> float:
    """Return the average precision (area under the steps), as scikit-learn does."""
    order = np.argsort(-scores[:, 1], kind="stable")
    ranked = scores[order, 1]
    hits = np.cumsum(labels[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each tie
    steps = np.diff(hits[last], prepend=0) / hits[-1]
    return float(np.sum(steps * hits[last] / (last + 1)))


def brier(labels: Labels, scores: Scores) -> float:
    """Return the mean squared difference of probability and outcome (Brier 1950)."""
    return float(np.mean((scores[:, 1] - labels) ** 2))


def rate_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the calibration error of the positive class's probability."""
    return gap_of(scores[:, 1], labels, bins)


def cost_per_row(
    labels: Labels,
    scores: Scores,
    threshold: float,
    *,
    false_negative: float,
    false_positive: float,
) -> float:
    """Return the mean cost per row if one acts from the probability `threshold` on.

    `false_negative` and `false_positive` are the costs of one such mistake.
    """
    acted = scores[:, 1].astype(np.float64) >= threshold  # as the service decides
    missed = np.mean(~acted & (labels == 1)) * false_negative
    needless = np.mean(acted & (labels == 0)) * false_positive
    return float(missed + needless)


def unaided_accuracy(labels: Labels, scores: Scores, threshold: float) -> float:
    """Return the accuracy of rows with a probability of at least `threshold`.

    Return 0 if there are none.
    """
    unaided = scores.max(axis=1) >= threshold
    return accuracy(labels[unaided], scores[unaided]) if unaided.any() else 0.0


def review_threshold(scores: Scores, review_share: float) -> float:
    """Return the probability below which this share of the most probable classes lies.

    Rounded down to four decimals, so that it is not above any of the other rows.
    """
    threshold = float(np.quantile(scores.max(axis=1), review_share))
    return float(np.floor(threshold * 1e4) / 1e4)


def calibration_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the calibration error of the most probable class."""
    promised, right = scores.max(axis=1), scores.argmax(axis=1) == labels
    return gap_of(promised, right, bins)


def gap_of(promised: Scores, happened: NDArray[Any], bins: int = 10) -> float:
    """Return the mean gap between predicted probabilities (n,) and outcomes (n,).

    The expected calibration error, equal-sized bins (Naeini et al. 2015).
    """
    said, found, rows = binned(promised, happened, bins)
    return float(np.average(np.abs(said - found), weights=rows))


def binned(
    promised: Scores, happened: NDArray[Any], bins: int = 10
) -> tuple[Scores, Scores, NDArray[np.int64]]:
    """Return mean probability, share of positive outcomes and rows of each bin.

    Bins have equal size, from the least probable on. If a bin ends among equal
    probabilities, each row counts as their mean: the order of rows does not matter.
    """
    values, tie, copies = np.unique(promised, return_inverse=True, return_counts=True)
    shares = np.bincount(tie, happened) / copies
    found = [each for each in np.array_split(np.sort(tie), bins) if len(each)]
    return (
        np.array([values[each].mean() for each in found]),
        np.array([shares[each].mean() for each in found]),
        np.array([len(each) for each in found]),
    )
