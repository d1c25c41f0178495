"""A toy service that forecasts a series from its history: a row a day, an encoding of its own."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

import numpy as np
from pydantic import BaseModel, Field

from mlservice.errors import NeedsRowByRow, run
from mlservice.process import exit_on_sigterm
from mlservice.schema.declare import Day, Row, category, day, name, number, series
from mlservice.service import Service
from mlservice.serving.app import serve

Units = Annotated[float | None, Field(ge=0, le=1_000_000)]


class Record(Row):
    """One row of the file."""

    date: Day = day("Day of the sales", example="2026-03-01")
    product: str = name("Which product", example="rye bread")
    group: str = category("Kind of product", "bakery", "dairy", example="bakery")
    units: float = number("Units sold", 0, 1_000_000, unit="units", example=31)


class Instance(Row):
    """One product's history."""

    product: str = name("Which product", example="rye bread")
    group: str = category("Kind of product", "bakery", "dairy", example="bakery")
    start: Day = day("First day of the history", example="2026-02-02")
    units: list[Units] = series("Units sold", 7, 60, unit="units", example=[30, 28, None, 33, 41, 52, 24])
    horizon: int = number("Days to forecast", 1, 14, unit="days", example=3)


class Forecast(BaseModel):
    """One value a day."""

    product: str = Field(examples=["rye bread"])
    start: date = Field(examples=["2026-02-09"])
    units: list[float] = Field(examples=[[29.4, 28.1]])


class Factor(BaseModel):
    """What a forecast is multiplied by."""

    factor: float = 1.0


class HistoryEncoding:
    """One matrix row a forecast day: the mean of the history and the horizon."""

    names = ("mean", "horizon")
    derived = ()
    blocks = {"units": slice(0, 1), "horizon": slice(1, 2)}

    def encode(self, instances):
        rows = [
            (np.nanmean(np.array(one.units, dtype=np.float64)), ahead + 1)
            for one in instances
            for ahead in range(one.horizon)
        ]
        return np.array(rows, np.float32).reshape(-1, len(self.names))

    def encode_table(self, _rows):
        raise NeedsRowByRow


def decide(instances, scores, decision):
    """Return one forecast an instance."""
    if not instances:
        return []
    ends = np.cumsum([one.horizon for one in instances])
    parts = np.split(scores[:, 0].astype(np.float64) * decision.factor, ends[:-1])
    return [
        Forecast(
            product=one.product, start=one.start + timedelta(days=len(one.units)), units=np.round(part, 2).tolist()
        )
        for one, part in zip(instances, parts, strict=True)
    ]


def tabulate(instances, scores, decision):
    """Return the forecasts as columns."""
    found = decide(instances, scores, decision)
    return {field: [getattr(one, field) for one in found] for field in ("product", "start", "units")}


def label_of(prediction):
    """Return a band of the mean."""
    return "1+" if np.mean(prediction.units) >= 1 else "0+"


SERVICE = Service(
    name="toy-forecasting",
    version="0.1.0",
    task="forecasting",
    instance=Instance,
    record=Record,
    encoding=HistoryEncoding(),
    prediction=Forecast,
    decision=Factor,
    decide=decide,
    tabulate=tabulate,
    label_of=label_of,
)

if __name__ == "__main__":
    exit_on_sigterm()
    run(partial(serve, SERVICE))
