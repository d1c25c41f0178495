"""Pictures of classes: what is taken for what, which class is hard, how sure it is.

Names are drawn as they are: a `$` in one begins no formula.
"""

import numpy as np
from matplotlib.figure import Figure

from mlservice.evaluation.classification import Labels, binned, confusion
from mlservice.evaluation.bootstrap import Scores
from .schema import TARGET

LONGEST = 24  # characters of a name that are shown


def of_classes(labels: Labels, scores: dict[str, Scores]) -> dict[str, Figure]:
    """Draw each model's scores (n, k), which are by name; return figures by name."""
    return {
        "confusion": _confusion(labels, scores["candidate"]),
        "classes": _classes(labels, scores),
        "reliability": _reliability(labels, scores),
    }


def _names() -> list[str]:
    return [
        name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        for name in TARGET.categories
    ]


def _width() -> float:
    """Return inches that are enough for every class."""
    return max(6.5, 1.5 + 0.45 * len(TARGET.categories))


def _confusion(labels: Labels, scores: Scores) -> Figure:
    table = confusion(labels, scores)
    figure = Figure(figsize=(_width(), _width() - 0.5), layout="constrained")
    axes, places = figure.add_subplot(), range(len(table))
    axes.imshow(table / np.maximum(table.sum(axis=1, keepdims=True), 1), cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        axes.text(column, row, str(count), ha="center", va="center", color="darkorange")
    axes.set_xticks(places, _names(), rotation=45, ha="right", parse_math=False)
    axes.set_yticks(places, _names(), parse_math=False)
    axes.set_ylabel(TARGET.column, parse_math=False)
    axes.set(title="Candidate", xlabel="predicted")
    return figure


def _classes(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(_width() + 1, 4.5), layout="constrained")
    axes, width = figure.add_subplot(), 0.8 / len(scores)
    places = np.arange(len(TARGET.categories))
    for number, (name, given) in enumerate(scores.items()):
        table = confusion(labels, given)
        f1 = 2 * np.diag(table) / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
        axes.bar(places + number * width, f1, width, label=name)
    middles = places + 0.4 - width / 2
    axes.set_xticks(middles, _names(), rotation=45, ha="right", parse_math=False)
    axes.set(title="F1 by class", ylim=(0, 1))
    axes.legend()
    return figure


def _reliability(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, given in scores.items():
        promised, right = given.max(axis=1), given.argmax(axis=1) == labels
        said, found, _ = binned(promised, right)
        axes.plot(said, found, marker="o", label=name)
    axes.set(title="Reliability", xlabel="promised", ylabel="right")
    axes.legend()
    return figure
