"""The contract: a row of the file, and what a request holds. All else derives from it.

The file has one row a product and day. A request has one product's whole history, so
that the service keeps nothing: `data.py` makes such instances from the rows, and
both go through the same `encode`. The code knows attributes; `column=` gives a column
another name in files and requests.
"""

from typing import Annotated, Self

from mlservice.schema.declare import Day, Row, category, day, name, number, series
from pydantic import Field, model_validator

AHEAD = 14  # days, the farthest that a forecast reaches
SHORTEST = 14  # days of history that a request must hold
LONGEST = 400  # days of it that a request may hold
LOOK = 91  # days of it that count: thirteen weeks, so that a column is a weekday
KNOWN = 7  # days of those whose units must be known
LEAST = 0.1  # units a day: the level of a product that sold nothing
DIGITS = 2  # decimals of a forecast

Units = Annotated[float | None, Field(ge=0, le=1_000_000)]
Price = Annotated[float | None, Field(ge=0.01, le=100_000)]


class Record(Row):
    """One row of the file: what one product sold on one day, and at which price."""

    date: Day = day(
        "Day of the sales; a day without a row is unknown", example="2026-03-01"
    )
    product: str = name("Which product", example="rye bread")
    group: str = category(
        "Kind of product", "bakery", "dairy", "drinks", "produce", example="bakery"
    )
    price: float = number("Price on the shelf", 0.01, 100_000, unit="EUR", example=3.2)
    units: float = number("Units sold", 0, 1_000_000, unit="units", example=31)


class Instance(Row):
    """One product, as known on the evening before the first day of the forecast."""

    product: str = name("Which product; told back, no feature", example="rye bread")
    group: str = category(
        "Kind of product", "bakery", "dairy", "drinks", "produce", example="bakery"
    )
    start: Day = day("First day of the history", example="2026-02-02")
    units: list[Units] = series(
        "Units sold on each day of the history; null where unknown",
        SHORTEST,
        LONGEST,
        unit="units",
        example=[30, 28, 29, 33, 41, 52, 24, 31, 27, None, 34, 43, 55, 22]
        + [29, 30, 28, 36, 40, 51, 25, 48, 46, 45, 52, 61, 80, 36],
    )
    price: list[Price] = series(
        "Price on each day of the history, then of the horizon; null: the usual one",
        SHORTEST + 1,
        LONGEST + AHEAD,
        unit="EUR",
        example=[3.2] * 21 + [2.4] * 7 + [3.2] * 7,
    )
    horizon: int = number(
        "Days to forecast, beginning after the history",
        1,
        AHEAD,
        unit="days",
        example=7,
    )

    @model_validator(mode="after")
    def lists_fit(self) -> Self:
        """Refuse lists of days that do not belong together."""
        wanted = len(self.units) + self.horizon
        if len(self.price) != wanted:
            raise ValueError(
                f"price has {len(self.price)} values; units and horizon need {wanted}"
            )
        if sum(value is not None for value in self.units[-LOOK:]) < KNOWN:
            raise ValueError(f"fewer than {KNOWN} of the last {LOOK} units are known")
        return self
