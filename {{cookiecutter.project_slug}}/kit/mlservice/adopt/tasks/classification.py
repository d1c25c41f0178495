"""What adopting does differently for classification."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold

from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table import examples, outputs
from mlservice.adopt.tasks.table.table_task import TableTask
from mlservice.adopt.tasks.task import Task

SHOWN = 40  # characters of a class in a comment
CALIBRATION = (
    "  calibration_folds: 3 # probabilities are calibrated on held-out folds\n"
)


def decision(plan: Plan) -> str:
    """Return the section of params.yaml that turns probabilities into a class."""
    if plan.problem == "several classes":
        return "decision: {} # the most probable class: there is nothing to choose\n"
    no, yes = (repr(name)[:SHOWN] for name in plan.target.categories)
    return (
        "decision: # what a mistake costs; the threshold minimises it\n"
        "  # Open: what does each mistake cost you? Only how they compare matters.\n"
        f"  cost_false_negative: 1.0 # {yes}, and nobody saw it\n"
        f"  cost_false_positive: 1.0 # {no}, taken for {yes}\n"
    )


def class_codes(
    target: "pd.Series[Any]", categories: tuple[str, ...]
) -> NDArray[np.float64]:
    """Convert classes to their codes, shape (n,); NaN where there is none."""
    codes = pd.Categorical(target, categories).codes.astype(np.float64)
    return np.where(codes < 0, np.nan, codes)


def trees(**size: float) -> BaseEstimator:
    """Return the candidate's trees of a size, not calibrated."""
    return HistGradientBoostingClassifier(
        random_state=0, early_stopping=False, l2_regularization=1.0, **size
    )


def folds() -> StratifiedKFold:
    """Return three folds, the same ones each time."""
    return StratifiedKFold(3, shuffle=True, random_state=0)


TABLE = TableTask(
    name="classification",
    problems=("two classes", "several classes"),
    metric="log_loss",
    scoring="neg_log_loss",
    validation="chooses the threshold",
    parameters=CALIBRATION,
    linear="inverse_regularization: 1.0 # C: larger fits the training rows closer",
    outcome="class_outcome",
    decision=decision,
    target_values=class_codes,
    trees=trees,
    folds=folds,
)
CLASSIFICATION = Task(
    plan_for=partial(examples.plan_for, TABLE.problems),
    texts=partial(outputs.texts, TABLE),
)
