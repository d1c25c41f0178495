"""Calibration of a classifier's probabilities: none, sigmoid or isotonic.

Importing this module registers the converter with skl2onnx.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_operator import OnnxSubEstimator
from skl2onnx.algebra.onnx_ops import (  # pylint: disable=no-name-in-module # dynamic
    OnnxArgMax,
    OnnxGather,
    OnnxIdentity,
)
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline

from mlservice.arrays import Matrix
from mlservice.model import calibrators_onnx
from mlservice.model.calibrators import CALIBRATORS, Calibrator
from mlservice.model.calibrators_onnx import LEAST

# pylint: disable=attribute-defined-outside-init # scikit-learn: what is learned ends in _

Floats = NDArray[np.floating]
Labels = NDArray[Any]
Parts = list[tuple[Labels, Labels]]  # fitted and held-out positions of each fold


class Calibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier with probabilities that are calibrated on held-out folds.

    Of no calibration, Platt's sigmoid and isotonic regression, `fit` chooses the one
    with the least cross-validated log loss: where classes are separable or rows few, a
    sigmoid makes probabilities worse. Folds are stratified and drawn at random, because
    a file may be sorted. One classifier is fitted on all rows in the end, so that
    serving runs a single one.
    """

    def __init__(self, classifier: Any, folds: int = 3, seed: int = 0) -> None:
        """Keep the classifier; `fit` works on copies."""
        self.classifier = classifier
        self.folds = folds
        self.seed = seed

    def fit(self, matrix: Matrix, target: Labels) -> Self:
        """Fit on a matrix (n, d) and labels (n,)."""
        self.classes_, labels = np.unique(target, return_inverse=True)
        folds = StratifiedKFold(self.folds, shuffle=True, random_state=self.seed)
        parts = list(folds.split(matrix, labels))
        method = _method(self.classifier)
        logits = _logits(
            cross_val_predict(self.classifier, matrix, labels, cv=parts, method=method),
            method,
        )
        self.losses_ = {
            name: _loss(make, logits, labels, parts)
            for name, make in CALIBRATORS.items()
        }
        self.method_ = min(self.losses_, key=lambda name: self.losses_[name])
        self.calibrator_ = CALIBRATORS[self.method_](logits, labels)
        self.classifier_ = clone(self.classifier).fit(matrix, labels)
        return self

    def predict_proba(self, matrix: Matrix) -> Floats:
        """Return probabilities, shape (n, k)."""
        method = _method(self.classifier_)
        scores = getattr(self.classifier_, method)(matrix)
        return self.calibrator_.apply(_logits(scores, method))

    def predict(self, matrix: Matrix) -> Labels:
        """Return the most probable classes, shape (n,)."""
        chosen: Labels = self.classes_[self.predict_proba(matrix).argmax(axis=1)]
        return chosen

    @property
    def notes_(self) -> dict[str, str]:
        """Describe the choice, for the output of training and the model card."""
        losses = ", ".join(f"{name} {loss:.4f}" for name, loss in self.losses_.items())
        return {"calibration": f"{self.method_} (log loss in folds: {losses})"}


def _method(classifier: Any) -> str:
    raw = hasattr(classifier, "decision_function")
    return "decision_function" if raw else "predict_proba"


def _logits(scores: Floats, method: str) -> Floats:
    """Convert decision values or probabilities to logits, (n, 1) or (n, k)."""
    scores = scores.astype(np.float64)
    if method == "predict_proba":
        scores = np.log(np.maximum(scores, LEAST))
        return scores if scores.shape[1] > 2 else scores[:, 1:] - scores[:, :1]
    return scores if scores.ndim == 2 else scores[:, np.newaxis]


def _loss(
    make: type[Calibrator], logits: Floats, labels: Labels, parts: Parts
) -> float:
    """Return the log loss of a calibrator on folds that it was not fitted on."""
    given = np.empty((len(labels), labels.max() + 1))
    for fitted, held_out in parts:
        calibrator = make(logits[fitted], labels[fitted])
        given[held_out] = calibrator.apply(logits[held_out])
    return float(log_loss(labels, given))


def _convert(scope: Any, operator: Any, container: Any) -> None:
    """Write the steps, the calibrator and the choice of the label into one graph."""
    fitted, version = operator.raw_operator, container.target_opset
    classifier, rows = fitted.classifier_, operator.inputs[0]
    if isinstance(classifier, Pipeline):
        rows = OnnxSubEstimator(classifier[:-1], rows, op_version=version)
        classifier = classifier[-1]
    raw = _method(classifier) == "decision_function" and container.has_options(
        classifier, "raw_scores"
    )
    options = {"zipmap": False, "raw_scores": True} if raw else {"zipmap": False}
    scores = OnnxSubEstimator(classifier, rows, op_version=version, options=options)[1]
    logits = calibrators_onnx.logits_of(scores, len(fitted.classes_), version, raw=raw)
    label, probabilities = operator.outputs
    given = OnnxIdentity(
        fitted.calibrator_.to_onnx(logits, version),
        op_version=version,
        output_names=[probabilities],
    )
    chosen = OnnxGather(
        fitted.classes_.astype(np.int64),
        OnnxArgMax(given, axis=1, keepdims=0, op_version=version),
        op_version=version,
        output_names=[label],
    )
    given.add_to(scope, container)
    chosen.add_to(scope, container)


update_registered_converter(
    Calibrated,
    "Calibrated",
    calculate_linear_classifier_output_shapes,
    _convert,
    options={
        "zipmap": [True, False, "columns"],
        "output_class_labels": [True, False],
        "nocl": [True, False],
    },
)
