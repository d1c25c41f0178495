"""The columns of the data: missing values, ranges, and drift from train to test."""

from typing import Any

import numpy as np
import pandas as pd

from mlservice.evaluation.pages.errors import shown
from mlservice.evaluation.pages.run import Run
from mlservice.schema.features import Feature

BINS = 10
MOST = 60  # columns
NOTABLE = 0.2  # population stability index, from which a column is marked


def data_summary(run: Run[Any, Any]) -> list[dict[str, Any]]:
    """Return missing share, range and drift of each column of the schema."""
    train, test = run.train.rows, run.test.rows
    service = run.training.service
    features = [*service.features, service.target]
    known = {each.column: each for each in features if each.column in train}
    return [
        _column(feature, train[name], test[name])
        for name, feature in [*known.items()][:MOST]
    ]


def _column(
    feature: Feature, train: "pd.Series[Any]", test: "pd.Series[Any]"
) -> dict[str, Any]:
    drift = _drift(feature, train, test)
    return {
        "column": feature.column,
        "meaning": feature.meaning,
        "missing_train": float(train.isna().mean()),
        "missing_test": float(test.isna().mean()),
        "values": _values(feature, train),
        "drift": drift,
        "notable": drift is not None and drift > NOTABLE,
    }


def _values(feature: Feature, given: "pd.Series[Any]") -> str:
    """Return least, median and greatest number, or the most frequent categories."""
    known = given.dropna()
    if known.empty:
        return "no value"
    if feature.kind == "number":
        numbers = known.to_numpy(dtype=np.float64)
        ends = (numbers.min(), np.median(numbers), numbers.max())
        return f"{' … '.join(map(shown, ends))} {feature.unit}".strip()
    if feature.kind in ("category", "flag"):
        shares = known.value_counts(normalize=True).head(3).items()
        return ", ".join(f"{shown(value)} {share:.0%}" for value, share in shares)
    return "text, time or picture"


def _drift(
    feature: Feature, train: "pd.Series[Any]", test: "pd.Series[Any]"
) -> float | None:
    """Return the population stability index of train and test; None for texts.

    Numbers are cut at the deciles of the training rows; missing is a value of its own.
    """
    if feature.kind == "number":
        numbers = train.dropna().to_numpy(dtype=np.float64)
        edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
        train, test = (_binned(each, edges) for each in (train, test))
    elif feature.kind not in ("category", "flag"):
        return None
    shares = pd.DataFrame(
        {
            name: each.astype(object).where(each.notna(), "missing").value_counts()
            for name, each in (("train", train), ("test", test))
        }
    ).fillna(0)
    expected, found = ((shares[name] + 0.5).to_numpy() for name in shares)
    expected, found = expected / expected.sum(), found / found.sum()
    return float(np.sum((found - expected) * np.log(found / expected)))


def _binned(given: "pd.Series[Any]", edges: Any) -> "pd.Series[Any]":
    numbers = given.to_numpy(dtype=np.float64, na_value=np.nan)
    places = np.where(np.isnan(numbers), -1, np.digitize(numbers, edges))
    return pd.Series(places)
