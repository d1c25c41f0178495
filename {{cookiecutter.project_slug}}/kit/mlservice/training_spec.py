"""The interface of a service's training, for tuning, reports and monitoring.

Serving never imports it. The types of data sets, metrics and plots belong to `data` and
`evaluation`, which import this module's package: so they are imported for typing only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mlservice.arrays import Scores, Target
from mlservice.errors import UserError
from mlservice.params import Gate, ServiceParams
from mlservice.service import D, Service

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from mlservice.data.dataset import Dataset
    from mlservice.evaluation.bootstrap import Metric

Q = TypeVar("Q", bound=ServiceParams)  # the shape of params.yaml

Estimator = Any  # scikit-learn's: fit, and predict or predict_proba
Tables = dict[str, list[dict[str, Any]]]  # rows of equal columns, by title


@dataclass(frozen=True)
class Range:
    """Interval of a parameter that tuning searches: whole numbers if both ends are."""

    low: float
    high: float
    log: bool = False  # whether it is searched on a logarithmic scale


@dataclass(frozen=True)
class Candidate:
    """A model to try: its function, and the parameters that tuning may change.

    The parameters are those of the section of `params.train` with the model's name.
    """

    make: Callable[[Any], Estimator]  # from params.train
    search: Mapping[str, Range] = field(default_factory=dict)

    def __call__(self, train: Any) -> Estimator:
        """Return the estimator for `params.train`."""
        return self.make(train)


@dataclass(frozen=True)
class Training(Generic[Q, D]):
    """One service's parameters, candidates, metrics, tables and plots."""

    service: Service[Any, D]
    params: type[Q]
    assemble: "Callable[[pd.DataFrame], Dataset]"  # rows as a split's file holds them
    read: "Callable[[str], Dataset]"  # a split by name: train, validation, test
    trivial: Callable[[Any], Estimator]  # from params.train: looks at no feature
    baseline: Callable[[Any], Estimator]  # from params.train: the model to beat
    candidates: Mapping[str, Callable[[Any], Estimator]]  # from params.train, by name
    packages: tuple[str, ...]  # whose versions a model depends on
    metrics: "Callable[[Any, D], dict[str, Metric]]"  # from params.decision
    choose_decision: Callable[[Target, Scores, Any], D]  # from params.decision
    enough: "Callable[[Dataset], bool]"  # rows for a metric to be meaningful
    needed: str  # ends the sentence "too few test rows (…)"
    tables: "Callable[[Dataset, Scores, D, Gate], Tables]"
    plots: (
        "Callable[[Dataset, dict[str, Scores], dict[str, D], Any], dict[str, Figure]]"
    )


def compared_metric(metrics: "Mapping[str, Metric]", name: str) -> "Metric":
    """Return the gate's metric; raise UserError for one without a better direction."""
    known = {k: m for k, m in metrics.items() if m.greater_is_better is not None}
    if name not in known:
        raise UserError(f"params.yaml: gate.metric is none of {', '.join(known)}")
    return known[name]
