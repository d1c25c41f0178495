"""What one prediction looks like, and how the model's scores become it."""

import math
from bisect import bisect
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from .schema import TARGET, Instance

assert TARGET.low is not None and TARGET.high is not None, "a target has bounds"
LOW, HIGH = TARGET.low, TARGET.high  # of every answer, in the unit of the target
DIGITS = max(0, 5 - math.ceil(math.log10(HIGH - LOW)))  # of 0 … 1000: cents
BANDS = [  # where the metric's labels change: five of equal width
    round(LOW + part / 5 * (HIGH - LOW), DIGITS) for part in range(5)
]


def _example(share: float) -> float:
    """Give the schema's example, moved by a share of all that is possible."""
    moved = float(TARGET.example) + share * (HIGH - LOW)
    return round(min(max(moved, LOW), HIGH), DIGITS)


class Range(BaseModel):
    """Where the value will lie, in `decision.coverage` of all cases."""

    low: float = Field(examples=[_example(-0.01)])
    high: float = Field(examples=[_example(0.01)])


class Prediction(BaseModel):
    """The predicted value and the range around it, both in the unit of the target."""

    value: float = Field(description=TARGET.meaning, examples=[_example(0)])
    interval: Range


class Decision(BaseModel):
    """How much both ends of the interval move out; travels in the model's manifest.

    A negative margin narrows it.
    """

    margin: float = 0.0


def limits(
    scores: NDArray[np.floating], decision: Decision
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both ends of the interval, each (n,), for scores (n, 1) or (n, 3).

    Columns are point, low, high; each was fitted for itself, so they may cross: the
    least is the low end (Chernozhukov et al. 2010). A model of a point alone has that
    point for both ends. No answer lies outside what schema.py allows.
    """
    ends = scores.astype(np.float64)
    low = np.clip(ends.min(axis=1) - decision.margin, LOW, HIGH)
    high = np.clip(ends.max(axis=1) + decision.margin, LOW, HIGH)
    return np.minimum(low, high), np.maximum(low, high)


def decide(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores (n, 3), which are point, low and high, into n predictions."""
    columns = tabulate(_instances, scores, decision).values()
    return [
        Prediction(
            value=value, interval=Range(low=least, high=most)
        )
        for value, least, most in zip(*map(np.ndarray.tolist, columns), strict=True)
    ]


def tabulate(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> dict[str, NDArray[np.float64]]:
    """Decide as `decide` does, for files: columns of n values, by name."""
    low, high = limits(scores, decision)
    values = np.clip(scores[:, 0].astype(np.float64), low, high)
    return {
        "value": _rounded(values),
        "interval_low": _rounded(low),
        "interval_high": _rounded(high),
    }


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    band = bisect(BANDS[1:], prediction.value)
    return f"{BANDS[band]:.15g}+"


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round as an answer shows it; rounding must not leave what is possible."""
    return np.clip(values.round(DIGITS), LOW, HIGH)
