"""A model in a file that is not ONNX: the weights of a linear model, as NumPy stores them."""

import io
from dataclasses import replace

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

from mlservice.model import artifact

FILE = "model.npy"


class WeightsScorer:
    """Scores are a weighted sum of the matrix columns; a missing number counts as 0."""

    def __init__(self, data):
        self.weights = np.load(io.BytesIO(data), allow_pickle=False)

    def run(self, matrix):
        """Score a matrix (n, d)."""
        return np.nan_to_num(matrix) @ self.weights


class WeightsModel(RegressorMixin, BaseEstimator):
    """Least squares that is stored as a file of weights."""

    def fit(self, matrix, target):
        """Fit the weights (d, 1)."""
        fitted = np.linalg.lstsq(np.nan_to_num(matrix), target, rcond=None)[0]
        self.weights_ = fitted[:, np.newaxis].astype(np.float32)  # pylint: disable=attribute-defined-outside-init
        return self

    def predict(self, matrix):
        """Predict n rows."""
        return (np.nan_to_num(matrix) @ self.weights_)[:, 0]

    def to_file(self):
        """Return name and bytes of the model's file."""
        return FILE, bytes_of(self.weights_)


def bytes_of(weights):
    """Return the file of weights (d, outputs)."""
    file = io.BytesIO()
    np.save(file, weights)
    return file.getvalue()


def listing(service):
    """Return the service that lists what loads such a file."""
    return replace(service, scorers={FILE: WeightsScorer})


def save_weights(service, folder, value=0.1, outputs=1, files=None):
    """Save such a model as an artifact: all weights are `value`."""
    weights = np.full((len(service.encoding.names), outputs), value, np.float32)
    facts = {"name": "candidate", "decision": service.decision(), "model_file": FILE}
    return artifact.save(service, folder, bytes_of(weights), files, **facts)
