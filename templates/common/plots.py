"""Pictures of the test rows: what is taken for what, which class is hard, how sure."""

import numpy as np
from matplotlib.figure import Figure

from .intervals import Scores
from .metrics import CLASSES, Labels, confusion
from .params import Decision as Share
from .parts import Part
from .prediction import Decision
from .schema import TARGET

BINS = 10  # of the reliability plot, with as many rows in each


def draw(
    test: Part,
    scores: dict[str, Scores],
    _decisions: dict[str, Decision],
    _share: Share,
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), which are by name; return figures by name."""
    return {
        "confusion": _confusion(test.target, scores["candidate"]),
        "classes": _classes(test.target, scores),
        "reliability": _reliability(test.target, scores),
    }


def _confusion(labels: Labels, scores: Scores) -> Figure:
    table = confusion(labels, scores)
    figure = Figure(figsize=(6.5, 6), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(table / np.maximum(table.sum(axis=1, keepdims=True), 1), cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        axes.text(column, row, str(count), ha="center", va="center", color="darkorange")
    names, places = TARGET.categories, range(CLASSES)
    axes.set_xticks(places, names, rotation=45, ha="right")
    axes.set_yticks(places, names)
    axes.set(title="Candidate", xlabel="predicted", ylabel=TARGET.column)
    return figure


def _classes(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    axes, width = figure.add_subplot(), 0.8 / len(scores)
    for number, (name, given) in enumerate(scores.items()):
        table = confusion(labels, given)
        f1 = 2 * np.diag(table) / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
        axes.bar(np.arange(CLASSES) + number * width, f1, width, label=name)
    axes.set_xticks(np.arange(CLASSES) + 0.4 - width / 2, TARGET.categories)
    axes.set(title="F1 by class", ylim=(0, 1))
    axes.legend()
    return figure


def _reliability(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, given in scores.items():
        promised, right = given.max(axis=1), given.argmax(axis=1) == labels
        parts = np.array_split(np.argsort(promised, kind="stable"), BINS)
        points = [(promised[part].mean(), right[part].mean()) for part in parts]
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(title="Reliability", xlabel="promised", ylabel="right")
    axes.legend()
    return figure
