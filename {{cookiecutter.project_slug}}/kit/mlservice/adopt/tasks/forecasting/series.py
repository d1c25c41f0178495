"""Inference of a plan for a table of daily series: the role of each column."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from mlservice.adopt.columns import kinds, ranges, readings
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.names import nearest
from mlservice.adopt.plan import Column, Options, Plan, Reading
from mlservice.adopt.sources import Source
from mlservice.adopt.tasks.forecasting.days import check, span
from mlservice.errors import UserError

ORDER = ("date", "product", "group", "price")  # of the declarations
LABELS = 40  # distinct values of the group of a series, at most
AT_LEAST = 1_000_000.0  # upper bound of a day's amount
ONLY_THEN = (
    "known only on the day itself, so no forecast can use it; one number that is "
    "planned ahead, such as a price, comes in with KEEP="
)


def plan_for(source: Source, frame: pd.DataFrame, options: Options) -> Plan:
    """Infer which columns hold day, series, amount, price and group.

    `frame` holds sampled rows, as text; the days are read from all rows. Raise
    UserError where the table holds no daily series.
    """
    found = {one.column: one for one in kinds.columns_of(frame, options)}
    roles = _roles(found, options)
    labels = _labels(found, roles) if options.group else []
    rows = read(source.chunks(), [*roles, *labels])
    rows = rows[rows["units"].notna()]
    check(rows, options)
    group = _group(rows, labels)
    columns = sorted([*roles[:-1], *group], key=lambda one: ORDER.index(one.name))
    used = {one.column for one in (*columns, roles[-1])}
    missing = 1 - len(rows) / span(rows)
    warning = f"{missing:.1%} of the days of the series have no row: unknown, not zero"
    return Plan(
        source=source.name,
        form=source.form,
        rows=source.rows or len(rows),
        problem="count" if roles[-1].whole else "number",
        target=_bounded(roles[-1], rows["units"]),
        features=tuple(_fitted(one, rows) for one in columns),
        aside=tuple(_aside(one) for name, one in found.items() if name not in used),
        warnings=(warning,) if missing > 0.001 else (),
    )


def read(chunks: Iterable[pd.DataFrame], columns: list[Column]) -> pd.DataFrame:
    """Read these columns of text rows, by attribute: days, numbers and texts.

    `clock` holds the time of day. Without a column `product`, all rows are of "all".
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


def _roles(found: dict[str, Column], options: Options) -> list[Column]:
    """Return the columns of day, series, planned number and amount, as named."""
    given = [name for name in (options.time, options.group, options.target) if name]
    if len(set(given)) < len(given):
        raise UserError("TARGET, TIME and GROUP must be different columns")
    dates = [n for n, one in found.items() if one.reading.kind == "date-time"]
    if not options.time:
        hint = f"such as TIME={dates[0]}" if dates else "but no column holds dates"
        raise UserError(f"say with TIME= which column holds the days, {hint}")
    if options.time not in dates:
        hint = nearest(options.time, dates) if dates else "no column holds dates"
        raise UserError(f"TIME={options.time} holds no dates; {hint}")
    time = replace(
        found[options.time],
        name="date",
        declared="day",
        example="2026-03-01",
        warning="",
    )
    planned = [n for n in options.keep if _is_number(found[n]) and n not in given]
    roles = [time]
    if options.group:
        roles.append(_series(found[options.group]))
    roles += [_number(found[name], "KEEP", "price") for name in planned[:1]]
    roles.append(_number(found[options.target], "TARGET", "units"))
    for one in roles[1:]:
        if one.column in ("start", "horizon", "product") and one.name != one.column:
            raise UserError(f"rename the column {one.column}: requests use that name")
    return roles


def _is_number(column: Column) -> bool:
    return column.reading.kind == "number" or column.reading.form == "1/0"


def _number(column: Column, word: str, name: str) -> Column:
    """Declare a column as a number; a flag of 0 and 1 counts as one."""
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
    """Return the columns that may be the group of a series; read as text."""
    taken = {one.column for one in roles}
    return [
        replace(one, name=f"label {place}", reading=Reading("text"))
        for place, one in enumerate(found.values())
        if one.column not in taken
        and one.declared in ("category", "ordered")
        and len(one.categories) <= LABELS
    ]


def _group(rows: pd.DataFrame, labels: list[Column]) -> list[Column]:
    """Return the first label that is constant within every series, if there is one."""
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
    """Add to a column what all rows show of it."""
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
    doubt = "is it really planned 14 days ahead? If not, it gives the answer away"
    known = _bounded(column, rows["price"])
    low = min(0.01, float(rows["price"].min()) / 10)  # no price is 0, a flag may be
    return replace(known, low=low, warning=doubt, why="planned ahead")


def _bounded(column: Column, values: "pd.Series[float]") -> Column:
    """Bound an amount from 0 to far above the observed values."""
    high = max(AT_LEAST, ranges.bounds(0.0, float(values.max()) * 10, True)[1])
    whole = bool((values.dropna() % 1 == 0).all())
    return replace(column, low=0.0, high=high, whole=whole, categories=(), example=None)


def _aside(column: Column) -> Column:
    why = ONLY_THEN if column.declared else column.why
    return replace(column, declared="", why=why)
