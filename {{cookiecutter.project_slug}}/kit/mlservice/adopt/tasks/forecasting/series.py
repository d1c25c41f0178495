"""What a table of daily series holds: which column is what, or why it will not do."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from ..errors import UserError
from . import kinds, ranges, readings
from .days import check, span
from .names import nearest
from .plan import Column, Plan, Reading, Wishes
from .sources import Source
from .strings import floats

ORDER = ("date", "product", "group", "price")  # of what is declared
LABELS = 40  # values that the kind of a series may have
AT_LEAST = 1_000_000.0  # bound of what a day may hold
ONLY_THEN = (
    "known only on the day itself, so no forecast can use it; one number that is "
    "planned ahead, such as a price, comes in with KEEP="
)


def plan_for(source: Source, frame: pd.DataFrame, wishes: Wishes) -> Plan:
    """Find out which columns tell day, series, amount, price and kind.

    `frame` are sampled rows, as text; the days themselves are read from all rows. Raise
    UserError with what to do where the table holds no daily series.
    """
    found = {one.column: one for one in kinds.columns_of(frame, wishes)}
    roles = _roles(found, wishes)
    labels = _labels(found, roles) if wishes.group else []
    rows = read(source.chunks(), [*roles, *labels])
    rows = rows[rows["units"].notna()]
    check(rows, wishes)
    kind = _kind(rows, labels)
    columns = sorted([*roles[:-1], *kind], key=lambda one: ORDER.index(one.name))
    used = {one.column for one in (*columns, roles[-1])}
    missing = 1 - len(rows) / span(rows)
    told = f"{missing:.1%} of the days of the series have no row: unknown, not zero"
    return Plan(
        source=source.name,
        form=source.form,
        rows=source.rows or len(rows),
        problem="count" if roles[-1].whole else "number",
        target=_bounded(roles[-1], rows["units"]),
        features=tuple(_fitted(one, rows) for one in columns),
        aside=tuple(_aside(one) for name, one in found.items() if name not in used),
        warnings=(told,) if missing > 0.001 else (),
    )


def read(chunks: Iterable[pd.DataFrame], columns: list[Column]) -> pd.DataFrame:
    """Read these columns of text rows, by their attribute: days, numbers and texts.

    A `clock` tells the time of day; without a column for it every row is of `all`.
    """
    parts = []
    for chunk in chunks:
        cells = {c.name: readings.apply(c.reading, chunk[c.column]) for c in columns}
        parts.append(pd.DataFrame(cells))
    rows = pd.concat(parts, ignore_index=True)
    rows["clock"] = rows["date"].str[11:].replace("00:00:00", "").fillna("")
    rows["date"] = pd.to_datetime(rows["date"].str[:10], format="%Y-%m-%d")
    for name in {"units", "price"}.intersection(rows.columns):
        rows[name] = floats(rows[name])
    return rows if "product" in rows else rows.assign(product="all")


def _roles(found: dict[str, Column], wishes: Wishes) -> list[Column]:
    """Give day, series, planned number and amount, as far as they were named."""
    given = [name for name in (wishes.time, wishes.group, wishes.target) if name]
    if len(set(given)) < len(given):
        raise UserError("TARGET, TIME and GROUP must be different columns")
    dates = [n for n, one in found.items() if one.reading.kind == "date-time"]
    if not wishes.time:
        told = f"such as TIME={dates[0]}" if dates else "but no column holds dates"
        raise UserError(f"say with TIME= which column holds the days, {told}")
    if wishes.time not in dates:
        told = nearest(wishes.time, dates) if dates else "no column holds dates"
        raise UserError(f"TIME={wishes.time} holds no dates; {told}")
    time = replace(
        found[wishes.time],
        name="date",
        declared="day",
        example="2026-03-01",
        warning="",
    )
    planned = [n for n in wishes.keep if _is_number(found[n]) and n not in given]
    roles = [time]
    if wishes.group:
        roles.append(_series(found[wishes.group]))
    roles += [_number(found[name], "KEEP", "price") for name in planned[:1]]
    roles.append(_number(found[wishes.target], "TARGET", "units"))
    for one in roles[1:]:
        if one.column in ("start", "horizon", "product") and one.name != one.column:
            raise UserError(f"rename the column {one.column}: requests use that name")
    return roles


def _is_number(column: Column) -> bool:
    return column.reading.kind == "number" or column.reading.form == "1/0"


def _number(column: Column, word: str, name: str) -> Column:
    """Declare a column as a number; a flag that is 0 or 1 is one."""
    if not _is_number(column):
        what = f"holds no numbers ({column.why})"
        raise UserError(f"{word}={column.column} {what}; choose a column of amounts")
    reading = Reading("number", "plain")
    reading = column.reading if column.reading.kind == "number" else reading
    return replace(column, name=name, declared="number", reading=reading, kind="number")


def _series(column: Column) -> Column:
    return replace(
        column,
        name="product",
        kind="identifier",
        declared="name",
        reading=Reading("text"),
        categories=(),
        example="series-01",
        warning="",
    )


def _labels(found: dict[str, Column], roles: list[Column]) -> list[Column]:
    """Give the columns that may say of which kind a series is; read as they stand."""
    taken = {one.column for one in roles}
    return [
        replace(one, name=f"label {place}", reading=Reading("text"))
        for place, one in enumerate(found.values())
        if one.column not in taken
        and one.declared in ("category", "ordered")
        and len(one.categories) <= LABELS
    ]


def _kind(rows: pd.DataFrame, labels: list[Column]) -> list[Column]:
    """Choose the first label that never changes within a series, if there is one."""
    series = rows.groupby("product")
    for one in labels:
        values = rows[one.name]
        distinct = values.nunique()
        same = values.notna().all() and (series[one.name].nunique() == 1).all()
        if same and 1 < distinct < min(LABELS + 1, series.ngroups):
            why = f"one of {distinct} values, the same on all days of a series"
            known = tuple(sorted(map(str, values.unique())))
            named = replace(one, name="group", kind="category", declared="category")
            return [replace(named, why=why, categories=known, example=known[0])]
    return []


def _fitted(column: Column, rows: pd.DataFrame) -> Column:
    """Say in the plan what all rows showed of a column."""
    if column.name == "date":
        first, last = rows["date"].min(), rows["date"].max()
        return replace(column, why=f"{first:%Y-%m-%d} to {last:%Y-%m-%d}")
    if column.name == "product":
        return replace(column, why=f"names {rows['product'].nunique():,} series")
    if column.name == "group":
        return column
    if (rows["price"] < 0).any():
        name = column.column
        raise UserError(f"KEEP={name} is below 0 in some rows: it must be 0 or above")
    told = "is it really planned 14 days ahead? If not, it gives the answer away"
    known = _bounded(column, rows["price"])
    low = min(0.01, float(rows["price"].min()) / 10)  # no price is 0, a flag may be
    return replace(known, low=low, warning=told, why="planned ahead")


def _bounded(column: Column, values: "pd.Series[float]") -> Column:
    """Bound an amount from 0 to far above what was seen."""
    high = max(AT_LEAST, ranges.bounds(0.0, float(values.max()) * 10, True)[1])
    whole = bool((values.dropna() % 1 == 0).all())
    return replace(column, low=0.0, high=high, whole=whole, categories=(), example=None)


def _aside(column: Column) -> Column:
    why = ONLY_THEN if column.declared else column.why
    return replace(column, declared="", why=why)
