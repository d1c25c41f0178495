"""Declaration of amounts and dates, from the canonical cells of a column."""

from dataclasses import replace

import pandas as pd

from mlservice.adopt.columns import sentinels
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.ranges import bounds, example, whole
from mlservice.adopt.plan import Column


def measured(made: Column, present: pd.Series) -> Column:
    """Declare numbers as an amount, with a warning about doubtful ones."""
    values = pd.Series(floats(present))
    why = f"{values.nunique():,} distinct {'whole ' * whole(values)}numbers"
    doubt = sentinels.said(made.column, values)
    warning = "; ".join(filter(None, (made.warning, doubt)))
    return replace(amount(made, values, why), warning=warning)


def amount(made: Column, values: "pd.Series[float]", why: str) -> Column:
    """Declare an amount with bounds and an example; `values` are those of the cells."""
    integer = whole(values)
    low, high = float(values.min()), float(values.max())
    wide_low, wide_high = bounds(low, high, integer)
    return replace(
        made,
        kind="integer" if integer else "number",
        declared="number",
        why=why,
        low=wide_low,
        high=wide_high,
        whole=integer,
        example=example(float(values.median()), low, high, integer),
    )


def date_time(made: Column, present: pd.Series) -> Column:
    """Declare dates, with an example that is nobody's own."""
    times = present[present.str.contains("T", regex=False)]
    month = str(present.sort_values().iloc[len(present) // 2])[:7]  # nobody's own day
    return replace(
        made,
        kind="date-time",
        declared="date_time",
        why=f"dates {'and times ' * bool(len(times))}like {made.reading.form}",
        example=f"{month}-01" + "T09:30:00" * bool(len(times)),
    )
