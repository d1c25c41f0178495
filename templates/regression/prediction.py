"""What one prediction looks like, and how the model's scores become it."""

from bisect import bisect
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from .schema import TARGET, Instance

BANDS = (10, 20, 40, 80)  # where the metric's labels change, in the unit of the target


class Range(BaseModel):
    """Where the value will lie, in `decision.coverage` of all cases."""

    low: float = Field(examples=[26.1])
    high: float = Field(examples=[38.4])


class Prediction(BaseModel):
    """The predicted value and the range around it, both in the unit of the target."""

    value: float = Field(description=TARGET.meaning, examples=[TARGET.example])
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
    point for both ends. No price lies outside what schema.py allows.
    """
    ends = scores.astype(np.float64)
    low = np.clip(ends.min(axis=1) - decision.margin, TARGET.low, TARGET.high)
    high = np.clip(ends.max(axis=1) + decision.margin, TARGET.low, TARGET.high)
    return np.minimum(low, high), np.maximum(low, high)


def decide(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores (n, 3), which are point, low and high, into n predictions."""
    low, high = limits(scores, decision)
    values = np.clip(scores[:, 0].astype(np.float64), low, high)
    return [
        Prediction.model_construct(
            value=round(value, 2),
            interval=Range.model_construct(low=round(least, 2), high=round(most, 2)),
        )
        for value, least, most in zip(
            values.tolist(), low.tolist(), high.tolist(), strict=True
        )
    ]


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    band = bisect(BANDS, prediction.value)
    return f"{(0, *BANDS)[band]}+"
