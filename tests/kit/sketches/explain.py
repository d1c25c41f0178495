"""The contribution of each column to n scores, from a file that is kept beside the model."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.paths import CANDIDATE
from mlservice.service import D, P, Service

FILE = "attribution.json"


def keep(service: Service[P, D], model: bytes, weights: NDArray[np.float64], decision: D) -> None:
    """Save a model with what explains it; the manifest holds the hash of both."""
    attribution = json.dumps(weights.tolist()).encode()
    artifact.save(service, CANDIDATE, model, {FILE: attribution}, name="candidate", decision=decision)


def explain(predictor: Predictor[P, D], instances: Sequence[Any]) -> list[dict[str, float]]:
    """Return the sum of the contributions of each feature, derived ones among them, for n instances."""
    encoding = predictor.service.encoding
    weights = np.array(json.loads(predictor.model.files[FILE]))
    matrix: Matrix = encoding.encode(instances)
    sums = {name: (matrix[:, block] * weights[block]).sum(axis=1) for name, block in encoding.blocks.items()}
    return [{name: float(values[row]) for name, values in sums.items()} for row in range(len(matrix))]
