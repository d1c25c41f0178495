"""What one prediction looks like, and how the model's scores become it."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from mlservice.schema.features import target_of
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from .schema import Instance, Record

TARGET = target_of(Record)
Probability = Annotated[float, Field(ge=0, le=1)]
EVEN = round(1 / len(TARGET.categories), 6)


class Prediction(BaseModel):
    """The most probable class and the probability of each."""

    label: str = Field(description=TARGET.meaning, examples=[TARGET.categories[0]])
    review: bool = Field(description="Whether a person should look, so unsure is this")
    probabilities: dict[str, Probability] = Field(
        examples=[dict.fromkeys(TARGET.categories, EVEN)]
    )


class Decision(BaseModel):
    """The rule from probabilities to a prediction; travels in the model's manifest."""

    threshold: Probability = 0.5  # a most probable class below this needs a review


def decide(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores of shape (n, k), probabilities by class, into n predictions."""
    return [
        Prediction(
            label=TARGET.categories[row.index(max(row))],
            review=max(row) < decision.threshold,
            probabilities={
                name: round(value, 6)
                for name, value in zip(TARGET.categories, row, strict=True)
            },
        )
        for row in scores.tolist()
    ]


def tabulate(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> dict[str, NDArray[Any]]:
    """Decide as `decide` does, for files: columns of n values, by name."""
    exact = scores.astype(np.float64)
    label = np.array(TARGET.categories)[exact.argmax(axis=1)]
    review = exact.max(axis=1) < decision.threshold
    shown = zip(TARGET.categories, exact.round(6).T, strict=True)
    probabilities = {f"probability_{name}": values for name, values in shown}
    return {"label": label, "review": review, **probabilities}


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    return prediction.label
