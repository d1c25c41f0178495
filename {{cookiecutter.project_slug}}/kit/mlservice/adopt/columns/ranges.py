"""Round bounds and typical values of numbers, with room for next month's rows."""

import math

import pandas as pd

ROOM = 0.25  # of the span seen, beyond each end
LARGEST = 1e300  # keeps sums below what a float holds
LARGEST_WHOLE = 1e15  # floats tell the bounds of whole numbers apart below it


def whole(values: "pd.Series[float]") -> bool:
    """Return True if all numbers are whole, and none has more than 15 digits."""
    return bool((values % 1 == 0).all() and (values.abs() < LARGEST_WHOLE).all())


def bounds(low: float, high: float, whole: bool) -> tuple[float, float]:
    """Widen the observed range [low, high] to round bounds.

    A range that is never negative stays so; shares stay in [0, 1], percentages in
    [0, 100].
    """
    low, high = max(low, -LARGEST), min(high, LARGEST)
    span = (high - low) or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(span)) / 2
    step = max(1.0, step) if whole else max(step, math.ulp(max(abs(low), abs(high))))
    wide_low = math.floor((low - ROOM * span) / step) * step
    wide_high = math.ceil((high + ROOM * span) / step) * step
    if low >= 0:
        wide_low = max(0.0, wide_low)
        if not whole and 0.5 < high <= 1:
            wide_low, wide_high = 0.0, 1.0
        if high == 100:
            wide_high = 100.0
    if whole:
        return wide_low, wide_high
    return min(low, _tidy(wide_low)), max(high, _tidy(wide_high))


def example(median: float, low: float, high: float, whole: bool) -> float:
    """Round a median to three digits within [low, high]: it is no row's own value."""
    value = float(f"{median:.3g}")
    value = min(max(value, low), high)
    return round(value) if whole else value


def _tidy(value: float) -> float:
    """Remove rounding errors such as 0.30000000000000004."""
    return float(f"{value:.12g}")
