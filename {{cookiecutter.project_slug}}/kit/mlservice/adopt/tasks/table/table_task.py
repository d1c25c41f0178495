"""What adopting does differently for classification and for regression."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from mlservice.adopt.plan import Plan


@dataclass(frozen=True)
class TableTask:
    """The problems, the candidate and the parameters of a task of tables."""

    name: str
    problems: tuple[str, ...]  # of Plan.problem
    metric: str  # of the gate
    scoring: str  # scikit-learn's name of the metric
    validation: str  # the purpose of the validation split
    parameters: str  # further lines of params.yaml below `train`
    linear: str  # the line of the linear candidate
    outcome: str  # the function of data.synthetic that draws the target
    decision: Callable[[Plan], str]  # the section of params.yaml
    # Numbers of canonical texts, given the classes; shape (n,), NaN where there is none
    target_values: Callable[["pd.Series[Any]", tuple[str, ...]], NDArray[np.float64]]
    trees: Callable[..., BaseEstimator]  # the candidate's, by their size
    folds: Callable[[], Any]  # a splitter, the same each time
