"""What adopting does differently for regression."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import KFold

from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table import examples, outputs
from mlservice.adopt.tasks.table.table_task import TableTask
from mlservice.adopt.tasks.task import Task

QUANTILES = """\
  loss: squared_error # the point is a mean; absolute_error makes it a median
  low_quantile: 0.05 # where the interval begins, before its margin
  high_quantile: 0.95 # where it ends
"""


def decision(_: Plan) -> str:
    """Return the section of params.yaml with the coverage of the interval."""
    return (
        "decision: # what the answer promises\n"
        "  coverage: 0.9 # share of the rows whose value lies within the interval\n"
    )


def numbers(target: "pd.Series[Any]", _: tuple[str, ...]) -> NDArray[np.float64]:
    """Convert the values to numbers, shape (n,); NaN where there is none."""
    found = pd.to_numeric(target, errors="coerce")
    return np.asarray(found.to_numpy(np.float64, na_value=np.nan))


def trees(**size: float) -> BaseEstimator:
    """Return the trees of the candidate's point prediction, of a size."""
    return HistGradientBoostingRegressor(
        random_state=0, early_stopping=False, l2_regularization=1.0, **size
    )


def folds() -> KFold:
    """Return three folds, the same ones each time."""
    return KFold(3, shuffle=True, random_state=0)


TABLE = TableTask(
    name="regression",
    problems=("number", "count"),
    metric="rmse",
    scoring="neg_root_mean_squared_error",
    validation="sets the margin of the interval",
    parameters=QUANTILES,
    linear="alpha: 1.0 # larger pulls the weights closer to 0",
    outcome="number_outcome",
    decision=decision,
    target_values=numbers,
    trees=trees,
    folds=folds,
)
REGRESSION = Task(
    plan_for=partial(examples.plan_for, TABLE.problems),
    texts=partial(outputs.texts, TABLE),
)
