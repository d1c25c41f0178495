"""What one prediction looks like, and how the model's scores become it."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from .schema import TARGET, Instance

Probability = Annotated[float, Field(ge=0, le=1)]
LAST = TARGET.categories[-1]  # of two classes the positive one
REST = round(0.25 / (len(TARGET.categories) - 1), 6)  # of the example, for each other


class Prediction(BaseModel):
    """The predicted class and the probability of each."""

    label: str = Field(description=TARGET.meaning, examples=[LAST])
    probabilities: dict[str, Probability] = Field(
        examples=[dict.fromkeys(TARGET.categories, REST) | {LAST: 0.75}]
    )


class Decision(BaseModel):
    """The rule from probabilities to a class; travels in the model's manifest."""

    threshold: Probability | None = Field(
        None, description="on the probability of the last class; null: the most likely"
    )

    def __str__(self) -> str:
        """Say it in words, for the model card."""
        if self.threshold is None:
            return "the most probable class"
        return f"{LAST} from a probability of {self.threshold} on"


def decide(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> list[Prediction]:
    """Turn scores of shape (n, k), probabilities by class, into n predictions."""
    predictions = []
    for row in scores.tolist():
        label = TARGET.categories[_chosen(row, decision.threshold)]
        probabilities = {
            name: round(value, 6)
            for name, value in zip(TARGET.categories, row, strict=True)
        }
        predictions.append(
            Prediction(label=label, probabilities=probabilities)
        )
    return predictions


def _chosen(row: Sequence[float], threshold: float | None) -> int:
    """Return the number of the class: by the threshold, or the most probable one."""
    return row.index(max(row)) if threshold is None else int(row[-1] >= threshold)


def tabulate(
    _instances: Sequence[Instance], scores: NDArray[np.float32], decision: Decision
) -> dict[str, NDArray[Any]]:
    """Decide as `decide` does, for files: columns of n values, by name."""
    exact = scores.astype(np.float64)
    if decision.threshold is None:
        chosen = exact.argmax(axis=1)
    else:
        chosen = (exact[:, -1] >= decision.threshold).astype(np.intp)
    shown = zip(TARGET.categories, exact.round(6).T, strict=True)
    probabilities = {f"probability_{name}": values for name, values in shown}
    return {"label": np.array(TARGET.categories)[chosen], **probabilities}


def label_of(prediction: Prediction) -> str:
    """Name the prediction in `predictions_total`: few values, never free text."""
    return prediction.label
