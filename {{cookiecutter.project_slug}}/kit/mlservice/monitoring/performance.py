"""Metrics of a window: as labels show them, and as the scores alone promise them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset, target_values
from mlservice.evaluation.bootstrap import Interval, Metric, gain
from mlservice.evaluation.slices import Facts, measure
from mlservice.model.artifact import Artifact
from mlservice.monitoring.expected_metrics import expected_metrics
from mlservice.monitoring.logged_instances import encoded, instances_of
from mlservice.params import Gate
from mlservice.training_spec import Training

Z = float(stats.norm.ppf(0.995))  # allowance for the reference's error, 99 %
MODEL, BASELINE = "model", "baseline"


@dataclass(frozen=True)
class Performance:
    """What metrics of windows are computed with and compared with."""

    training: Training[Any, Any]
    params: Any
    model: Artifact
    baseline: Artifact | None
    reference: Mapping[str, Mapping[str, float]]  # metrics: value, low, high

    def with_labels(self, lines: pd.DataFrame, labels: "pd.Series[Any]") -> Facts:
        """Return rows, metrics, gain over the baseline, slices and `p_value`.

        `labels` are the targets of the lines of a log. The p-value is that of a model
        which is no worse than on its validation rows, in the gate's metric. The result
        has the number of rows alone if they are too few.
        """
        lines = lines[lines["scores"].notna()]
        data = self._dataset(lines, labels.loc[lines.index])
        if not self.training.enough(data):
            return {"rows": len(lines)}
        scores = {"candidate": np.stack(lines["scores"].to_list())}
        metrics = {"candidate": self._metrics(self.model)}
        matrix = encoded(self.training.service, lines) if self.baseline else None
        if self.baseline and matrix is not None:
            scores[BASELINE] = self.baseline.scorer.run(matrix)
            metrics[BASELINE] = self._metrics(self.baseline)
        gate = self._gate(data)
        found = measure(data, scores, metrics, gate, self.training.enough)
        found["models"][MODEL] = found["models"].pop("candidate")
        return found | self._compared(data, scores, metrics, found["models"][MODEL])

    def expected(self, lines: pd.DataFrame) -> dict[str, dict[str, float]]:
        """Return the metrics that probabilities promise; none if there are none."""
        scores = lines["scores"].dropna()
        classes = len(self.training.service.target.categories)
        if not classes or scores.empty or len(scores.iloc[0]) != classes:
            return {}
        given, seed = np.stack(scores.to_list()), self.params.monitoring.seed
        found = expected_metrics(self._metrics(self.model), given, seed)
        return {name: asdict(interval) for name, interval in found.items()}

    def _metrics(self, model: Artifact) -> dict[str, Metric]:
        decision = model.manifest.decision
        return self.training.metrics(self.params.decision, decision)

    def _gate(self, data: Dataset) -> Gate:
        """Return the gate with those slices whose columns are in the log."""
        gate: Gate = self.params.gate
        known = tuple(column for column in gate.slices if column in data.rows)
        return gate.model_copy(update={"slices": known})

    def _dataset(self, lines: pd.DataFrame, labels: "pd.Series[Any]") -> Dataset:
        """Return labelled lines as rows; those of one unit are one group."""
        target = self.training.service.target
        rows = instances_of(lines).assign(**{target.column: labels})
        alone = pd.Series(np.arange(len(lines)), index=lines.index).astype(str)
        units = lines["unit"].where(lines["unit"].notna(), alone)
        nothing = np.empty((len(lines), 0), np.float32)
        groups, _ = pd.factorize(units)
        return Dataset(rows, nothing, target_values(rows, target), groups)

    def _compared(
        self,
        data: Dataset,
        scores: Mapping[str, Scores],
        metrics: Mapping[str, Mapping[str, Metric]],
        measured: Mapping[str, Mapping[str, float]],
    ) -> Facts:
        """Return the gain over the baseline and the p-value, where they are known."""
        gate: Gate = self.params.gate
        found: Facts = {}
        metric = metrics["candidate"][gate.metric]
        if BASELINE in scores:
            rival = metrics[BASELINE][gate.metric]
            both = data, scores["candidate"], scores[BASELINE], gate
            found["gain"] = asdict(gain(metric, *both, rival_metric=rival))
        if gate.metric in self.reference:
            known = Interval(**self.reference[gate.metric])
            window = Interval(**measured[gate.metric])
            found["p_value"] = worse_p_value(metric, known, window, gate.confidence)
        return found


def worse_p_value(
    metric: Metric, reference: Interval, window: Interval, confidence: float
) -> float:
    """Return the p-value of a metric that is no worse than the reference's, one-sided.

    Normal approximation with the standard errors of both intervals, which have this
    confidence; the reference's error is allowed for, as one reference serves all
    windows.
    """
    width = 2 * float(stats.norm.ppf((1 + confidence) / 2))  # in standard errors
    error, own = ((each.high - each.low) / width for each in (window, reference))
    if not error:
        return 1.0
    sign = -1 if metric.greater_is_better else 1
    worse = sign * (window.value - reference.value) - Z * own
    return float(stats.norm.sf(worse / error)) if worse > 0 else 1.0
