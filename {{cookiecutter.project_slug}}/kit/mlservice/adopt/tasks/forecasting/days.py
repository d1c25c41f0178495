"""Checks that a table holds daily series, and enough days to train on."""

import pandas as pd

from mlservice.adopt.plan import Options
from mlservice.errors import UserError
from mlservice.schema.declare import MAX_TEXT

AHEAD = 14  # days, the farthest that a forecast reaches
SHORTEST = 14  # days of history that a request must hold
ENOUGH = 5  # series, below which the split resamples spans of two weeks
TRAINING = 2 * (SHORTEST + AHEAD)  # days, the fewest to learn from
MOST_VALIDATION, MOST_TEST = 42, 84  # days: six weeks, and twelve
SUM = (
    "sum them first, say with pandas: frame[{time!r}] = pd.to_datetime(frame[{time!r}])"
    ".dt.date; frame.groupby({keys}, as_index=False)[{target!r}].sum()"
)


def check(rows: pd.DataFrame, options: Options) -> None:
    """Raise UserError unless there is one row per series and day, on enough days."""
    target, time, group = options.target, options.time, options.group
    keys = [key for key in (group, time) if key]
    summed = SUM.format(time=time, keys=keys, target=target)
    if rows.empty:
        raise UserError(f"TARGET={target}: no row holds a number")
    if lost := int(rows[["date", "product"]].isna().any(axis=1).sum()):
        which = " or ".join(keys)
        raise UserError(f"{lost:,} rows have no {which}: fill them in or remove them")
    if below := int((rows["units"] < 0).sum()):
        raise UserError(
            f"TARGET={target} is below 0 in {below:,} rows: series are forecast as "
            "ratios to a level; leave such rows out, or choose an amount"
        )
    if rows["units"].nunique() == 1:
        raise UserError(f"TARGET={target} is the same in every row")
    if rows["product"].str.len().max() > MAX_TEXT:
        raise UserError(f"GROUP={group} holds names of more than {MAX_TEXT} characters")
    if twice := int(rows.duplicated(["product", "date"], keep=False).sum()):
        hint = "" if group else "; name what tells series apart with GROUP=, or"
        raise UserError(
            f"{twice:,} of {len(rows):,} rows share {' and '.join(keys)} with another, "
            f"but a series has one row a day{hint or ':'} {summed}"
        )
    if (rows["clock"] != "").any():
        raise UserError(f"TIME={time} holds times of day; keep the day, or {summed}")
    _check_days(rows, time)


def _check_days(rows: pd.DataFrame, time: str) -> None:
    """Raise UserError unless the rows are consecutive days, and enough of them."""
    steps = rows.sort_values("date").groupby("product")["date"].diff().dt.days.dropna()
    if not steps.empty and (apart := steps.median()) > 1:
        raise UserError(
            f"rows are {apart:.0f} days apart in {time}: this task forecasts days; if "
            "a day without a row means 0, add those rows"
        )
    days = (rows["date"].max() - rows["date"].min()).days + 1
    series = rows["product"].nunique()
    least = TRAINING + sum(fewest(series))
    if days < least:
        raise UserError(f"{days} days are too few: {least} are needed at least")


def fewest(series: int) -> tuple[int, int]:
    """Return the minimum days of the validation and test splits for so many series."""
    return AHEAD, AHEAD if series >= ENOUGH else (ENOUGH + 1) * AHEAD


def splits(days: int, series: int) -> tuple[int, int]:
    """Return the days of the validation and test splits: whole weeks, about a fifth."""
    validation, test = fewest(series)
    weeks = days // 12 // 7 * 7
    return (
        min(max(weeks, validation), MOST_VALIDATION),
        min(max(2 * weeks, test), MOST_TEST),
    )


def span(rows: pd.DataFrame) -> int:
    """Return the sum over series of the days from first to last, both included."""
    days = rows.groupby("product")["date"].agg(["min", "max"])
    return int(((days["max"] - days["min"]).dt.days + 1).sum())
