"""Formats of dates and times; all become ISO 8601, in UTC where a zone is given."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from mlservice.adopt.columns.column_regex import floats, parts, sub

FORMATS = tuple(  # of the day; the format of the time of day is always the same
    "%Y-%m-%d|%Y/%m/%d|%Y.%m.%d|%Y%m%d|%d/%m/%Y|%m/%d/%Y|%d.%m.%Y|%d-%m-%Y|%m-%d-%Y|"
    "%d/%m/%y|%m/%d/%y|%d.%m.%y|%d-%m-%y|%m-%d-%y|%d %b %Y|%d %B %Y|%d-%b-%Y|%d-%b-%y|"
    "%b %d %Y|%B %d %Y|%Y-%m|%b-%Y|%b %Y|%B %Y".split("|")
)
LIKELY = r"(?:\d{1,4}[-/. ]|[A-Za-z]{3,9}\.?[ -]).*\d|\d{8}(?:T\d+)?$"
ENDLESS = r"(?:9999-12-31|31[./]12[./]9999|12/31/9999|0001-01-01)(?:[T ].*)?"
PARTS = (
    r"^(?P<day>.*?),?(?:[T ]\s*"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d{1,9})?))?"
    r"\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?:Z|UTC|GMT|(?P<east>[+-]\d\d)(?::?(?P<east_minute>\d\d))?)?)?$"
)
MOST = 4  # formats in one column
SAMPLE = 400  # texts on which every format is tried


def packed(texts: pd.Index) -> bool:
    """Return True if all numbers are days like 20260131."""
    if not str(texts[0]).isdigit() or len(str(texts[0])) != 8:
        return False
    days = pd.Series(texts, dtype="string[pyarrow]")
    if len(days) < 5 or not days.str.fullmatch(r"(?:19|20)\d{6}").all():
        return False
    return bool(_days(days, "%Y%m%d").notna().all())


def choose(counts: pd.Series, enough: float) -> str:
    """Choose the formats of the day, most frequent first, joined by "|".

    `counts` maps each text to its frequency. Return "" if the formats fit a share of
    the cells below `enough`.
    """
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    few = text.iloc[:: max(1, len(text) // SAMPLE)]
    if few.str.match(LIKELY).mean() < 0.9:
        return ""
    if not _best(pd.Series(1, index=_parts(few)["day"].fillna(""))):
        return ""
    days = _parts(text)["day"].fillna("")
    times = counts.groupby(days.to_numpy()).sum()
    left, chosen = times, list[str]()
    while len(left) and len(chosen) < MOST and (best := _best(left)):
        chosen.append(best)
        left = left[_days(pd.Series(left.index), best).isna().to_numpy()]
    whole = text[times.reindex(days).index.isin(left.index)]
    bad = counts[whole].sum() if len(whole) else 0
    return "|".join(chosen) if 1 - bad / counts.sum() >= enough else ""


def _best(times: pd.Series) -> str:
    """Return the format that fits the most cells; of equal ones, the first."""
    few = times.iloc[:: max(1, len(times) // SAMPLE)]
    best = _fullest(few, FORMATS)
    if swapped := _swapped(best):  # a single 13 decides between day and month
        pair = [form for form in FORMATS if form in (best, swapped)]
        best = _fullest(times, pair)
    return best


def _fullest(times: pd.Series, forms: Iterable[str]) -> str:
    days = pd.Series(times.index)
    fits = {form: times[_days(days, form).notna().to_numpy()].sum() for form in forms}
    best = max(fits, key=lambda form: fits[form])
    return best if fits[best] else ""


def _swapped(form: str) -> str:
    """Return the format with day and month swapped, or ""."""
    head, tail = form[:6], form[6:]
    other = {"%d/%m/": "%m/%d/", "%d-%m-": "%m-%d-"}
    other |= {month: day for day, month in other.items()}
    return other[head] + tail if head in other else ""


def read(text: pd.Series, form: str) -> pd.Series:
    """Convert cells to 2026-01-31 or, with a time of day, to 2026-01-31T09:30:00."""
    found, moment = _moments(text, form)
    moment = moment.where((moment.dt.year >= 1900) & (moment.dt.year < 2200))
    seconds = moment.to_numpy().astype("datetime64[s]")
    written = pd.Series(np.datetime_as_string(seconds), index=text.index)
    written = written.astype("string[pyarrow]").where(moment.notna())
    return written.where(found["hour"].notna(), written.str[:10])


def years(text: pd.Series, form: str) -> pd.Series:
    """Convert days of any century to years with two decimals: 1685-07-02 is 1685.5."""
    days = _moments(text, form)[1].dt
    found = days.year + ((days.day_of_year - 1) / 365.25).round(2)
    written = [None if np.isnan(year) else f"{year:.2f}" for year in found]
    return pd.Series(written, index=text.index, dtype="string[pyarrow]")


def _moments(text: pd.Series, form: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the parts of each cell, and the moment that they mean."""
    found = _parts(text)
    return found, _first(found["day"], form.split("|")) + _clock(found)


def doubt(text: pd.Series, form: str) -> str:
    """Return a warning if dates can be read day first and month first, else ""."""
    days = pd.Series(_parts(text)["day"].dropna().unique())
    chosen = form.split("|")
    for first in filter(_swapped, chosen):
        one, other = _days(days, first), _days(days, _swapped(first))
        two_ways = one.notna() & other.notna() & (one != other)
        decided = (one.notna() & other.isna()).any() and _swapped(first) not in chosen
        if two_ways.any() and not decided:
            order = "day" if first.startswith("%d") else "month"
            return f"dates like 03/04 can be read in two ways: taken as {order} first"
    return ""


def _parts(text: pd.Series) -> pd.DataFrame:
    """Split cells into day, time of day, am or pm, and the offset of the time zone."""
    plain = sub(text, r"T(\d\d)(\d\d)(\d\d)$", r"T\1:\2:\3")
    found = parts(sub(plain, r"(:\d\d),(\d)", r"\1.\2"), PARTS)
    found["day"] = sub(found["day"], r"[,\s]+|\.\s+", " ").str.strip()
    return found


def _first(days: pd.Series, forms: list[str]) -> pd.Series:
    """Parse each distinct day by the first format that fits."""
    known = pd.Series(days.dropna().unique(), dtype="string[pyarrow]")
    found = _days(known, forms[0])
    for form in forms[1:]:
        found = found.fillna(_days(known, form))
    return days.map(dict(zip(known, found, strict=True))).astype("datetime64[us]")


def _days(days: pd.Series, form: str) -> pd.Series:
    found = pd.to_datetime(days.astype(object), format=form, errors="coerce")
    if form == "%Y%m%d":  # pandas would read 2026013 as well
        found = found.where(days.str.fullmatch(r"\d{8}").fillna(False).astype(bool))
    return found.astype("datetime64[us]")


def _clock(found: pd.DataFrame) -> Any:
    """Convert the time of day and its zone to the duration to add to the day."""
    hour, minute, second, east, east_minute = (
        np.nan_to_num(floats(found[name]))
        for name in ("hour", "minute", "second", "east", "east_minute")
    )
    half = found["half"].fillna("").str.lower().to_numpy(dtype=object)
    hour = np.where(half == "", hour, hour % 12 + 12 * (half == "pm"))
    west = found["east"].fillna("").str.startswith("-").to_numpy(dtype=bool)
    offset = east * 60 + np.where(west, -east_minute, east_minute)
    seconds = hour * 3600 + minute * 60 + second - offset * 60
    return (seconds * 1e6).round().astype("timedelta64[us]")
