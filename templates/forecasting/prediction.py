"""What one prediction looks like, and how the model's scores become it."""

from bisect import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from .schema import DIGITS, FEATURES, Instance

COLUMN = {feature.name: feature.column for feature in FEATURES}
SHOWN = {feature.name: feature.example for feature in FEATURES}
BANDS = (1, 10, 100, 1_000)  # units a day, where the metric's labels change


class Prediction(BaseModel):
    """One value a day, under the names that the request has."""

    model_config = ConfigDict(
        alias_generator=lambda name: COLUMN.get(name, name),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    product: str = Field(
        description="As it was sent", examples=[SHOWN.get("product", "all")]
    )
    start: date = Field(description="First day of the forecast, after the history")
    units: list[float] = Field(description="Units on each day", examples=[[29.4, 28.1]])


class Decision(BaseModel):
    """What a forecast is multiplied by; travels in the model's manifest."""

    factor: float = Field(1.0, gt=0)


def decide(
    instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores (sum of horizons, 1), in units, into one prediction an instance."""
    corrected = scores[:, 0].astype(np.float64) * decision.factor
    units = np.round(corrected, DIGITS).tolist()
    predictions, done = [], 0
    for instance in instances:
        end = done + instance.horizon
        predictions.append(
            Prediction.model_construct(
                product=instance.product,
                start=instance.start + timedelta(days=len(instance.units)),
                units=units[done:end],
            )
        )
        done = end
    return predictions


def tabulate(
    instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> dict[str, list[Any]]:
    """Decide as `decide` does, for files: columns of n values, by name."""
    found = decide(instances, scores, decision)
    return {
        COLUMN.get(name, name): [getattr(each, name) for each in found]
        for name in [*Prediction.model_fields]
    }


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    mean = sum(prediction.units) / len(prediction.units)
    return f"{(0, *BANDS)[bisect(BANDS, mean)]}+"
