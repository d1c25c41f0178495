"""Pictures of the test rows: is it near, is it fair, does the interval hold."""

import numpy as np
from matplotlib.figure import Figure

from .intervals import Places, Scores
from .metrics import coverage
from .params import Decision as Promise
from .parts import Part
from .prediction import Decision, limits
from .schema import TARGET

BINS = 10
UNIT = TARGET.unit.replace("$", r"\$")  # a pair of them would be read as a formula
NAME = TARGET.column.replace("$", r"\$") + (f", {UNIT}" if UNIT else "")


def draw(
    test: Part,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    promise: Promise,
) -> dict[str, Figure]:
    """Draw each model's scores, which are by name; return figures by name."""
    return {
        "predicted": _predicted(test, scores["candidate"]),
        "residuals": _residuals(test, scores),
        "coverage": _coverage(test, scores, decisions, promise),
    }


def _predicted(test: Part, scores: Scores) -> Figure:
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(scores[:, 0], test.target, s=6, alpha=0.4)
    axes.axline((0, 0), slope=1, color="grey", linestyle=":")
    axes.set(title="Candidate", xlabel=f"predicted {NAME}", ylabel=f"observed {NAME}")
    return figure


def _residuals(test: Part, scores: dict[str, Scores]) -> Figure:
    """Draw the median error over the candidate's answer: a slope is a bias."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(0, color="grey", linestyle=":")
    parts = _bins(scores["candidate"][:, 0])
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
    test: Part,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    promise: Promise,
) -> Figure:
    """Draw the coverage over the candidate's width: is a sure answer right as often."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(promise.coverage, color="grey", linestyle=":")
    low, high = limits(scores["candidate"], decisions["candidate"])
    parts = _bins(high - low)
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


def _bins(values: Scores) -> list[Places]:
    """Give the places of the values in `BINS` bins of equal size, in order."""
    return np.array_split(np.argsort(values, kind="stable"), BINS)
