"""The models that an evaluation compares."""

from dataclasses import dataclass
from typing import Generic

from mlservice.arrays import Scores
from mlservice.evaluation.bootstrap import Metric
from mlservice.service import D


@dataclass(frozen=True)
class Comparison(Generic[D]):
    """The scores of each model on the test rows, its decision and its metrics."""

    scores: dict[str, Scores]  # (n, outputs) by model
    decisions: dict[str, D]
    metrics: dict[str, dict[str, Metric]]  # by model, then by name
