"""Times of day and durations: 09:30, 9:30 PM, 1:02:03, 3 days 04:05:06, 2h 15m."""

from typing import Any

import numpy as np
import pandas as pd

from mlservice.adopt.columns.column_regex import floats, parts, sub
from mlservice.adopt.columns.names import words_of

CLOCK = (
    r"^(?:(?P<days>-?\d+)\s*days?,?\s+)?(?P<sign>-)?(?P<one>\d{1,4}):(?P<two>\d\d)"
    r"(?::(?P<three>\d\d))?(?P<rest>[.,]\d{1,9})?\s*(?P<half>[AaPp]\.?[Mm]\.?)?$"
)
AMOUNT = r"\d+(?:[.,]\d+)?"
WORDS = (
    rf"^(?:(?P<weeks>{AMOUNT})\s*(?:weeks?|wks?|w)[\s,]*)?"
    rf"(?:(?P<days>{AMOUNT})\s*(?:days?|d)[\s,]*)?"
    rf"(?:(?P<hours>{AMOUNT})\s*(?:hours?|hrs?\.?|h|std\.?)[\s,]*(?:and\s+)?)?"
    rf"(?:(?P<minutes>{AMOUNT})\s*(?:minutes?|mins?\.?|m)[\s,]*(?:and\s+)?)?"
    rf"(?:(?P<seconds>{AMOUNT})\s*(?:seconds?|secs?\.?|s))?$"
)
ISO = (
    r"^-?P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
FEET = (
    r"^(?P<feet>\d+)\s*(?:'|’|ft\.?|feet|foot)\s*"
    r"(?:(?P<inches>\d{1,2}(?:\.\d+)?)\s*(?:\"|''|”|in\.?|inches|inch)?)?$"
)
SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
LENGTHY = set(  # words of a column of durations
    """duration length elapsed runtime lap split pace delay wait waiting took playtime
    uptime dauer""".split()
)
FORMS = {  # form → the unit of its numbers
    "time of day": "hours after midnight",
    "h:mm": "minutes",
    "m:ss": "seconds",
    "h:mm:ss": "seconds",
    "words": "minutes",
    "words with seconds": "seconds",
    "ISO 8601": "seconds",
    "feet and inches": "inches",
}


def choose(name: str, counts: pd.Series, enough: float) -> str:
    """Choose one of FORMS for the cells of a column, or ""; `name` is the column's."""
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    if text.str.match(r"[\d'P-]").mean() < enough:
        return ""
    times = counts.to_numpy(dtype=float)
    for pattern, decide in (
        (CLOCK, _clock_form),
        (WORDS, _words_form),
        (ISO, None),
        (FEET, None),
    ):
        fits = text.str.fullmatch(pattern.strip("^$")).fillna(False)
        fits &= text.str.contains(r"[a-zA-Z:'’]", regex=True)
        if times[fits.to_numpy(dtype=bool)].sum() < enough * times.sum():
            continue
        if decide:
            return decide(name, text[fits])
        return "ISO 8601" if pattern == ISO else "feet and inches"
    return ""


def _clock_form(name: str, text: pd.Series) -> str:
    found = parts(text, CLOCK)
    one, two = floats(found["one"]), floats(found["two"])
    if found["half"].notna().any():
        return "time of day"
    third = found["three"].notna()
    below = bool((one < 24).all() and (two < 60).all() and found["days"].isna().all())
    lengthy = set(words_of(name)) & LENGTHY or found["rest"].notna().mean() > 0.5
    if below and not lengthy:
        return "time of day"
    if third.any() or found["days"].notna().any():
        return "h:mm:ss"
    return "m:ss" if lengthy or bool((one >= 24).any()) else "h:mm"


def _words_form(_: str, text: pd.Series) -> str:
    found = parts(text, WORDS)
    used = [unit for unit in SECONDS if found[unit].notna().any()]
    several = (found[used].notna().sum(axis=1) > 1).any()
    if not several:
        return ""  # numbers with a unit
    return "words with seconds" if "seconds" in used else "words"


def read(text: pd.Series, form: str) -> pd.Series:
    """Convert cells to plain numbers in the unit of the form; others become missing."""
    if form == "feet and inches":
        found = parts(text, FEET)
        values = 12 * floats(found["feet"]) + np.nan_to_num(floats(found["inches"]))
    elif form in ("words", "words with seconds", "ISO 8601"):
        found = parts(text, ISO if form == "ISO 8601" else WORDS)
        units = [unit for unit in SECONDS if unit in found]
        found = pd.DataFrame({unit: sub(found[unit], ",", ".") for unit in units})
        values = sum(
            SECONDS[unit] * np.nan_to_num(floats(found[unit])) for unit in units
        )
        values = np.where(found.notna().any(axis=1), values, np.nan)
        values = values / (60 if form == "words" else 1)
    else:
        values = _clock(text, form)
    written = [None if np.isnan(one) else f"{one:.12g}" for one in np.asarray(values)]
    return pd.Series(written, index=text.index, dtype="string[pyarrow]")


def _clock(text: pd.Series, form: str) -> Any:
    """Return the numbers of cells like 1:02:03, shape (n,); NaN where there is none."""
    found = parts(text, CLOCK)
    one, two = floats(found["one"]), floats(found["two"])
    three, days = (np.nan_to_num(floats(found[part])) for part in ("three", "days"))
    rest = np.nan_to_num(floats(sub(found["rest"], ",", ".")))
    if form == "m:ss":
        long = found["three"].notna().to_numpy()
        seconds = np.where(long, 3600 * one + 60 * two + three, 60 * one + two) + rest
    else:
        half = found["half"].fillna("").str[:1].str.lower().to_numpy(dtype=object)
        one = np.where(half == "", one, one % 12 + 12 * (half == "p"))
        seconds = 3600 * one + 60 * two + three + rest
    sign = np.where(found["sign"].notna().to_numpy(), -1, 1)
    seconds = 86_400 * days + sign * seconds
    return seconds / {"time of day": 3600, "h:mm": 60}.get(form, 1)
