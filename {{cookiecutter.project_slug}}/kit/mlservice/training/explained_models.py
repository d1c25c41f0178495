"""What is explained of each kind of estimator, and how: see `explanations`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_classifier
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlservice.arrays import Matrix
from mlservice.model.calibration import Calibrated
from mlservice.model.calibrators import NoCalibration, Sigmoid
from mlservice.model.explanation import NoExplanationError, Weights
from mlservice.model.per_level import PerLevel
from mlservice.model.side_by_side import SideBySide
from mlservice.model.tree_shap import Paths
from mlservice.training.tree_paths import boosted, paths_of, single

Floats = NDArray[np.float64]
Outputs = Sequence[Paths | Weights]


@dataclass(frozen=True)
class Parts:
    """What is explained of an estimator, and how."""

    margin: Callable[[Matrix], Any]  # the score that contributions sum to
    outputs: Callable[[NDArray[np.int32], Floats], Outputs]  # owners, reference
    scale: str
    steps: tuple[Any, ...] = ()  # fitted transformers before it
    per_level: bool = False


@singledispatch
def parts_of(model: Any) -> Parts:
    """Return what is explained of an estimator; raise NoExplanationError if nothing."""
    if not hasattr(model, "coef_"):
        raise NoExplanationError(f"{type(model).__name__} has none")
    bases = np.atleast_1d(model.intercept_).astype(np.float64)
    weights = np.atleast_2d(model.coef_).astype(np.float64)

    def outputs(_owners: NDArray[np.int32], reference: Floats) -> Outputs:
        return [
            Weights(np.array(base + weight @ reference, np.float64), weight, reference)
            for base, weight in zip(bases, weights, strict=True)
        ]

    return Parts(_margin_of(model), outputs, _scale(model))


def _margin_of(model: Any) -> Callable[[Matrix], Any]:
    """Return the function of an estimator that gives its raw score."""
    name = "decision_function" if hasattr(model, "decision_function") else "predict"
    if name == "predict" and hasattr(model, "predict_proba"):
        last = 1 if len(model.classes_) == 2 else 0
        return lambda rows: model.predict_proba(rows)[:, last:]
    margin: Callable[[Matrix], Any] = getattr(model, name)
    return margin


def _scale(model: Any) -> str:
    if not is_classifier(model):
        return "prediction"
    return "log odds" if len(model.classes_) == 2 else "score before softmax"


@parts_of.register(HistGradientBoostingClassifier)
@parts_of.register(HistGradientBoostingRegressor)
def _boosted(model: Any) -> Parts:
    trees = model._predictors  # pylint: disable=protected-access # no other way
    bases = model._baseline_prediction.ravel()  # pylint: disable=protected-access

    def outputs(owners: NDArray[np.int32], _reference: Floats) -> Outputs:
        return [
            paths_of((boosted(each[at].nodes) for each in trees), owners, float(base))
            for at, base in enumerate(bases)
        ]

    return Parts(_margin_of(model), outputs, _scale(model))


@parts_of.register(DecisionTreeClassifier)
@parts_of.register(DecisionTreeRegressor)
def _tree(model: Any) -> Parts:
    values = range(model.tree_.value.shape[2])
    if is_classifier(model) and len(values) == 2:
        values = values[1:]

    def outputs(owners: NDArray[np.int32], _reference: Floats) -> Outputs:
        return [paths_of([single(model.tree_, at)], owners) for at in values]

    scale = "probability" if is_classifier(model) else "prediction"
    return Parts(_margin_of(model), outputs, scale)


@parts_of.register(Pipeline)
def _steps(model: Any) -> Parts:
    inner = parts_of(model[-1])
    if inner.per_level:
        raise NoExplanationError("columns are prepared before they are related")
    steps = (*(step for _, step in model.steps[:-1]), *inner.steps)

    def margin(rows: Matrix) -> Any:
        return inner.margin(model[:-1].transform(rows))

    return replace(inner, margin=margin, steps=steps)


@parts_of.register(SideBySide)
def _first(model: SideBySide) -> Parts:
    """Explain the point, not the ends of its interval."""
    return parts_of(model.regressors_[0])


@parts_of.register(PerLevel)
def _per_level(model: PerLevel) -> Parts:
    inner = parts_of(model.regressor_)

    def margin(rows: Matrix) -> Any:
        ratio = np.asarray(inner.margin(rows[:, 1:])).reshape(-1)
        return ratio * rows[:, 0]

    return replace(inner, margin=margin, per_level=True)


@parts_of.register(Calibrated)
def _calibrated(model: Calibrated) -> Parts:
    """Explain the score before calibration; a sigmoid's is made one of log odds."""
    inner, calibrator = parts_of(model.classifier_), model.calibrator_
    if isinstance(calibrator, NoCalibration):
        return inner
    binary = len(model.classes_) == 2 and inner.scale == "log odds"
    if not isinstance(calibrator, Sigmoid) or not binary:
        return replace(inner, scale=f"{inner.scale}, before calibration")
    slope, intercept = calibrator.slopes[0], calibrator.intercepts[0]

    def margin(rows: Matrix) -> Any:
        return np.asarray(inner.margin(rows)) * slope + intercept

    def outputs(owners: NDArray[np.int32], reference: Floats) -> Outputs:
        return [
            _scaled(part, slope, intercept) for part in inner.outputs(owners, reference)
        ]

    return replace(inner, margin=margin, outputs=outputs)


def _scaled(part: Paths | Weights, slope: float, intercept: float) -> Paths | Weights:
    base = np.asarray(part.base * slope + intercept, np.float64)
    if isinstance(part, Paths):
        return part._replace(base=base, value=part.value * slope)
    return part._replace(base=base, weight=part.weight * slope)
