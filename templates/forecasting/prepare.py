"""How checked rows become three parts in order of time, and a part becomes numbers.

A part is a file of instances, each with what was sold afterwards: a rolling origin
(Tashman 2000). The origin moves by `prepare.step` days, which is no multiple of seven:
else each horizon would always fall on the same weekday.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .checks import DataError
from .features import encode, tables
from .params import Prepare
from .parts import Part
from .schema import AHEAD, COLUMNS, FEATURES, KNOWN, LOOK, SHORTEST, Instance

ASKED = [*Instance.model_fields]
LISTS = [feature.name for feature in FEATURES if feature.kind == "series"]
ABSENT: dict[str, Any] = {"product": "all", "group": "", "price": np.nan}
ENOUGH = 5  # products that an interval needs: they are what it resamples


def by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """Call the columns by schema.py's attributes, those that it leaves out, too."""
    known = rows.rename(columns={f.column: f.name for f in COLUMNS})
    return known.assign(**{k: v for k, v in ABSENT.items() if k not in known})


def split(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Make instances for train, validation and test, whose days follow each other.

    Every day that an instance of a part is judged by lies in the days of that part, so
    nothing of a later part is ever seen; histories may reach back into earlier ones.
    """
    rows = by_name(rows)
    if (twice := rows.duplicated(["product", "date"])).any():
        row = int(np.argmax(twice))
        raise DataError(
            f"row {row + 1}: a second row for {rows['product'][row]} on that day"
        )
    units, price = (_calendar(rows, column) for column in ("units", "price"))
    groups = rows.groupby("product")["group"].first()
    test = len(units) - prepare.test_days
    validation = test - prepare.validation_days
    if (
        validation < SHORTEST + AHEAD
        or min(prepare.test_days, prepare.validation_days) < AHEAD
    ):
        raise DataError(f"{len(units)} days are too few for the days of params.yaml")
    ends = {
        "train": (SHORTEST, validation),
        "validation": (validation, test),
        "test": (test, len(units)),
    }
    found = {}
    for name, (first, end) in ends.items():
        days = range(first, end - AHEAD + 1, prepare.step)
        found[name] = pd.DataFrame(list(_windows(units, price, groups, days)))
    return found


def _calendar(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Lay out one column by day and product, NaN where there is no row."""
    table = rows.pivot(index="date", columns="product", values=column)
    return table.reindex(pd.date_range(table.index[0], table.index[-1], freq="D"))


def _windows(
    units: pd.DataFrame,
    price: pd.DataFrame,
    groups: "pd.Series[str]",
    days: range,
) -> Iterator[dict[str, Any]]:
    """Yield an instance of each product for each of the days as the first forecast."""
    for day in days:
        for product in units.columns:
            known = units[product].to_numpy()[max(day - LOOK, 0) : day]
            begin = day - len(known) + int(np.argmax(~np.isnan(known)))
            known = units[product].to_numpy()[begin:day]
            if day - begin < SHORTEST or np.sum(~np.isnan(known)) < KNOWN:
                continue
            yield {
                "product": product,
                "group": groups[product],
                "start": units.index[begin].date(),
                "units": _list(known),
                "price": _list(price[product].to_numpy()[begin : day + AHEAD]),
                "horizon": AHEAD,
                "sold": _list(units[product].to_numpy()[day : day + AHEAD]),
            }


def assemble(part: pd.DataFrame) -> Part:
    """Turn instances into numbers, a row a day whose sales are known.

    The target has two columns: units sold, and the scale that MASE divides by.
    """
    instances = [instance_of(given) for given in part[ASKED].to_dict("records")]
    sold = np.concatenate(
        [np.asarray(given, dtype=np.float64) for given in part["sold"]]
    )
    scale = np.repeat(seasonal_scale(tables(instances)[0]), AHEAD)
    rows, seen = _days(part), ~np.isnan(sold)
    target = np.column_stack([sold, scale])
    places = np.flatnonzero(seen)
    return Part(rows, encode(instances), target, _groups(rows)).take(places)


def instance_of(given: dict[Any, Any]) -> Instance:
    """Make an instance of a row of a part's file, whose lists hold NaN for null."""
    lists = {name: _list(given[name]) for name in LISTS}
    return Instance.model_validate(given | lists, by_alias=False, by_name=True)


def _days(part: pd.DataFrame) -> pd.DataFrame:
    """Give what people slice by: a row for each day of each instance."""
    rows = part[["product", "group"]].loc[part.index.repeat(AHEAD)]
    horizon = np.tile(np.arange(1, AHEAD + 1), len(part))
    first = pd.to_datetime(part["start"]) + pd.to_timedelta(part["units"].map(len), "D")
    date = first.repeat(AHEAD) + pd.to_timedelta(horizon - 1, "D")
    return rows.assign(
        date=date,
        horizon=horizon,
        week=np.where(horizon <= 7, "days 1 to 7", "days 8 to 14"),
        weekday=date.dt.day_name(),
    ).reset_index(drop=True)


def _groups(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Tell which rows depend on each other: all days of a product are one group.

    Its good and bad weeks last longer than a day. Where products are too few to be
    resampled, every two weeks of each are a group: the best that there is.
    """
    products = pd.factorize(rows["product"])[0]
    if products.max() + 1 >= ENOUGH:
        return products
    days = (rows["date"] - rows["date"].min()).dt.days.to_numpy()
    return np.asarray(pd.factorize(days // AHEAD * ENOUGH + products)[0])


def seasonal_scale(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean change from week to week in each history (n, days): shape (n,).

    That is the error of the seasonal-naive forecast within the history, by which MASE
    divides (Hyndman & Koehler 2006); NaN where no two weeks are known.
    """
    change = np.abs(units[:, 7:] - units[:, :-7])
    known = np.sum(~np.isnan(change), axis=1)
    return np.where(known, np.nansum(change, axis=1) / np.maximum(known, 1), np.nan)


def _list(values: Any) -> list[float | None]:
    return [
        None if value is None or np.isnan(value) else float(value) for value in values
    ]
