"""Choice of the size of the candidate's trees, by cross-validation on a sample."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import cross_val_score
from threadpoolctl import threadpool_limits

from mlservice.adopt.columns.readings import apply
from mlservice.adopt.plan import Column, Plan
from mlservice.adopt.tasks.table.split_choice import Folds, folds
from mlservice.adopt.tasks.table.table_task import TableTask

DEFAULT = (100, 0.1, 31, 20)  # scikit-learn's
SIZES = [  # trees, step, leaves, rows a leaf: from small and careful to large
    (60, 0.06, 6, 10),
    (120, 0.06, 10, 5),
    DEFAULT,
    (200, 0.05, 16, 20),
    (300, 0.05, 31, 20),
]
NAMES = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf")
ROWS = 20_000  # more rows take time and change the choice little
CELLS = 400_000  # rows × columns: what takes some seconds
CLASSES = 5  # each has its own trees: with more, this would take minutes
LEAST = 1_000  # rows, however many columns there are
THREADS = 1  # more threads gain nothing on so few rows

Hyperparameters = dict[str, float | int]


def choose(task: TableTask, frame: pd.DataFrame, plan: Plan) -> Hyperparameters:
    """Return the best of SIZES for the table's rows; `frame` holds its cells as texts.

    The same frame gives the same choice.
    """
    if len(plan.target.categories) > CLASSES:
        return dict(zip(NAMES, DEFAULT, strict=True))
    found = apply(plan.target.reading, frame[plan.target.column])
    target = task.target_values(found, plan.target.categories)
    rows = np.flatnonzero(~np.isnan(target))
    most = min(max(CELLS // len(plan.features), LEAST), ROWS)
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
    matrix, target = encoded(frame.iloc[rows], plan), target[rows]
    parts = folds(plan, frame.iloc[rows], target, task.folds())
    with threadpool_limits(limits=THREADS):
        scores = [_score(task, size, matrix, target, parts) for size in SIZES]
    return dict(zip(NAMES, SIZES[int(np.argmax(scores))], strict=True))


def _score(
    task: TableTask,
    size: tuple[float, ...],
    matrix: NDArray[np.float64],
    target: NDArray[np.float64],
    parts: Folds,
) -> float:
    """Return the mean score of a size over the folds; higher is better."""
    trees = task.trees(**dict(zip(NAMES, size, strict=True)))
    scores = cross_val_score(trees, matrix, target, scoring=task.scoring, cv=parts)
    return float(scores.mean())


def encoded(frame: pd.DataFrame, plan: Plan) -> NDArray[np.float64]:
    """Encode n rows, shape (n, features): a fast approximation of features.py."""
    columns = [
        _numbers(apply(column.reading, frame[column.column]), column)
        for column in plan.features
    ]
    return np.column_stack(columns)


def _numbers(values: "pd.Series[Any]", column: Column) -> NDArray[np.float64]:
    """Convert one column's canonical texts to numbers, shape (n,)."""
    match column.declared:
        case "number":
            found = pd.to_numeric(values, errors="coerce")
        case "flag":
            found = values.map({"true": 1.0, "false": 0.0})
        case "category" | "ordered":
            ranks = {name: at for at, name in enumerate(column.categories)}
            found = values.map(ranks)
        case "date_time":
            times = pd.to_datetime(values, utc=True, format="ISO8601")
            found = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        case "bag_of_words":
            found = values.str.len()
        case _:
            codes, _names = pd.factorize(values, sort=True)
            found = pd.Series(codes)
    return np.asarray(found.to_numpy(dtype=np.float64, na_value=np.nan))
