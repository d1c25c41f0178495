"""Plots of importance and of partial dependence. Names are drawn literally."""

import math
from typing import Any

from matplotlib.figure import Figure

from mlservice.evaluation.bootstrap import Interval
from mlservice.evaluation.class_plots import short
from mlservice.evaluation.slices import Facts
from mlservice.service import Service

LINES = 5  # classes that are drawn, at most


def importance_plots(
    service: Service[Any, Any],
    metric: str,
    importance: dict[str, Interval],
    dependence: Facts,
) -> dict[str, Figure]:
    """Draw both; return figures by name."""
    figures = {"importance": _importance(metric, importance)}
    if dependence:
        figures["dependence"] = _dependence(service, dependence)
    return figures


def _importance(metric: str, importance: dict[str, Interval]) -> Figure:
    """Draw each column's interval, the most important on top."""
    figure = Figure(figsize=(6.5, 1.5 + 0.3 * len(importance)), layout="constrained")
    axes, names = figure.add_subplot(), [short(name) for name in importance]
    for at, found in enumerate(importance.values()):
        axes.plot([found.low, found.high], [at, at], color="tab:blue")
        axes.plot(found.value, at, "o", color="tab:blue")
    axes.axvline(0, color="grey", linestyle=":")
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.invert_yaxis()
    axes.set(title="Importance", xlabel=f"how much worse {metric} is if permuted")
    return figure


def _dependence(service: Service[Any, Any], dependence: Facts) -> Figure:
    """Draw the mean score over the values of each column, two beside each other."""
    lines = math.ceil(len(dependence) / 2)
    figure = Figure(figsize=(7, 3 * lines), layout="constrained")
    panels = figure.subplots(lines, 2, sharey=True, squeeze=False).ravel()
    for unused in panels[len(dependence) :]:
        unused.remove()
    panels = panels[: len(dependence)]
    for axes, (column, found) in zip(panels, dependence.items(), strict=True):
        numbers = all(isinstance(each, float) for each in found["values"])
        places = found["values"] if numbers else range(len(found["values"]))
        for name, scores in _lines(service, found["scores"]).items():
            axes.plot(places, scores, "-" if numbers else "o", label=name)
        if not numbers:
            names = [short(str(each)) for each in found["values"]]
            axes.set_xticks(places, names, rotation=45, ha="right", parse_math=False)
        axes.set_xlabel(column, parse_math=False)
    for axes in panels[::2]:
        axes.set_ylabel("mean score")
    if len(panels[0].lines) > 1:
        panels[0].legend()
    return figure


def _lines(
    service: Service[Any, Any], scores: list[list[float]]
) -> dict[str, list[float]]:
    """Return the lines to draw: the last of two classes, the first ones of several."""
    outputs = [list(each) for each in zip(*scores, strict=True)]
    names = service.target.categories
    if len(names) == 2:
        return {names[-1]: outputs[-1]}
    shown = [short(name).replace("$", r"\$") for name in names]
    return dict(zip(shown or [service.target.column], outputs[:LINES], strict=False))
