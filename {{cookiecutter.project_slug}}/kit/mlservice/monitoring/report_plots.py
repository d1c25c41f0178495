"""Plots of the monitoring report: evidence, metric, heat map and distributions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mlservice.data.profile import Levels, Numbers, Profile
from mlservice.evaluation.class_plots import short
from mlservice.monitoring.findings import Findings, time_of

WIDTH = 5.0  # inches: the text stays readable on a phone
COLUMNS, WINDOWS = 40, 60  # of the heat map, at most
TOGETHER = "all columns together"
DEEPEST = 6.0  # −log10 of a p-value, from which the colour stays the same
BINS, BARS = 24, 12
LABELS = 3  # of an axis of time


def by_column(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return the smallest p-value of each column, times the number of its tests."""
    tests: dict[str, list[float]] = {}
    for test, p_value in p_values.items():
        column, separator, _ = test.rpartition(": ")
        tests.setdefault(column if separator else TOGETHER, []).append(p_value)
    return {name: min(1.0, len(each) * min(each)) for name, each in tests.items()}


def evidence(found: Findings) -> Figure:
    """Draw the evidence after each window, of drift and of the metric."""
    figure = Figure(figsize=(WIDTH, 2.6), layout="constrained")
    axes = figure.add_subplot()
    known = {"drift": found.alarms.drift, found.metric: found.alarms.metric}
    for name, states in known.items():
        if not states:
            continue
        times = _times([*states])
        values = [max(state.evidence, 0.1) for state in states.values()]
        axes.plot(times, values, "o-", markersize=3, label=name)
        rung = [at for at, state in enumerate(states.values()) if state.alarm]
        axes.plot(
            [times[at] for at in rung],
            [values[at] for at in rung],
            "x",
            color="tab:red",
            markersize=9,
            markeredgewidth=2,
        )
    axes.axhline(found.alarms.threshold, color="tab:red", linestyle=":")
    axes.set(yscale="log", ylabel="evidence")
    axes.legend(loc="upper left")
    _dates(axes, [*found.history.windows])
    return figure


def performance(found: Findings) -> Figure:
    """Draw the metric of each window: with labels, and as it was expected."""
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    axes = figure.add_subplot()
    for name, of in (("expected", found.expected), ("with labels", found.measured)):
        values = {start: of(start) for start in found.performed}
        known = {start: each for start, each in values.items() if each}
        if not known:
            continue
        times = _times([*known])
        middle, low, high = (
            [each[end] for each in known.values()] for end in ("value", "low", "high")
        )
        axes.plot(times, middle, "o-", markersize=3, label=name)
        axes.fill_between(times, low, high, alpha=0.2, linewidth=0)
    if validated := found.reference.metrics.get(found.metric):
        axes.axhline(
            validated["value"], color="grey", linestyle=":", label="validation"
        )
    axes.set_ylabel(found.metric, parse_math=False)
    axes.legend()
    _dates(axes, [*found.performed])
    return figure


def heat_map(found: Findings) -> Figure:
    """Draw −log10 of the smallest p-value of each column in each window."""
    windows = [*found.history.windows][-WINDOWS:]
    of_windows = [
        by_column(found.history.windows[start]["p_values"]) for start in windows
    ]
    names = sorted(
        {name for each in of_windows for name in each},
        key=lambda name: min(each.get(name, 1.0) for each in of_windows),
    )[:COLUMNS]
    values = np.array([[each.get(name, 1.0) for each in of_windows] for name in names])
    deep = -np.log10(np.maximum(values, 10**-DEEPEST))
    figure = Figure(figsize=(WIDTH, 1.1 + 0.22 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    drawn = axes.imshow(
        deep, aspect="auto", cmap="Blues", vmin=0, vmax=DEEPEST, interpolation="nearest"
    )
    axes.set_yticks(range(len(names)), [short(name) for name in names])
    shown = _some(len(windows))
    axes.set_xticks(shown, [time_of(windows[at]) for at in shown])
    figure.colorbar(drawn, label="−log10 p-value")
    return figure


def distribution(name: str, reference: Profile, window: Profile) -> Figure:
    """Draw the shares of a column's values in the reference and in a window."""
    figure = Figure(figsize=(WIDTH * 0.8, 2.4), layout="constrained")
    axes = figure.add_subplot()
    if isinstance(reference, Numbers) and isinstance(window, Numbers):
        _of_numbers(axes, reference, window)
    else:
        assert isinstance(reference, Levels) and isinstance(window, Levels)
        _of_levels(axes, reference, window)
    axes.set_title(short(name), parse_math=False)
    axes.set_ylabel("share of rows")
    axes.legend()
    return figure


def _of_numbers(axes: Axes, reference: Numbers, window: Numbers) -> None:
    """Draw both histograms, over the middle 99 % of the reference."""
    ends = _ends(reference)
    places = np.clip(np.append(reference.edges, np.inf), ends[0], ends[-1])
    for label, each in (("training", reference), ("window", window)):
        counted, _ = np.histogram(places, ends, weights=each.counts)
        axes.stairs(
            counted / max(each.rows, 1), ends, fill=True, alpha=0.45, label=label
        )


def _ends(reference: Numbers) -> NDArray[np.float64]:
    """Return the ends of the bars: each value has its own if there are few."""
    edges = reference.edges
    if 1 < len(edges) <= 2 * BINS:
        middle = (edges[1:] + edges[:-1]) / 2
        return np.array([2 * edges[0] - middle[0], *middle, 2 * edges[-1] - middle[-1]])
    shares = np.cumsum(reference.counts[:-1]) / max(reference.rows, 1)
    low, high = np.interp([0.005, 0.995], shares, edges)
    return np.linspace(low, high if high > low else low + 1, BINS + 1)


def _of_levels(axes: Axes, reference: Levels, window: Levels) -> None:
    """Draw the shares of the most frequent levels side by side."""
    both = {
        level: (
            reference.counts.get(level, 0) / max(reference.rows, 1),
            window.counts.get(level, 0) / max(window.rows, 1),
        )
        for level in {**reference.counts, **window.counts}
    }
    order = sorted(both, key=lambda level: -max(both[level]))[:BARS]
    places = np.arange(len(order))
    for side, label in enumerate(("training", "window")):
        heights = [both[level][side] for level in order]
        axes.bar(places + 0.4 * side - 0.2, heights, 0.4, alpha=0.7, label=label)
    names = [short(level) for level in order]
    turned = 45 if sum(map(len, names)) > 40 else 0
    axes.set_xticks(places, names, rotation=turned, ha="right" if turned else "center")


def _times(starts: list[str]) -> NDArray[np.datetime64]:
    times = [datetime.fromisoformat(start).replace(tzinfo=None) for start in starts]
    return np.array(times, "datetime64[s]")


def _dates(axes: Axes, starts: Sequence[str]) -> None:
    """Label a few windows with their start."""
    shown = [starts[at] for at in _some(len(starts))]
    days = _times(shown).astype(np.int64) / 86_400  # as matplotlib counts them
    axes.set_xticks(days, [time_of(start) for start in shown])
    axes.spines[["top", "right"]].set_visible(False)


def _some(number: int) -> list[int]:
    """Return a few of so many places, the first and the last among them."""
    found = np.unique(np.linspace(0, number - 1, LABELS).astype(int))
    return [int(at) for at in found]
