"""Rows from a file: load → check → split by time. Later stages rely on checked rows.

A split is a file of instances, each with what was sold afterwards: a rolling origin
(Tashman 2000). The origin moves by `prepare.step` days, which is no multiple of seven:
else each horizon would always fall on the same weekday.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from mlservice.data import files
from mlservice.data.checks import DataError, check
from mlservice.data.dataset import Dataset
from mlservice.errors import run
from mlservice.evaluation.forecasting import seasonal_scale
from numpy.typing import NDArray

from .features import ENCODING, FEATURES, tables
from .params import Params, Prepare
from .schema import AHEAD, KNOWN, LOOK, SHORTEST, Instance
from .service import SERVICE

ASKED = [*Instance.model_fields]
LISTS = [feature.name for feature in FEATURES if feature.kind == "series"]
ABSENT: dict[str, Any] = {"product": "all", "group": "", "price": np.nan}
ENOUGH = 5  # products that an interval needs: they are what it resamples


def by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """Rename the columns to schema.py's attributes; add those that it leaves out."""
    known = rows.rename(columns={f.column: f.name for f in SERVICE.columns})
    return known.assign(**{k: v for k, v in ABSENT.items() if k not in known})


def split_by_time(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Make instances for train, validation and test, whose days follow each other.

    Every day that an instance of a part is judged by lies in the days of that split, so
    nothing of a later split is ever seen; histories may reach back into earlier ones.
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


def read(name: str) -> Dataset:
    """Read a split as rows, matrix and target: train, validation or test."""
    return assemble(files.read_split(name, SERVICE.columns))


def assemble(split: pd.DataFrame) -> Dataset:
    """Encode the instances of a split, a row a day whose sales are known.

    The target has two columns: units sold, and the scale that MASE divides by.
    """
    instances = [instance_of(given) for given in split[ASKED].to_dict("records")]
    sold = np.concatenate(
        [np.asarray(given, dtype=np.float64) for given in split["sold"]]
    )
    scale = np.repeat(seasonal_scale(tables(instances)[0]), AHEAD)
    rows, seen = _days(split), ~np.isnan(sold)
    target = np.column_stack([sold, scale])
    places = np.flatnonzero(seen)
    matrix = ENCODING.encode(instances)
    periods = np.column_stack([_first_days(rows), rows["date"]])
    return Dataset(rows, matrix, target, _groups(rows), periods).take(places)


def instance_of(given: dict[Any, Any]) -> Instance:
    """Make an instance of a row of a split's file, whose lists hold NaN for null."""
    lists = {name: _list(given[name]) for name in LISTS}
    return Instance.model_validate(given | lists, by_alias=False, by_name=True)


def _days(split: pd.DataFrame) -> pd.DataFrame:
    """Return the columns for slices: a row for each day of each instance."""
    rows = split[["product", "group"]].loc[split.index.repeat(AHEAD)]
    horizon = np.tile(np.arange(1, AHEAD + 1), len(split))
    first = pd.to_datetime(split["start"]) + pd.to_timedelta(
        split["units"].map(len), "D"
    )
    date = first.repeat(AHEAD) + pd.to_timedelta(horizon - 1, "D")
    return rows.assign(
        date=date,
        horizon=horizon,
        week=np.where(horizon <= 7, "days 1 to 7", "days 8 to 14"),
        weekday=date.dt.day_name(),
    ).reset_index(drop=True)


def _first_days(rows: pd.DataFrame) -> "pd.Series[Any]":
    """Return the first day of the forecast that each row belongs to."""
    return rows["date"] - pd.to_timedelta(rows["horizon"] - 1, "D")


def _groups(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return which rows depend on each other: all days of a product are one group.

    Its good and bad weeks last longer than a day. Where products are too few to be
    resampled, every two weeks of each are a group: the best that there is.
    """
    products = pd.factorize(rows["product"])[0]
    if products.max() + 1 >= ENOUGH:
        return products
    days = (rows["date"] - rows["date"].min()).dt.days.to_numpy()
    return np.asarray(pd.factorize(days // AHEAD * ENOUGH + products)[0])


def _list(values: Any) -> list[float | None]:
    return [
        None if value is None or np.isnan(value) else float(value) for value in values
    ]


def main() -> int:
    """Load, check and split the raw rows; write the splits as Parquet."""
    raw = files.load(files.raw_argument(), SERVICE.columns)
    rows = check(raw, SERVICE.columns)
    files.write_splits(split_by_time(rows, Params.load().prepare))
    return 0


if __name__ == "__main__":
    run(main)
