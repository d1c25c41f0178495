"""Tables and plots of the report: size of the errors, coverage of the interval."""

from dataclasses import asdict
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bins import equal_bins
from mlservice.evaluation.bootstrap import Metric, interval
from mlservice.evaluation.regression import coverage, mae
from mlservice.params import Gate
from mlservice.training_spec import Tables

from .params import Promise
from .prediction import DIGITS, TARGET, Decision, limits

TABLE_BINS = 5  # of equal size, from the least to the greatest
BINS = 10  # of a plot
UNIT = TARGET.unit.replace("$", r"\$")  # a pair of them would be read as a formula
NAME = TARGET.column.replace("$", r"\$") + (f", {UNIT}" if UNIT else "")


def tables(test: Dataset, scores: Scores, decision: Decision, gate: Gate) -> Tables:
    """Return rows of equal columns, by title; `scores` (n, 3) are the candidate's."""
    return {
        "By predicted value": [
            _misses(test.take(rows), scores[rows], decision, gate)
            for rows in equal_bins(scores[:, 0], TABLE_BINS)
        ]
    }


def _misses(
    rows: Dataset, scores: Scores, decision: Decision, gate: Gate
) -> dict[str, Any]:
    low, high = limits(scores, decision)
    distance = Metric(mae, False, "mean distance")
    return {
        "rows": len(rows.rows),
        "mean prediction": round(float(scores[:, 0].mean()), DIGITS),
        "mae": asdict(interval(distance, rows, scores, gate)),
        "width": round(float(np.mean(high - low)), DIGITS),
        "coverage": round(coverage(rows.target, low, high), 4),
    }


def plots(
    test: Dataset,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    promise: Promise,
) -> dict[str, Figure]:
    """Draw each model's scores, by name; return figures by name."""
    return {
        "predicted": _predicted(test, scores["candidate"]),
        "residuals": _residuals(test, scores),
        "coverage": _coverage(test, scores, decisions, promise),
    }


def _predicted(test: Dataset, scores: Scores) -> Figure:
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(scores[:, 0], test.target, s=6, alpha=0.4)
    axes.axline((0, 0), slope=1, color="grey", linestyle=":")
    axes.set(title="Candidate", xlabel=f"predicted {NAME}", ylabel=f"observed {NAME}")
    return figure


def _residuals(test: Dataset, scores: dict[str, Scores]) -> Figure:
    """Draw the median error over the candidate's answer: a slope is a bias."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(0, color="grey", linestyle=":")
    parts = equal_bins(scores["candidate"][:, 0], BINS)
    middle = [np.median(scores["candidate"][part, 0]) for part in parts]
    for name, given in scores.items():
        errors = given[:, 0] - test.target
        axes.plot(middle, [np.median(errors[part]) for part in parts], "o-", label=name)
    axes.set(
        title="Median of predicted − observed",
        xlabel=f"candidate's {NAME}",
        ylabel=UNIT or "difference",
    )
    axes.legend()
    return figure


def _coverage(
    test: Dataset,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    promise: Promise,
) -> Figure:
    """Draw the coverage over the candidate's width: is a sure answer right as often."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(promise.coverage, color="grey", linestyle=":")
    low, high = limits(scores["candidate"], decisions["candidate"])
    parts = equal_bins(high - low, BINS)
    widths = [np.mean((high - low)[part]) for part in parts]
    for name, given in scores.items():
        low, high = limits(given, decisions[name])
        shares = [coverage(test.target[p], low[p], high[p]) for p in parts]
        axes.plot(widths, shares, "o-", label=name)
    axes.set(
        title="Coverage of the interval",
        xlabel=f"width of the candidate's interval for {NAME}",
        ylabel="share of rows inside",
    )
    axes.legend()
    return figure
