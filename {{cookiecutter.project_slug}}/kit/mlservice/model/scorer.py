"""Scorers: how the file of a model is loaded and run. ONNX Runtime is always there."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mlservice.arrays import Matrix
from mlservice.service import Scorer as AnyScorer
from mlservice.service import Service

ONNX = "model.onnx"


class OnnxScorer:
    """An ONNX Runtime session on one thread."""

    def __init__(self, model: bytes) -> None:
        """Start a session; one thread: a row costs less than waking a second one."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        self._session: Any = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def run(self, matrix: Matrix) -> NDArray[np.float32]:
        """Score a float32 matrix (n, d); the scores have shape (n, outputs)."""
        scores: NDArray[np.float32] = self._session.run(None, {self._input: matrix})[-1]
        return scores


Scorer = OnnxScorer  # its name until 0.8.0


def scorers_of(
    service: Service[Any, Any],
) -> Mapping[str, Callable[[bytes], AnyScorer]]:
    """Return what loads a model, by the name of its file."""
    return {ONNX: OnnxScorer, **service.scorers}
