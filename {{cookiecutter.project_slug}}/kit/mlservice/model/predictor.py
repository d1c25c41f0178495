"""Prediction for n instances, the same for requests, files and tests."""

from collections.abc import Sequence
from typing import Any, Generic

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix, Scores
from mlservice.model.artifact import Artifact
from mlservice.service import D, P, Service


class Predictor(Generic[P, D]):
    """A verified model that has made one prediction."""

    def __init__(self, service: Service[P, D], model: Artifact) -> None:
        """Keep the model and predict for the example of the schema."""
        self.service = service
        self.model = model
        self.version = model.manifest.model_version
        self.predict([service.instance.model_validate(service.example)])

    def predict(self, instances: Sequence[Any]) -> list[P]:
        """Predict for n instances, in their order."""
        return self.predict_with_scores(instances)[0]

    def predict_with_scores(self, instances: Sequence[Any]) -> tuple[list[P], Scores]:
        """Predict for n instances; return the scores that the model gave, too."""
        scores = self.score(self.service.encoding.encode(instances))
        decision = self.model.manifest.decision
        return self.service.decide(instances, scores, decision), scores

    def score(self, matrix: Matrix) -> NDArray[np.float32]:
        """Score n encoded rows, shape (n, outputs).

        Raise ArithmeticError if a score is not a number.
        """
        scores = self.model.scorer.run(matrix)
        if not np.isfinite(scores).all():
            raise ArithmeticError("the model returned a score that is not a number")
        return scores
