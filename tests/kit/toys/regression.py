"""A toy service that predicts a number with an interval."""

from functools import partial

import numpy as np
from pydantic import BaseModel, Field

from mlservice.encoding.table import TableEncoding
from mlservice.errors import run
from mlservice.process import exit_on_sigterm
from mlservice.schema.declare import Row, category, number
from mlservice.service import Service
from mlservice.serving.app import serve


class Instance(Row):
    """One ride."""

    distance: float = number("Length of the route", 0.2, 80, unit="km", example=7.4)
    minutes: float | None = number("Time in traffic", 1, 240, unit="min", example=21.0)
    hour: int = number("Hour of the pick-up", 0, 23, unit="hour", example=18)
    vehicle: str = category("Class of the car", "economy", "comfort", example="comfort")


class Record(Instance):
    """One row of the file."""

    price: float = number("Price of the ride", 0, 1_000, unit="EUR", example=31.5)


class Interval(BaseModel):
    """The predicted value, between a low and a high one."""

    value: float = Field(examples=[31.5])
    low: float = Field(examples=[28.0])
    high: float = Field(examples=[36.0])


class Margin(BaseModel):
    """How much both ends of the interval move out."""

    margin: float = 0.0


def tabulate(_instances, scores, decision):
    """Return value, low and high, each (n,)."""
    exact = scores.astype(np.float64)
    low, high = exact.min(axis=1) - decision.margin, exact.max(axis=1) + decision.margin
    return {"value": exact[:, 0].round(2), "low": low.round(2), "high": high.round(2)}


def decide(instances, scores, decision):
    """Return one interval an instance."""
    columns = tabulate(instances, scores, decision)
    return [Interval(value=v, low=low, high=high) for v, low, high in zip(*columns.values(), strict=True)]


def label_of(prediction):
    """Return a band of the value."""
    return "1+" if prediction.value >= 1 else "0+"


SERVICE = Service(
    name="toy-regression",
    version="0.1.0",
    task="regression",
    instance=Instance,
    record=Record,
    encoding=TableEncoding(Instance),
    prediction=Interval,
    decision=Margin,
    decide=decide,
    tabulate=tabulate,
    label_of=label_of,
)

if __name__ == "__main__":
    exit_on_sigterm()
    run(partial(serve, SERVICE))
