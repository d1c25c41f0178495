"""Maps from a classifier's logits to probabilities, in NumPy and in ONNX.

Logits have shape (n, 1) for two classes, the log odds of the last, and (n, k) for
several. Several classes are calibrated one against the rest, then divided by their sum.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from mlservice.model import calibrators_onnx as onnx
from mlservice.model.calibrators_onnx import LEAST

Floats = NDArray[np.floating]
Labels = NDArray[np.int64]


class Calibrator(Protocol):
    """A map of logits to probabilities, fitted on held-out logits and labels (n,)."""

    def __init__(self, logits: Floats, labels: Labels) -> None:
        """Fit the map."""

    def apply(self, logits: Floats) -> Floats:
        """Return probabilities, shape (n, k)."""

    def to_onnx(self, logits: Any, version: int) -> Any:
        """Return the ONNX operators that do the same."""


class NoCalibration:
    """Probabilities as the classifier gives them."""

    def __init__(self, logits: Floats, _labels: Labels) -> None:
        """Learn nothing but the number of logits."""
        self._width = logits.shape[1]

    def apply(self, logits: Floats) -> Floats:
        """Return probabilities, shape (n, k)."""
        return softmax(logits, axis=1) if self._width > 1 else _both(expit(logits))

    def to_onnx(self, logits: Any, version: int) -> Any:
        """Return the ONNX operators that do the same."""
        return onnx.probabilities(logits, self._width, version)


class Sigmoid:
    """A sigmoid of the log odds (Platt 1999), with slope and intercept by class."""

    def __init__(self, logits: Floats, labels: Labels) -> None:
        """Fit each class's slope and intercept by maximum likelihood.

        As in Platt's article, an outcome counts as a little less than certain, by less
        the more rows there are: the slope stays finite where classes are separable.
        """
        lines = [_line(*case) for case in _one_against_rest(logits, labels)]
        self.slopes, self.intercepts = np.transpose(lines)

    def apply(self, logits: Floats) -> Floats:
        """Return probabilities, shape (n, k)."""
        return _joined(expit(log_odds(logits) * self.slopes + self.intercepts))

    def to_onnx(self, logits: Any, version: int) -> Any:
        """Return the ONNX operators that do the same."""
        return onnx.sigmoid(logits, self.slopes, self.intercepts, version)


class Isotonic:
    """Isotonic regression on the log odds, linear between the centres of its steps.

    This centred variant (Oron & Flournoy 2017) keeps the order of the rows. So that no
    outcome gets probability 0 or 1, one row more is positive at the lowest log odds,
    and one negative at the highest.
    """

    def __init__(self, logits: Floats, labels: Labels) -> None:
        """Fit the steps of each class."""
        self.curves = [_steps(*case) for case in _one_against_rest(logits, labels)]

    def apply(self, logits: Floats) -> Floats:
        """Return probabilities, shape (n, k)."""
        each = zip(log_odds(logits).T, self.curves, strict=True)
        return _joined(np.transpose([np.interp(odds, *curve) for odds, curve in each]))

    def to_onnx(self, logits: Any, version: int) -> Any:
        """Return the ONNX operators that do the same."""
        return onnx.isotonic(logits, self.curves, version)


CALIBRATORS: dict[str, type[Calibrator]] = {
    "none": NoCalibration,
    "sigmoid": Sigmoid,
    "isotonic": Isotonic,
}


def log_odds(logits: Floats) -> Floats:
    """Return each class's log odds against the rest, shape as the logits."""
    if logits.shape[1] == 1:
        return logits
    given = softmax(logits.astype(np.float64), axis=1)
    rest = given @ (1 - np.eye(given.shape[1]))  # not 1 - given: that would cancel
    odds: Floats = np.log(np.maximum(given, LEAST)) - np.log(np.maximum(rest, LEAST))
    return odds


def _one_against_rest(
    logits: Floats, labels: Labels
) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
    """Yield for each class which rows have it, and its log odds; of two, the last."""
    first = 1 if logits.shape[1] == 1 else 0
    for k, odds in enumerate(log_odds(logits).T, start=first):
        yield labels == k, odds


def _line(positive: NDArray[np.bool_], odds: Floats) -> tuple[float, float]:
    count, rows = positive.sum(), len(positive)
    likely = np.where(positive, (count + 1) / (count + 2), 1 / (rows - count + 2))
    fitted = LogisticRegression(C=np.inf).fit(
        np.concatenate([odds, odds])[:, np.newaxis],
        np.repeat([1, 0], rows),
        sample_weight=np.concatenate([likely, 1 - likely]),
    )
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _steps(positive: NDArray[np.bool_], odds: Floats) -> tuple[Floats, Floats]:
    """Return the centre of each step and the share of positive rows there."""
    odds = np.concatenate([[odds.min()], odds, [odds.max()]])
    outcomes = np.concatenate([[1.0], positive, [0.0]])
    each, place, rows = np.unique(odds, return_inverse=True, return_counts=True)
    found = isotonic_regression(np.bincount(place, outcomes) / rows, weights=rows)
    starts = found.blocks[:-1]
    centres = np.add.reduceat(each * rows, starts) / found.weights
    return centres, found.x[starts]


def _joined(given: Floats) -> Floats:
    if given.shape[1] == 1:
        return _both(given)
    shares: Floats = given / given.sum(axis=1, keepdims=True)
    return shares


def _both(positive: Floats) -> Floats:
    return np.hstack([1 - positive, positive])
