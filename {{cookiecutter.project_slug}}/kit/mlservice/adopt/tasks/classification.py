"""What `make adopt` does otherwise for classification than for another task."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold

from ..columns import Feature
from .plan import Plan

TASK = "classification"
PROBLEMS: tuple[str, ...] = ("two classes", "several classes")  # of Plan.problem
METRIC = "log_loss"  # of the gate
SCORING = "neg_log_loss"  # scikit-learn's word for it
VALIDATION = "chooses the threshold"
TRAIN = "  calibration_folds: 3 # probabilities are calibrated on held-out folds\n"
SHOWN = 40  # characters of a class in a comment


def decision(plan: Plan) -> str:
    """Write the section of params.yaml that turns probabilities into a class."""
    if plan.problem == "several classes":
        return "decision: {} # the most probable class: there is nothing to choose\n"
    no, yes = (repr(name)[:SHOWN] for name in plan.target.categories)
    return (
        "decision: # what a mistake costs; the threshold minimises it\n"
        "  # Open: what does each mistake cost you? Only how they compare matters.\n"
        f"  cost_false_negative: 1.0 # {yes}, and nobody saw it\n"
        f"  cost_false_positive: 1.0 # {no}, taken for {yes}\n"
    )


def outcome(target: Feature, truth: NDArray[np.float64]) -> "pd.Series[str]":
    """Divide the truth, shape (n,), into equal classes, the last the highest."""
    ranks = truth.argsort().argsort() * len(target.categories) // len(truth)
    classes = np.asarray(target.categories, dtype=object)[ranks]
    return pd.Series(classes, name=target.column)


def known(target: "pd.Series[str]", categories: tuple[str, ...]) -> NDArray[np.float64]:
    """Give each class its number, shape (n,); NaN where there is none."""
    codes = pd.Categorical(target, categories).codes.astype(np.float64)
    return np.where(codes < 0, np.nan, codes)


def trees(**size: float) -> BaseEstimator:
    """Return the candidate's trees, not calibrated, in a size."""
    return HistGradientBoostingClassifier(
        random_state=0, early_stopping=False, l2_regularization=1.0, **size
    )


def folds() -> StratifiedKFold:
    """Return three folds, the same ones each time."""
    return StratifiedKFold(3, shuffle=True, random_state=0)
