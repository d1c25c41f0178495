"""Metrics that a classifier promises by its probabilities, before labels are known.

If the probabilities are calibrated, the labels are draws from them: each metric is
computed on such draws (confidence-based performance estimation, NannyML's CBPE). It
follows a shift of the inputs. It cannot see that the same inputs mean something else.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Scores
from mlservice.evaluation.bootstrap import Interval, Metric

DRAWS = 200
TAILS = (0.025, 0.975)


def expected_metrics(
    metrics: Mapping[str, Metric], scores: Scores, seed: int = 0
) -> dict[str, Interval]:
    """Return each metric's expectation with its 95 % interval; `scores` are (n, k).

    The interval has both kinds of chance: which rows came, and which labels they have.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {name: [] for name in metrics}
    for _ in range(DRAWS):
        rows = rng.integers(0, len(scores), len(scores))
        picked = scores[rows]
        labels = _draw(picked, rng)
        if len(np.unique(labels)) < 2:  # most metrics mean nothing then
            continue
        for name, metric in metrics.items():
            drawn[name].append(metric.compute(labels, picked))
    return {name: _interval(values) for name, values in drawn.items() if values}


def _draw(scores: Scores, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw a class for each row, with the probabilities of its scores."""
    reached = np.cumsum(scores, axis=1)
    chosen = rng.random((len(scores), 1)) * reached[:, -1:]
    found: NDArray[np.int64] = (reached < chosen).sum(axis=1)
    return found


def _interval(values: list[float]) -> Interval:
    low, high = np.quantile(values, TAILS)
    return Interval(float(np.mean(values)), float(low), float(high))
