"""Learning curve of the candidate, which shows whether more rows would help.

The candidate is fitted again on shares of the training rows, and judged by the gate's
metric on the test rows. It chooses nothing.
"""

import time
from dataclasses import asdict
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits

from mlservice.arrays import Positions
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import Interval, interval
from mlservice.evaluation.pages.interval_chart import WIDTH
from mlservice.evaluation.pages.run import Run
from mlservice.model.onnx_export import fitted_scores

SHARES = (1 / 8, 1 / 4, 1 / 2)
LARGEST = 20_000  # rows of which shares are taken
SECONDS = 3.0  # of CPU time for all fits: the next is left out if it would take longer

Points = list[dict[str, float]]  # rows, value, low, high


def learning_curve(run: Run[Any, Any]) -> Points:
    """Return the metric by number of training rows; empty if it is not known.

    A fit is expected to take as much longer as it has more rows.
    """
    make = run.training.candidates.get(run.candidate.manifest.name)
    if make is None:
        return []
    points: Points = []
    left = SECONDS
    for share in SHARES:
        part = run.train.take(share_of(run.train, share, run.params.gate.seed))
        if run.categories and len(np.unique(part.target)) < len(run.categories):
            continue
        started = time.process_time()
        try:
            found = _judged(run, make(run.params.train), part)
        except ValueError:  # too few rows of a class for the folds of a calibration
            continue
        points.append({"rows": len(part.rows), **asdict(found)})
        took = time.process_time() - started
        left -= took
        if 2 * took > left:
            break
    every = run.facts["models"]["candidate"][run.params.gate.metric]
    return [*points, {"rows": len(run.train.rows), **every}] if points else []


def _judged(run: Run[Any, Any], estimator: Any, part: Dataset) -> Interval:
    with threadpool_limits(limits=1):
        fitted = estimator.fit(part.matrix, part.target)
    scores = fitted_scores(fitted, run.test.matrix)
    return interval(run.metric, run.test, scores, run.params.gate)


def share_of(train: Dataset, share: float, seed: int) -> Positions:
    """Return the positions of a share of the rows, drawn by whole groups."""
    groups, numbers = np.unique(train.groups, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(groups))
    mixed = np.argsort(order[numbers], kind="stable")
    return np.sort(mixed[: max(2, int(share * min(len(mixed), LARGEST)))])


def learning_plot(points: Points, metric: str) -> Figure:
    """Draw the metric with its interval over the number of training rows."""
    figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    axes = figure.add_subplot()
    rows = [point["rows"] for point in points]
    value, low, high = (
        [point[name] for point in points] for name in ("value", "low", "high")
    )
    axes.fill_between(rows, low, high, alpha=0.2)
    axes.plot(rows, value, "o-")
    axes.set_xscale("log", base=2)
    axes.set_xticks(rows, [f"{at:,}" for at in rows])
    axes.minorticks_off()
    axes.set(xlabel="training rows", ylabel=f"{metric} on the test rows")
    return figure


def answer(points: Points, greater_is_better: bool) -> str:
    """Return whether more rows would help, by the last doubling of the rows."""
    before, after = points[-2:]
    better = after["value"] - before["value"]
    better = better if greater_is_better else -better
    if better <= 0:
        return "More rows like these would hardly help: the last step gained nothing."
    width = after["high"] - after["low"]
    share = better / max(abs(before["value"]), 1e-12)
    gained = f"from {before['rows']:,} to {after['rows']:,} rows gained {share:.1%}"
    if better < width / 10:
        return f"More rows would hardly help: {gained}, little against its interval."
    return f"More rows would probably help: {gained}."
