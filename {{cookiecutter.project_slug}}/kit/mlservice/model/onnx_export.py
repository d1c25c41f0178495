"""From a fitted scikit-learn estimator to ONNX, with proof that nothing changed."""

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
from mlservice.model.scorer import Scorer

OPSET = 21  # what onnxruntime serves today and old enough for tools that read the file
TOLERANCE = 1e-4  # of the usual score, so that 5 and 500 euros agree alike
SHARE = (
    0.999  # of rows that must agree: float32 may flip a row that lies on a threshold
)


class ExportError(UserError):
    """The model cannot be served as ONNX; the message says what can."""


def export(estimator: BaseEstimator, width: int) -> bytes:
    """Convert a fitted estimator of `width` float32 inputs to an ONNX file's bytes.

    One that knows its own ONNX form, such as a neural network, has a method `to_onnx`.
    """
    if hasattr(estimator, "to_onnx"):
        written: bytes = estimator.to_onnx()
        return written
    options = {id(estimator): {"zipmap": False}} if _classifies(estimator) else None
    example = np.zeros((1, width), dtype=np.float32)
    try:
        model = to_onnx(estimator, example, options=options, target_opset=OPSET)
    except (MissingShapeCalculator, MissingConverter) as error:
        known = sorted(
            name.removeprefix("Sklearn")
            for name in supported_converters()
            if name.endswith(("Classifier", "Regressor"))
        )
        raise ExportError(
            f"{type(estimator).__name__} has no ONNX converter; these have one: "
            + ", ".join(known)
        ) from error
    # A classifier's ONNX form computes labels, too: what nobody reads is cut off.
    scores = model.graph.output[-1].name
    kept = select_model_inputs_outputs(model, outputs=[scores])
    data: bytes = kept.SerializeToString()
    return data


def fitted_scores(estimator: Any, matrix: Matrix) -> NDArray[np.floating]:
    """Score rows with the estimator itself: shape (n, outputs)."""
    if _classifies(estimator):
        probabilities: NDArray[np.floating] = estimator.predict_proba(matrix)
        return probabilities
    return np.asarray(estimator.predict(matrix)).reshape(len(matrix), -1)


def agreement(estimator: BaseEstimator, model: bytes, matrix: Matrix) -> float:
    """Return the share of rows on which ONNX and estimator agree; refuse too few.

    Checked at every training run: converters have lost a link function in silence.
    """
    expected = fitted_scores(estimator, matrix)
    gaps = np.abs(Scorer(model).run(matrix) - expected)
    usual = np.abs(expected).max(axis=1).mean()
    share = float(np.mean(gaps.max(axis=1) <= TOLERANCE * usual))
    if share < SHARE:
        raise ExportError(
            f"the ONNX export agrees with the estimator on only {share:.2%} of the "
            f"rows (largest difference {gaps.max():.3g}): the converter lost "
            "something; choose another estimator in model.py"
        )
    return share


def _classifies(estimator: Any) -> bool:
    return hasattr(estimator, "predict_proba")
