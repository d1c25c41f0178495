"""What one prediction looks like, and how the model's scores become it."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from .schema import TARGET, Instance

Probability = Annotated[float, Field(ge=0, le=1)]


class Prediction(BaseModel):
    """The predicted class and the probability of each."""

    label: str = Field(description=TARGET.meaning, examples=[TARGET.categories[-1]])
    probabilities: dict[str, Probability] = Field(
        examples=[dict(zip(TARGET.categories, (0.25, 0.75), strict=True))]
    )


class Decision(BaseModel):
    """The rule from probabilities to a class; travels in the model's manifest."""

    threshold: Probability = 0.5  # on the probability of the last, the positive class


def decide(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores of shape (n, 2), probabilities by class, into n predictions."""
    predictions = []
    for row in scores.tolist():
        label = TARGET.categories[row[-1] >= decision.threshold]
        probabilities = {
            name: round(value, 6)
            for name, value in zip(TARGET.categories, row, strict=True)
        }
        predictions.append(
            Prediction.model_construct(label=label, probabilities=probabilities)
        )
    return predictions


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    return prediction.label
