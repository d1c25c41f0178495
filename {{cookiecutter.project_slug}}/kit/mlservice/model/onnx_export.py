"""Export of a fitted scikit-learn estimator to ONNX, with a check of its scores."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skl2onnx import supported_converters, to_onnx
from skl2onnx.common.exceptions import (
    MissingConverter,
    MissingShapeCalculator,
)
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.base import BaseEstimator

from mlservice.arrays import Matrix
from mlservice.errors import UserError
from mlservice.model.scorer import ONNX, OnnxScorer
from mlservice.service import Scorer

OPSET = 21  # what onnxruntime serves today and old enough for tools that read the file
TREES, TREES_OPSET = "ai.onnx.ml", 3  # domain of trees; skl2onnx writes no later one
TOLERANCE = 1e-4  # of the usual score, so that 5 and 500 euros agree alike
SHARE = 0.999  # of rows that must agree: float32 may flip a row on a threshold


class ExportError(UserError):
    """The estimator has no ONNX form with the same scores."""


def stored_form(estimator: BaseEstimator, width: int) -> tuple[str, bytes]:
    """Return name and bytes of the file that stores a fitted estimator.

    It is ONNX, unless the estimator has a form of its own: a method `to_file`.
    """
    if hasattr(estimator, "to_file"):
        written: tuple[str, bytes] = estimator.to_file()
        return written
    return ONNX, export(estimator, width)


def export(estimator: BaseEstimator, width: int) -> bytes:
    """Convert a fitted estimator of `width` float32 inputs to an ONNX file's bytes.

    An estimator with an ONNX form of its own has a method `to_onnx`.
    """
    if hasattr(estimator, "to_onnx"):
        written: bytes = estimator.to_onnx()
        return written
    model = _convert(estimator, width)
    # A classifier's ONNX form computes labels, too: unused outputs are removed.
    scores = model.graph.output[-1].name
    data: bytes = select_model_inputs_outputs(
        model, outputs=[scores]
    ).SerializeToString()
    return data


def _convert(estimator: BaseEstimator, width: int) -> Any:
    """Convert to an ONNX model; raise ExportError if there is no converter."""
    options = {id(estimator): {"zipmap": False}} if _classifies(estimator) else None
    example = np.zeros((1, width), dtype=np.float32)
    convert = partial(to_onnx, estimator, example, options=options)
    try:
        return convert(target_opset=OPSET)
    except (MissingShapeCalculator, MissingConverter) as error:
        raise ExportError(
            f"{type(estimator).__name__} has no ONNX converter; these have one: "
            + ", ".join(_convertible())
            + "; a method to_file stores it in another form"
        ) from error
    except RuntimeError as error:  # converters of LightGBM and XGBoost ask for it
        if TREES not in str(error):
            raise
        return convert(target_opset={"": OPSET, TREES: TREES_OPSET})


def _convertible() -> list[str]:
    """Return the names of the estimators that have a converter."""
    return sorted(
        name.removeprefix("Sklearn")
        for name in supported_converters()
        if name.endswith(("Classifier", "Regressor"))
    )


def fitted_scores(estimator: Any, matrix: Matrix) -> NDArray[np.floating]:
    """Return the scores of the estimator itself, shape (n, outputs)."""
    if _classifies(estimator):
        probabilities: NDArray[np.floating] = estimator.predict_proba(matrix)
        return probabilities
    return np.asarray(estimator.predict(matrix)).reshape(len(matrix), -1)


def agreement(estimator: BaseEstimator, model: bytes | Scorer, matrix: Matrix) -> float:
    """Return the share of rows on which estimator and ONNX, or another scorer, agree.

    Raise ExportError if it is below SHARE. Checked at every training run: converters
    have lost a link function without an error.
    """
    expected = fitted_scores(estimator, matrix)
    scorer = OnnxScorer(model) if isinstance(model, bytes) else model
    found = scorer.run(matrix)
    if found.dtype != np.float32 or found.shape != expected.shape:
        raise ExportError(
            f"{type(scorer).__name__} returned {found.dtype} {found.shape} for "
            f"{len(matrix)} rows, and not float32 {expected.shape}"
        )
    gaps = np.abs(found - expected)
    usual = np.abs(expected).max(axis=1).mean()
    share = float(np.mean(gaps.max(axis=1) <= TOLERANCE * usual))
    if share < SHARE:
        raise ExportError(
            f"{_what(scorer)} agrees with the estimator on only {share:.2%} of the "
            f"rows (largest difference {gaps.max():.3g}): the converter lost "
            "something; choose another estimator in model.py"
        )
    return share


def _what(scorer: Scorer) -> str:
    onnx = isinstance(scorer, OnnxScorer)
    return "the ONNX export" if onnx else type(scorer).__name__


def _classifies(estimator: Any) -> bool:
    return hasattr(estimator, "predict_proba")
