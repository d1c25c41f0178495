"""Predictive power of a single column, measured by cross-validation."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.plan import Column

FOLDS = 2
LEAVES = 256  # for a numeric target: a straight line needs many
SEED = 0

Floats = NDArray[np.float64]


def score_alone(
    values: Any, target: Any, classes: int, listed: bool
) -> tuple[float, float]:
    """Score one column: (AUC, share of rows right) for classes, (R², R²) for numbers.

    `values` (n,) holds numbers, NaN for missing, or codes of categories if `listed`;
    `target` (n,) holds numbers, or codes below `classes`. For more than two classes the
    first score is the mean of the shares right within each class.
    """
    fold = _folds(target)
    guess = np.zeros((len(target), max(1, classes)))
    for number in range(FOLDS):
        fitted, held_out = fold != number, fold == number
        fitter = _rates if listed else _tree
        guess[held_out] = fitter(
            values[fitted], target[fitted], values[held_out], classes
        )
    if not classes:
        best = max(_explained(guess[:, 0], target), _ranked(values, target, listed))
        return best, best
    right = guess.argmax(axis=1) == target
    if classes == 2:
        if len(np.unique(target)) < 2:
            return 0.5, float(right.mean())
        return float(roc_auc_score(target, guess[:, 1])), float(right.mean())
    within = pd.Series(right).groupby(target).mean()
    return float(within.mean()), float(right.mean())


def right_within(values: Any, target: Any, listed: bool) -> float:
    """Return the smaller share of rows right within two classes, for one threshold.

    Fitted to all rows: a column that decides the class so well is made of it.
    """
    if listed:
        return 0.0
    known = ~np.isnan(values.astype(float))
    if known.mean() < 0.9 or len(np.unique(target[known])) < 2:
        return 0.0
    rises, falls, _ = roc_curve(target[known], values[known])
    right = np.minimum(1 - rises, falls), np.minimum(rises, 1 - falls)
    return float(max(one.max() for one in right))


def _folds(target: Any) -> Any:
    """Return the fold of each row, shape (n,), stratified by class."""
    rows = np.random.default_rng(SEED).permutation(len(target))
    rows = rows[np.argsort(target[rows], kind="stable")]
    fold = np.empty(len(target), dtype=np.int64)
    fold[rows] = np.arange(len(target)) % FOLDS
    return fold


def numeric_values(column: Column, read: pd.Series) -> tuple[Any, bool]:
    """Convert a column to numbers (and False), or to category codes (and True)."""
    if column.reading.kind == "number":
        return floats(read), False
    if column.reading.kind == "date-time":
        days = pd.to_datetime(read.astype(object), format="ISO8601")
        numbers = days.astype("datetime64[s]").astype(np.int64).astype(np.float64)
        return numbers.where(days.notna()).to_numpy(), False
    codes, _ = pd.factorize(read)
    return codes + 1, True  # 0 is missing


def _rates(fitted: Any, target: Any, held_out: Any, classes: int) -> Floats:
    """Predict by each category's mean of the target, shrunk to the overall mean."""
    wanted = np.eye(classes)[target] if classes else target.astype(float)[:, None]
    size = int(max(fitted.max(initial=0), held_out.max(initial=0))) + 1
    times = np.bincount(fitted, minlength=size)[:, None]
    sums = [np.bincount(fitted, column, minlength=size) for column in wanted.T]
    rates = (np.column_stack(sums) + wanted.mean(axis=0)) / (times + 1)
    return np.asarray(rates[held_out])


def _tree(fitted: Any, target: Any, held_out: Any, classes: int) -> Floats:
    settings = {"max_leaf_nodes": LEAVES, "min_samples_leaf": 5, "random_state": SEED}
    if not classes:
        line = DecisionTreeRegressor(**settings).fit(fitted[:, None], target)
        return np.asarray(line.predict(held_out[:, None]))[:, None]
    settings["max_leaf_nodes"] = 4 * classes
    tree = DecisionTreeClassifier(**settings).fit(fitted[:, None], target)
    guess = np.zeros((len(held_out), classes))
    guess[:, tree.classes_] = tree.predict_proba(held_out[:, None])
    return guess


def _explained(guess: Floats, target: Any) -> float:
    rest, spread = target - guess, target - target.mean()
    known = np.square(spread).sum()
    return float(1 - np.square(rest).sum() / known) if known > 0 else 0.0


def _ranked(values: Any, target: Any, listed: bool) -> float:
    """Return the larger squared correlation of values and of ranks, over known rows."""
    known = ~np.isnan(values.astype(float))
    if listed or known.mean() < 0.9 or np.ptp(values[known]) == 0:
        return 0.0
    pair = pd.DataFrame({"value": values[known], "target": target[known]})
    found = (np.corrcoef(table.to_numpy().T)[0, 1] for table in (pair, pair.rank()))
    return float(max(np.square(np.nan_to_num(list(found)))))
