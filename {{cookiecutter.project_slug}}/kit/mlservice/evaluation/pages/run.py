"""One evaluation, with everything that its pages are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mlservice.data.dataset import Dataset
from mlservice.evaluation import errors
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.comparison import Comparison
from mlservice.evaluation.slices import Facts
from mlservice.model.artifact import Artifact
from mlservice.service import D
from mlservice.training_spec import Q, Training

LENGTHS = ("mae", "rmse", "width", "interval_score")  # in the unit of the target


@dataclass(frozen=True)
class Run(Generic[Q, D]):
    """The rows, scores, metrics and plots of one evaluation."""

    training: Training[Q, D]
    params: Any
    train: Dataset
    test: Dataset
    compared: Comparison[D]
    candidate: Artifact
    facts: Facts  # as in metrics.json
    figures: Mapping[str, Figure]  # by name

    @property
    def metric(self) -> Metric:
        """Return the gate's metric, with the candidate's decision."""
        return self.compared.metrics["candidate"][self.params.gate.metric]

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the classes of the target; none if it is a number."""
        return tuple(self.training.service.target.categories)

    @property
    def scores(self) -> NDArray[np.float64]:
        """Return the candidate's scores of the test rows, (n, outputs)."""
        return self.compared.scores["candidate"].astype(np.float64)

    @property
    def decision(self) -> Any:
        """Return the candidate's decision."""
        return self.compared.decisions["candidate"]

    @cached_property
    def observed(self) -> NDArray[Any]:
        """Return the target of each test row, (n,)."""
        return errors.observed(self.test)

    @cached_property
    def predicted(self) -> NDArray[np.float64]:
        """Return the predicted number of each test row, (n,), corrected as decided."""
        return errors.predicted(self.scores, self.decision)

    @property
    def currency(self) -> str:
        """Return the name of the unit in which costs are given."""
        return str(getattr(self.params.decision, "currency", "") or "units of cost")

    def unit_of(self, metric: str) -> str:
        """Return the unit of a metric; empty for a metric without one."""
        if metric == "cost":
            return f"{self.currency} a row"
        return self.training.service.target.unit if metric in LENGTHS else ""
