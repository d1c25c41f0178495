"""What each threshold would do, for two classes: counts, precision, recall, cost."""

from dataclasses import asdict
from typing import Any

import numpy as np

from mlservice.arrays import Positions, Scores
from mlservice.evaluation.bootstrap import Interval, estimate, gain
from mlservice.evaluation.pages.run import Run

GRID = np.linspace(0.01, 0.99, 99)  # as the decision is chosen
PER = 1_000  # rows for which costs are stated


def has_threshold(run: Run[Any, Any]) -> bool:
    """Return whether the decision is a threshold on the probability of a class."""
    known = len(run.categories) == 2
    return known and getattr(run.decision, "threshold", None) is not None


def confusion_at(run: Run[Any, Any], threshold: float) -> dict[str, int]:
    """Count the test rows that are flagged from a threshold on, by what they were."""
    flagged, positive = run.scores[:, 1] >= threshold, run.test.target == 1
    return {
        "tp": int(np.sum(flagged & positive)),
        "fp": int(np.sum(flagged & ~positive)),
        "fn": int(np.sum(~flagged & positive)),
        "tn": int(np.sum(~flagged & ~positive)),
    }


def threshold_table(run: Run[Any, Any]) -> list[dict[str, Any]]:
    """Return counts, precision, recall and cost at each threshold."""
    if not has_threshold(run):
        return []
    return [_at(run, round(float(threshold), 2)) for threshold in GRID]


def _at(run: Run[Any, Any], threshold: float) -> dict[str, Any]:
    counts = confusion_at(run, threshold)
    flagged, positive = counts["tp"] + counts["fp"], counts["tp"] + counts["fn"]
    return {
        "threshold": threshold,
        **counts,
        "precision": counts["tp"] / flagged if flagged else None,
        "recall": counts["tp"] / max(positive, 1),
        "cost": _cost(run, run.scores, threshold),
    }


def _cost(run: Run[Any, Any], scores: Scores, threshold: float) -> float | None:
    """Return the cost of many rows; None where metrics have no cost."""
    decision = run.decision.model_copy(update={"threshold": threshold})
    metric = run.training.metrics(run.params.decision, decision).get("cost")
    if metric is None:
        return None
    return PER * metric.compute(run.test.target, scores)


def worth(run: Run[Any, Any]) -> dict[str, Any] | None:
    """Return what the decision saves against doing nothing, for many rows.

    Doing nothing is the cheaper of two: to flag no row, and to flag every row.
    """
    metric = run.compared.metrics["candidate"].get("cost")
    if metric is None or not has_threshold(run):
        return None
    same = np.ones(len(run.scores))
    rivals = {
        "flag nobody": np.column_stack([same, 0 * same]),
        "flag everybody": np.column_stack([0 * same, same]),
    }
    target = run.test.target
    costs = {name: metric.compute(target, each) for name, each in rivals.items()}
    nothing = min(costs, key=lambda name: costs[name])
    saved = gain(metric, run.test, run.scores, rivals[nothing], run.params.gate)
    return {
        "nothing": nothing,
        "nothing_costs": PER * costs[nothing],
        "costs": PER * metric.compute(target, run.scores),
        "saved": {name: PER * value for name, value in asdict(saved).items()},
        "per": PER,
    }


def flagged_right(run: Run[Any, Any]) -> dict[str, Any] | None:
    """Return how many of 100 flagged rows are right, with the interval."""
    if not has_threshold(run):
        return None
    flagged = run.scores[:, 1] >= run.decision.threshold

    def precision(rows: Positions) -> float:
        chosen = run.test.target[rows][flagged[rows]]
        return 100 * float(chosen.mean()) if len(chosen) else 0.0

    found: Interval = estimate(precision, run.test, run.params.gate)
    return {**asdict(found), "flagged": int(flagged.sum())}
