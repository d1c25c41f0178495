"""Columns that are monitored, derived from the schema's: numbers and texts.

A day or a time becomes days since 1970, a series its mean and its last value; of free
text and pictures only statistics are used.
"""

from typing import Any

import numpy as np
import pandas as pd

from mlservice.encoding.value_statistics import is_free, statistics_of
from mlservice.schema.encoders import DATE_TIME
from mlservice.schema.features import Feature

DAY = 86_400  # seconds

Columns = dict[str, "pd.Series[Any]"]  # by name: numbers, or texts


def monitored(features: tuple[Feature, ...], rows: pd.DataFrame) -> Columns:
    """Return the monitored columns of n rows; columns that are absent are left out.

    `rows` have the values of the schema's columns as files or requests hold them, and
    statistics of free texts as columns `text.characters`.
    """
    found: Columns = {}
    for feature in features:
        if is_free(feature):
            found |= _statistics(feature, rows)
        elif feature.column in rows:
            found |= _values(feature, rows[feature.column])
    return found


def _statistics(feature: Feature, rows: pd.DataFrame) -> Columns:
    """Return the statistics of a column, which the rows have or which are computed."""
    column, encoder = feature.column, feature.encoder
    assert encoder is not None
    if column in rows:
        read = [v if v is None else encoder.read(v) for v in _plain(rows[column])]
        frame = pd.DataFrame([statistics_of(value) for value in read])
        return {f"{column}.{name}": values for name, values in frame.items()}
    start = f"{column}."
    known = {str(name): values for name, values in rows.items()}
    return {name: each for name, each in known.items() if name.startswith(start)}


def _values(feature: Feature, values: "pd.Series[Any]") -> Columns:
    column = feature.column
    if feature.kind == "series":
        lists = [np.array(v, float) if v is not None else _NONE for v in _plain(values)]
        known = [each[np.isfinite(each)] for each in lists]
        means = [each.mean() if len(each) else np.nan for each in known]
        last = [each[-1] if len(each) else np.nan for each in known]
        return {f"{column}.mean": pd.Series(means), f"{column}.last": pd.Series(last)}
    if feature.kind == "day" or feature.encoder == DATE_TIME:
        times = pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")
        epoch = pd.Timestamp("1970-01-01", tz="UTC")
        return {column: (times - epoch).dt.total_seconds() / DAY}
    if feature.kind == "number":
        return {column: pd.to_numeric(values, errors="coerce")}
    return {column: values.astype(object)}


def _plain(values: "pd.Series[Any]") -> list[Any]:
    """Return the values as objects, None where one is missing."""
    return [
        None if isinstance(value, float) and np.isnan(value) else value
        for value in values.astype(object).tolist()
    ]


_NONE = np.array([], float)
