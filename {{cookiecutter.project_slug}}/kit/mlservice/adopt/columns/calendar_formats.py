"""Dates in other forms: quarters, weeks, Excel's serial numbers, seconds since 1970."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlservice.adopt.columns.column_regex import floats, parts
from mlservice.adopt.columns.names import words_of

DAY_WORDS = {
    "date",
    "dates",
    "datum",
    "fecha",
    "dob",
    "birthdate",
    "birthday",
    "datetime",
}
TIME_WORDS = DAY_WORDS | set(
    """timestamp timestamps time day epoch ts unix created updated modified ordered
    shipped delivered joined opened closed started ended start end when at on""".split()
)
MONTH_WORDS = {"month", "yearmonth", "yyyymm", "ym", "period", "monat", "mes", "mois"}
YEAR = r"(?P<year>(?:19|20)\d\d)"
WEEK = "(?:W|w|KW|Wk|wk|Week|week)"
QUARTERS = (
    rf"^{YEAR}[-/ .]?[Qq](?P<part>[1-4])$",
    rf"^[Qq](?P<part>[1-4])[-/ .']?{YEAR}$",
    rf"^(?P<part>[1-4])[Qq][-/ ]?{YEAR}$",
)
WEEKS = (
    rf"^{YEAR}[-/ ]?{WEEK}[-/ ]?(?P<part>\d\d?)(?:-?(?P<day>[1-7]))?$",
    rf"^{WEEK}[-/ ]?(?P<part>\d\d?)[-/ ,]+{YEAR}$",
)
FEWEST = 5  # distinct numbers, below which nothing says that they are dates


@dataclass(frozen=True)
class Count:
    """Days counted as a number: whether numbers can be such, and their times."""

    low: float
    high: float
    names: set[str]  # words of which the column's name has one
    whole: bool
    unit: str
    since: str


COUNTS = {
    "seconds since 1970": Count(3e8, 2.5e9, TIME_WORDS, False, "s", "1970-01-01"),
    "milliseconds since 1970": Count(
        3e11, 2.5e12, TIME_WORDS, False, "ms", "1970-01-01"
    ),
    "Excel's serial days": Count(7_000, 60_000, DAY_WORDS, False, "D", "1899-12-30"),
}


def choose(counts: pd.Series, enough: float) -> str:
    """Return "quarters" or "weeks" if the cells are such, else ""."""
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    for form, read_ in (("quarters", _quarters), ("weeks", _weeks)):
        if counts[read_(text).notna().to_numpy()].sum() >= enough * counts.sum():
            return form
    return ""


def counted(name: str, counts: pd.Series) -> str:
    """Return the form by which plain numbers are days, told by the column's name."""
    words = set(words_of(name))
    if not words & (TIME_WORDS | MONTH_WORDS) or len(counts) < FEWEST:
        return ""
    values = floats(pd.Series(counts.index, dtype="string[pyarrow]"))
    if np.isnan(values).any():
        return ""
    for form, one in COUNTS.items():
        if words & one.names and one.low <= values.min() and values.max() <= one.high:
            return form
    year, month = values // 100, values % 100
    months = (
        (values % 1 == 0)
        & (month >= 1)
        & (month <= 12)
        & (year >= 1900)
        & (year < 2100)
    )
    return "%Y%m" if months.all() else ""


def forms() -> dict[str, Callable[[pd.Series], pd.Series]]:
    """Return the function that reads the days of each form."""
    read_ = {"quarters": _quarters, "weeks": _weeks, "%Y%m": _months}
    return read_ | {form: _since(one) for form, one in COUNTS.items()}


def read(text: pd.Series, form: str) -> pd.Series:
    """Convert cells to 2026-01-01, or with a time of day to 2026-01-01T09:30:00."""
    moment = forms()[form](text)
    moment = moment.where((moment.dt.year >= 1900) & (moment.dt.year < 2200))
    seconds = moment.to_numpy().astype("datetime64[s]")
    written = pd.Series(np.datetime_as_string(seconds), index=text.index)
    written = written.astype("string[pyarrow]").where(moment.notna())
    timed = bool((moment.dropna() != moment.dropna().dt.normalize()).any())
    return written if timed else written.str[:10]


def _quarters(text: pd.Series) -> pd.Series:
    return _from(
        text, QUARTERS, lambda one: one["year"] + "-" + _month(one["part"]) + "-01"
    )


def _month(quarter: pd.Series) -> pd.Series:
    return quarter.map({"1": "01", "2": "04", "3": "07", "4": "10"})


def _weeks(text: pd.Series) -> pd.Series:
    def days(one: pd.DataFrame) -> pd.Series:
        day = one["day"].fillna("1") if "day" in one else "1"
        return one["year"] + "-W" + one["part"].str.zfill(2) + "-" + day

    return _from(text, WEEKS, days, "%G-W%V-%u")


def _from(
    text: pd.Series,
    patterns: tuple[str, ...],
    write: Callable[[pd.DataFrame], pd.Series],
    form: str = "%Y-%m-%d",
) -> pd.Series:
    """Return the days of the cells that one of the patterns fits."""
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    for pattern in patterns:
        split = parts(text, pattern)
        fits = split["year"].notna()
        days = write(split[fits]).astype(object)
        found[fits] = pd.to_datetime(days, format=form, errors="coerce").astype(
            "datetime64[us]"
        )
    return found


def _months(text: pd.Series) -> pd.Series:
    whole = text.where(text.str.fullmatch(r"\d{6}(?:\.0*)?").fillna(False)).str[:6]
    days = pd.to_datetime(whole.astype(object), format="%Y%m", errors="coerce")
    return days.astype("datetime64[us]")


def _since(one: Count) -> Callable[[pd.Series], pd.Series]:
    def days(text: pd.Series) -> pd.Series:
        number = pd.to_numeric(text.astype(object), errors="coerce").astype(float)
        number = number.where((number >= 0) & (number <= 3 * one.high))
        seconds = number * {"s": 1, "ms": 0.001, "D": 86_400}[one.unit]
        since = pd.Timestamp(one.since).as_unit("us")
        return (since + pd.to_timedelta(seconds.round(), unit="s")).astype(
            "datetime64[us]"
        )

    return days
