"""Plots as SVG within a page: alternative text, and colours that follow dark mode."""

import html
import io
import re
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

MANY = 500  # points of one series, from which they are one picture and no shapes
LEAST, MOST = 3.9, 6.0  # rem for each inch: text of 8 to 13 px; wider ones scroll
STYLE: dict[Any, Any] = (
    {  # text stays text; Verdana is as wide as what the layout was computed with
        "svg.fonttype": "none",
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    }
)
INK = {"#000000": "currentColor", "#ffffff": "var(--paper)"}


def inline(name: str, figure: Figure, alt: str = "") -> str:
    """Return a figure as the SVG element of a page; its ids begin with `name`.

    Without `alt`, the alternative text is made from titles, axes and series.
    """
    for axes in figure.axes:
        _rasterize(axes)
    file = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(
            file, format="svg", transparent=True, dpi=150, metadata={"Date": None}
        )
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)
    text = re.sub("|".join(INK), lambda found: INK[found[0]], text)
    label = html.escape(alt or description(figure))
    width = figure.get_figwidth()
    size = f"min-width:{width * LEAST:.1f}rem;max-width:{width * MOST:.1f}rem"
    start = f'<svg role="img" aria-label="{label}" style="{size}" '
    return text.replace("<svg ", start, 1)


def _rasterize(axes: Axes) -> None:
    """Draw what has very many points as a picture: thousands of shapes are slow."""
    for line in axes.lines:
        if line.get_marker() not in ("", "None", None):
            line.set_rasterized(np.shape(line.get_xydata())[0] > MANY)
    for drawn in axes.collections:
        if isinstance(drawn, PathCollection):
            drawn.set_rasterized(np.shape(drawn.get_offsets())[0] > MANY)


def description(figure: Figure) -> str:
    """Return the alternative text of a figure: its titles, axes and series."""
    return "; ".join(filter(None, map(_described, figure.axes))) or "plot"


def _described(axes: Axes) -> str:
    parts = [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
    title, across, up = (part.replace(r"\$", "$").strip() for part in parts)
    over = " over ".join(filter(None, (up, across)))
    _, names = axes.get_legend_handles_labels()
    series = f" ({', '.join(map(str, names))})" if names else ""
    return ": ".join(filter(None, (title, over))) + series
