"""Predictions that toy services of several tasks share."""

import numpy as np
from pydantic import BaseModel, Field


class Label(BaseModel):
    """The most probable class and the probability of each."""

    label: str = Field(examples=["yes"])
    probabilities: dict[str, float] = Field(examples=[{"no": 0.25, "yes": 0.75}])


class Threshold(BaseModel):
    """The probability of the last class from which on it is predicted."""

    threshold: float = 0.5


class Classes:
    """The functions of a service whose target has these categories."""

    def __init__(self, *categories):
        self.categories = categories

    def decide(self, _instances, scores, decision):
        return [
            Label(
                label=self._label(row, decision),
                probabilities={k: round(v, 6) for k, v in zip(self.categories, row, strict=True)},
            )
            for row in scores.tolist()
        ]

    def tabulate(self, _instances, scores, decision):
        exact = scores.astype(np.float64)
        columns = {f"probability_{k}": values for k, values in zip(self.categories, exact.round(6).T, strict=True)}
        return {"label": np.array([self._label(row, decision) for row in exact.tolist()]), **columns}

    def _label(self, row, decision):
        if len(row) == 2:
            return self.categories[int(row[1] >= decision.threshold)]
        return self.categories[row.index(max(row))]


def label_of(prediction):
    """Return the label, for the metric of predictions."""
    return prediction.label
