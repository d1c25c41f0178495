"""Every metric of every model with its interval, over all rows and by slice."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import Metric, interval
from mlservice.params import Gate

Facts = dict[str, Any]  # plain data, for metrics.json


def measure(
    test: Dataset,
    scores: dict[str, Scores],
    metrics: dict[str, dict[str, Metric]],
    gate: Gate,
    enough: Callable[[Dataset], bool],
) -> Facts:
    """Compute every metric with its interval over all rows, and the gate's by slice."""
    return {
        "rows": len(test.rows),
        "models": {
            model: {
                name: asdict(interval(metric, test, given, gate))
                for name, metric in metrics[model].items()
            }
            for model, given in scores.items()
        },
        "slices": {
            column: _by_slice(
                column,
                test,
                scores["candidate"],
                metrics["candidate"][gate.metric],
                gate,
                enough,
            )
            for column in gate.slices
        },
    }


def _by_slice(
    column: str,
    test: Dataset,
    scores: Scores,
    metric: Metric,
    gate: Gate,
    enough: Callable[[Dataset], bool],
) -> Facts:
    found = {}
    values = test.rows[column].astype(object)
    values = values.where(values.notna(), "missing")  # often the worst slice
    for value, rows in values.groupby(values).indices.items():
        selected = test.take(np.asarray(rows))
        if enough(selected):
            estimated = interval(metric, selected, scores[rows], gate)
            found[str(value)] = {"rows": len(rows), gate.metric: asdict(estimated)}
    return found
