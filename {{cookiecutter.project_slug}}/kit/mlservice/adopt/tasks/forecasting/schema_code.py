"""Generation of schema.py for daily series, and the figures that it states."""

import math
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mlservice.adopt.plan import Column, Plan
from mlservice.adopt.tasks.forecasting.days import AHEAD, SHORTEST
from mlservice.adopt.tasks.forecasting.series import read
from mlservice.adopt.writers.document_templates import template
from mlservice.adopt.writers.literals import plain, quoted, tidy

WEEK = (0.9, 0.8, 0.85, 1.0, 1.25, 1.7, 0.35)  # of the example, Monday to Sunday
START = "2026-02-02"  # of the example: a Monday
CHECK = """wanted = len(self.units) + self.horizon
        if len(self.price) != wanted:
            raise ValueError(
                f"the list of what is planned has {len(self.price)} values; "
                f"history and horizon need {wanted}"
            )"""


@dataclass(frozen=True)
class Shape:
    """Rounded figures of the series: the only ones that written texts state."""

    series: int
    days: int
    level: float  # of a usual series on a usual day, to two digits
    usual: float  # price

    @property
    def least(self) -> float:
        """Return the level below which a series counts as always 0."""
        return 10.0 ** min(-1, math.floor(math.log10(self.level)) - 2)

    @property
    def digits(self) -> int:
        """Return the decimals of a forecast."""
        return max(2, 2 - math.floor(math.log10(self.level)))


def shape_of(plan: Plan, frame: pd.DataFrame) -> Shape:
    """Compute the figures of sampled rows, as text."""
    wanted = [column for column in plan.columns if column.name != "group"]
    rows = read([frame], wanted)
    rows = rows[rows["units"].notna()]
    levels = rows.groupby("product")["units"].mean()
    price = rows["price"].median() if "price" in rows else 1.0
    return Shape(
        series=rows["product"].nunique(),
        days=(rows["date"].max() - rows["date"].min()).days + 1,
        level=float(f"{levels[levels > 0].median():.2g}"),
        usual=float(f"{price or 1.0:.2g}"),
    )


def role(plan: Plan, name: str) -> Column | None:
    """Return the column with this attribute, or None."""
    return next((one for one in plan.columns if one.name == name), None)


def schema(plan: Plan, shape: Shape) -> str:
    """Return schema.py as text, formatted."""
    product, group, price = (role(plan, name) for name in ("product", "group", "price"))
    target, given = plan.target, example(plan, shape)
    words = {
        "ahead": str(AHEAD),
        "shortest": str(SHORTEST),
        "least": plain(shape.least),
        "digits": str(shape.digits),
        "level": plain(shape.level),
        "high": plain(target.high or 0.0),
        "time": quoted(plan.features[0].column),
        "target": quoted(target.column),
        "target_meaning": quoted(f"{in_words(target)} on that day"),
        "history": _weeks(given[target.column]),
        "history_meaning": quoted(
            f"{in_words(target)} on each day of the history; null where unknown"
        ),
        "product": 'product: ClassVar[str] = "all"  # there is one series',
        "group": 'group: ClassVar[str] = ""  # no kinds of series were found',
        "price": "price: ClassVar[list[float | None]] = [None] * (LONGEST + AHEAD)",
        "price_type": "",
        "price_check": "",
        "record": "",
    }
    if product:
        words["product"] = _field(product, "name", "Which series: no feature")
        words["record"] += words["product"] + "\n    "
    if group:
        words["group"] = _field(group, "category", "Kind of series")
        words["record"] += words["group"] + "\n    "
    if price:
        words |= _priced(price, given[price.column], words["record"])
    text = template("forecasting/schema").substitute(words)
    return tidy(_imports(text))


def _field(column: Column, by: str, meaning: str) -> str:
    """Return the declaration of a text column."""
    values = [meaning, *column.categories]
    return (
        f"{column.name}: str = {by}({', '.join(map(quoted, values))}, "
        f"example={quoted(column.example)}, column={quoted(column.column)})"
    )


def _priced(price: Column, given: Any, record: str) -> dict[str, str]:
    """Return the declarations of a number that is planned ahead."""
    low, high, usual, cut = map(plain, (price.low, price.high, given[0], given[21]))
    names = f'unit="", column={quoted(price.column)}, example='
    days = "on each day of the history, then of the horizon"
    described = quoted(f"{in_words(price)} {days}")
    return {
        "price_type": f"Price = Annotated[float | None, Field(ge={low}, le={high})]\n",
        "record": f"{record}price: float | None = number({quoted(in_words(price))}, "
        f"{low}, {high}, {names}{usual})\n    ",
        "price": f"price: list[Price] = series({described}, SHORTEST + 1, "
        f"LONGEST + AHEAD, {names}[{usual}] * 21 + [{cut}] * 7 + [{usual}] * 7)",
        "price_check": f"{CHECK}\n        ",
    }


def _imports(text: str) -> str:
    """Remove unused imports."""
    for name in ("ClassVar", "category", "name"):
        if not re.search(rf"[:=] {name}[\[(]", text):
            text = re.sub(rf"(import .*?)\b{name}, ", r"\1", text)
    return text


def _weeks(values: Any) -> str:
    """Return four weeks, each as a list."""
    return " + ".join(str(values[at : at + 7]) for at in range(0, 28, 7))


def in_words(column: Column) -> str:
    """Return a column's name for use in a sentence."""
    return " ".join(column.column.split())


def example(plan: Plan, shape: Shape) -> dict[str, Any]:
    """Return the example request of schema.py, by column."""
    digits = 0 if plan.target.whole else shape.digits
    units: list[Any] = [round(shape.level * factor, digits or None) for factor in WEEK]
    given: dict[str, Any] = {
        "product": "series-01",
        "units": [*units, *units[:2], None, *units[3:], *units, *units],
        "horizon": 7,
    }
    names = {one.name: one.column for one in plan.columns}
    if price := role(plan, "price"):
        usual = shape.usual if price.low else 0.0
        cut = float(f"{shape.usual * 0.75:.2g}") if price.low else 1.0
        given["price"] = [usual] * 21 + [cut] * 7 + [usual] * 7
    if group := role(plan, "group"):
        given["group"] = group.example
    names |= {"start": "start", "horizon": "horizon"}
    given["start"] = START
    order = ("product", "group", "start", "units", "price", "horizon")
    return {names[name]: given[name] for name in order if name in names}
