"""How much one column alone tells about the target, on rows it was not fitted to."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .plan import Column
from .strings import floats

FOLDS = 2
LEAVES = 256  # for numbers as the target: a straight line wants many
SEED = 0

Floats = NDArray[np.float64]


def alone(values: Any, target: Any, classes: int, listed: bool) -> tuple[float, float]:
    """Score one column: (AUC, share of rows right) for classes, (R², R²) for numbers.

    `values` (n,) holds numbers, NaN for missing, or codes of categories if `listed`;
    `target` (n,) holds numbers, or codes below `classes`. For more than two classes the
    first score is the mean of the shares right within each class.
    """
    fold = _folds(target)
    guess = np.zeros((len(target), max(1, classes)))
    for part in range(FOLDS):
        fitted, asked = fold != part, fold == part
        fitter = _rates if listed else _tree
        guess[asked] = fitter(values[fitted], target[fitted], values[asked], classes)
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


def _folds(target: Any) -> Any:
    """Deal the rows out, so that each part holds its share of every class."""
    rows = np.random.default_rng(SEED).permutation(len(target))
    rows = rows[np.argsort(target[rows], kind="stable")]
    fold = np.empty(len(target), dtype=np.int64)
    fold[rows] = np.arange(len(target)) % FOLDS
    return fold


def values_of(column: Column, read: pd.Series) -> tuple[Any, bool]:
    """Turn a column into numbers, or into codes of categories (and True)."""
    if column.reading.kind == "number":
        return floats(read), False
    if column.reading.kind == "date-time":
        days = pd.to_datetime(read.astype(object), format="ISO8601")
        numbers = days.astype("datetime64[s]").astype(np.int64).astype(np.float64)
        return numbers.where(days.notna()).to_numpy(), False
    codes, _ = pd.factorize(read)
    return codes + 1, True  # 0 is missing


def _rates(fitted: Any, target: Any, asked: Any, classes: int) -> Floats:
    """Predict by each category's mean of the target, drawn a little to all."""
    wanted = np.eye(classes)[target] if classes else target.astype(float)[:, None]
    size = int(max(fitted.max(initial=0), asked.max(initial=0))) + 1
    times = np.bincount(fitted, minlength=size)[:, None]
    sums = [np.bincount(fitted, column, minlength=size) for column in wanted.T]
    rates = (np.column_stack(sums) + wanted.mean(axis=0)) / (times + 1)
    return np.asarray(rates[asked])


def _tree(fitted: Any, target: Any, asked: Any, classes: int) -> Floats:
    facts = {"max_leaf_nodes": LEAVES, "min_samples_leaf": 5, "random_state": SEED}
    if not classes:
        line = DecisionTreeRegressor(**facts).fit(fitted[:, None], target)
        return np.asarray(line.predict(asked[:, None]))[:, None]
    facts["max_leaf_nodes"] = 4 * classes
    tree = DecisionTreeClassifier(**facts).fit(fitted[:, None], target)
    guess = np.zeros((len(asked), classes))
    guess[:, tree.classes_] = tree.predict_proba(asked[:, None])
    return guess


def _explained(guess: Floats, target: Any) -> float:
    rest, spread = target - guess, target - target.mean()
    known = np.square(spread).sum()
    return float(1 - np.square(rest).sum() / known) if known > 0 else 0.0


def _ranked(values: Any, target: Any, listed: bool) -> float:
    """Square the correlations, straight and by rank, over the rows that are known."""
    known = ~np.isnan(values.astype(float))
    if listed or known.mean() < 0.9 or np.ptp(values[known]) == 0:
        return 0.0
    pair = pd.DataFrame({"value": values[known], "target": target[known]})
    found = (np.corrcoef(table.to_numpy().T)[0, 1] for table in (pair, pair.rank()))
    return float(max(np.square(np.nan_to_num(list(found)))))
