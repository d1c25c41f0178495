"""Metrics of a window: as labels show them, and as the scores alone promise them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset, target_values
from mlservice.evaluation.bootstrap import Interval, Metric, gain, interval
from mlservice.monitoring.expected_metrics import expected_metrics
from mlservice.params import Gate
from mlservice.schema.features import Feature
from mlservice.service import Service

Z = float(stats.norm.ppf(0.995))  # allowance for the reference's error, 99 %
WIDTH = 2 * float(stats.norm.ppf(0.975))  # standard errors in a 95 % interval


@dataclass(frozen=True)
class Performance:
    """Metrics of one window's rows."""

    labelled: int = 0  # rows whose label is known
    known: Mapping[str, Interval] | None = None  # metrics on them
    gain: Interval | None = None  # of the model over the baseline, in the gate's metric
    expected: Mapping[str, Interval] | None = None  # without labels, of all rows


def measured(
    service: Service[Any, Any],
    metrics: Mapping[str, Metric],
    gate: Gate,
    lines: pd.DataFrame,
    labels: "pd.Series[Any]",
    baseline: Scores | None = None,
) -> tuple[int, dict[str, Interval], Interval | None]:
    """Return the rows with labels, the metrics on them, and the gain over the baseline.

    `labels` are the targets of the lines, missing where they are not known; `baseline`
    (n, outputs) are the baseline's scores of the same lines.
    """
    have = labels.notna() & lines["scores"].notna()
    rows = int(have.sum())
    if not rows:
        return 0, {}, None
    dataset = _dataset(service.target, labels[have], lines.loc[have, "unit"])
    scores = np.stack(lines.loc[have, "scores"].to_list())
    known = {n: interval(m, dataset, scores, gate) for n, m in metrics.items()}
    better = None
    if baseline is not None:
        rival = baseline[have.to_numpy()]
        better = gain(metrics[gate.metric], dataset, scores, rival, gate)
    return rows, known, better


def _dataset(
    target: Feature, labels: "pd.Series[Any]", units: "pd.Series[Any]"
) -> Dataset:
    """Return labels as rows without features; a row without a unit is its own group."""
    frame = pd.DataFrame({target.column: labels.to_numpy()})
    alone = pd.Series(np.arange(len(units)), index=units.index).astype(str)
    groups, _ = pd.factorize(units.where(units.notna(), alone))
    nothing = np.empty((len(units), 0), np.float32)
    return Dataset(frame, nothing, target_values(frame, target), groups)


def expected(
    service: Service[Any, Any],
    metrics: Mapping[str, Metric],
    lines: pd.DataFrame,
    seed: int,
) -> dict[str, Interval]:
    """Return the metrics that the scores promise; none without probabilities."""
    scores = lines["scores"].dropna()
    classes = len(service.target.categories)
    if not classes or scores.empty or len(scores.iloc[0]) != classes:
        return {}
    return expected_metrics(metrics, np.stack(scores.to_list()), seed)


def worse_p_value(metric: Metric, reference: Interval, window: Interval) -> float:
    """Return the p-value of a metric that is no worse than the reference's, one-sided.

    Normal approximation with the standard errors of both intervals; the reference's
    error is allowed for, as the same reference serves all windows.
    """
    error, own = ((each.high - each.low) / WIDTH for each in (window, reference))
    if not error:
        return 1.0
    sign = -1 if metric.greater_is_better else 1
    worse = sign * (window.value - reference.value) - Z * own
    return float(stats.norm.sf(worse / error)) if worse > 0 else 1.0
