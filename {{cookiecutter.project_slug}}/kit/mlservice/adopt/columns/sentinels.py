"""Numbers that may stand for a missing value: -999, 9999, a single 1e12."""

import numpy as np
import pandas as pd

NINES = {sign * float("9" * digits) for digits in range(2, 11) for sign in (-1, 1)}
CODES = NINES | {-1.0, -7.0, -8.0, -9.0, -88.0, 888.0, 8888.0, -777.0, -888.0, -8888.0}
CODES |= {2.0**31 - 1, -(2.0**31), -32768.0, 65535.0, 1e30, -1e30, 1e20, -1e20}
FAR = 1000  # times the largest of the others: no measurement
REPEATED = 2  # cells of a code at least, unless it is alone below zero


def suspects(values: pd.Series) -> list[float]:
    """Return values outside the range of all others that may mean "missing".

    A code such as -999 or 9999 lies apart from the others; so does a single value a
    thousand times as large as they are.
    """
    counts = values.value_counts().sort_index()
    found: list[float] = []
    for _ in range(3):
        rest = counts.drop(found)
        if len(rest) < 10:
            break
        new = [end for end in (0, -1) if _suspect(rest, end)]
        if not new:
            break
        found += [float(rest.index[end]) for end in new]
    return sorted(found)


def _suspect(counts: pd.Series, end: int) -> bool:
    """Return True if the lowest (0) or highest (-1) of the sorted values is apart."""
    value = float(counts.index[end])
    others = counts.drop(counts.index[end])
    low, high = float(others.index[0]), float(others.index[-1])
    gap = low - value if end == 0 else value - high
    span = high - low
    alone = value < 0 <= low
    times = int(counts.iloc[end])
    if value in CODES and abs(value) < 10:
        return alone and times >= 0.02 * counts.sum() and low >= 0 and high > 20
    if value in CODES and (times >= REPEATED or alone):
        return bool(
            gap > 0.5 * span or (alone and gap > 0.1 * span and times >= REPEATED)
        )
    typical = np.abs(others.index.to_numpy()).max()
    return bool(times <= 2 and typical > 0 and abs(value) > FAR * typical)


def said(column: str, values: pd.Series) -> str:
    """Return the warning that names the suspects and how to have them missing."""
    found = suspects(values)
    if not found:
        return ""
    named = [
        repr(one) if one % 1 or abs(one) >= 1e16 else f"{one:.0f}" for one in found
    ]
    share = float(values.isin(found).mean())
    options = ",".join(f"{column}:{one}" for one in named)
    return (
        f"{', '.join(named)} in {share:.1%} of the cells may mean a missing value: "
        f"MISSING={options} takes {'it' if len(named) == 1 else 'them'} for one"
    )
