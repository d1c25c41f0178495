"""What `make adopt` does otherwise for regression than for another task."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import KFold

from ..columns import Feature
from .plan import Plan
from .synthetic import numbers

TASK = "regression"
PROBLEMS: tuple[str, ...] = ("number", "count")  # of Plan.problem
METRIC = "rmse"  # of the gate
SCORING = "neg_root_mean_squared_error"  # scikit-learn's word for it
VALIDATION = "sets the margin of the interval"
TRAIN = """\
  loss: squared_error # the point is a mean; absolute_error makes it a median
  low_quantile: 0.05 # where the interval begins, before its margin
  high_quantile: 0.95 # where it ends
"""
STEEPNESS = 0.3  # share of the target's range for one unit of truth


def decision(_: Plan) -> str:
    """Write the section of params.yaml that says what the answer promises."""
    return (
        "decision: # what the answer promises\n"
        "  coverage: 0.9 # share of the rows whose value lies within the interval\n"
    )


def outcome(target: Feature, truth: NDArray[np.float64]) -> "pd.Series[float]":
    """Give each truth, shape (n,), a value within the target's bounds."""
    places = np.clip(0.5 + STEEPNESS * truth, 0, 1)
    return pd.Series(numbers(target, places), name=target.column)


def known(target: "pd.Series[str]", _: tuple[str, ...]) -> NDArray[np.float64]:
    """Read the values, shape (n,); NaN where there is none."""
    return pd.to_numeric(target, errors="coerce").to_numpy(np.float64, na_value=np.nan)


def trees(**size: float) -> BaseEstimator:
    """Return the trees of the candidate's point, in a size."""
    return HistGradientBoostingRegressor(
        random_state=0, early_stopping=False, l2_regularization=1.0, **size
    )


def folds() -> KFold:
    """Return three folds, the same ones each time."""
    return KFold(3, shuffle=True, random_state=0)
