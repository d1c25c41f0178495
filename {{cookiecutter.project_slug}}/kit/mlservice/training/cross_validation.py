"""Cross-validation of a model on the training rows, with the gate's metric."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from mlservice.arrays import Positions
from mlservice.data.dataset import Dataset
from mlservice.model.onnx_export import fitted_scores
from mlservice.training_spec import Estimator, Q, Training

Folds = list[tuple[Positions, Positions]]  # fitted and held-out rows of each


def folds(train: Dataset, number: int, seed: int) -> Folds:
    """Return the fitted and the held-out rows of each fold.

    Rows with periods are held out after those that are fitted. Else rows are drawn at
    random by groups, stratified where the target is a class.
    """
    if train.periods is not None:
        return _forward(train.periods, number)
    classes = train.target.dtype.kind == "i"
    kind = StratifiedGroupKFold if classes else GroupKFold
    drawn = kind(number, shuffle=True, random_state=seed)
    target = train.target if classes else np.zeros(len(train.target))
    return list(drawn.split(target, target, train.groups))


def _forward(periods: NDArray[np.datetime64], number: int) -> Folds:
    """Hold out stretches of equal numbers of rows, each after the rows before it."""
    scored, known = periods.T
    order = np.sort(scored)
    ends = [order[len(order) * k // (number + 1)] for k in range(1, number + 1)]
    found = []
    for start, end in zip(ends, [*ends[1:], known.max() + 1], strict=True):
        held_out = np.flatnonzero((scored >= start) & (known < end))
        found.append((np.flatnonzero(known < start), held_out))
    return found


def values(
    training: Training[Q, Any],
    params: Any,
    estimator: Estimator,
    train: Dataset,
    parts: Folds,
) -> Iterator[float]:
    """Fit on each fold; yield the gate's metric on all rows held out so far.

    It has the decision that suits their scores.
    """
    rows, scores = [], []
    for fitted, held_out in parts:
        part = train.take(fitted)
        with threadpool_limits(limits=1):
            model = estimator.fit(part.matrix, part.target)
        rows.append(held_out)
        scores.append(fitted_scores(model, train.matrix[held_out]))
        target, given = train.target[np.concatenate(rows)], np.concatenate(scores)
        decision = training.choose_decision(target, given, params.decision)
        metric = training.metrics(params.decision, decision)[params.gate.metric]
        yield float(metric.compute(target, given))
