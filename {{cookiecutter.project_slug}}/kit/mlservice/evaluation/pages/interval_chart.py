"""Dot plot of estimates with their intervals, one a line."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from mlservice.evaluation.class_plots import short

WIDTH = 5.0  # inches: the text stays readable on a phone


def interval_chart(
    found: Mapping[str, Mapping[str, float]], label: str, reference: float | None = None
) -> Figure:
    """Draw each estimate (value, low, high) by name, the first on top.

    `reference` is drawn as a dotted line.
    """
    figure = Figure(figsize=(WIDTH, 0.8 + 0.28 * len(found)), layout="constrained")
    axes = figure.add_subplot()
    for at, one in enumerate(found.values()):
        axes.plot([one["low"], one["high"]], [at, at], color="tab:blue", linewidth=2)
        axes.plot(one["value"], at, "o", color="tab:blue")
    if reference is not None:
        axes.axvline(reference, color="grey", linestyle=":")
    names = [short(name) for name in found]
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(label, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
