"""Pictures of the test days: how far ahead is it good, when, and for what."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .intervals import Scores
from .metrics import bias, wape
from .params import Decision as Correction
from .parts import Part
from .prediction import Decision

SHOWN = 4  # products in the picture of forecasts


def draw(
    test: Part,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    _correction: Correction,
) -> dict[str, Figure]:
    """Draw each model's scores, which are by name; return figures by name."""
    units = {name: given * decisions[name].factor for name, given in scores.items()}
    return {
        "horizon": _horizon(test, units),
        "products": _products(test, units),
        "forecasts": _forecasts(test, units),
    }


def _horizon(test: Part, units: dict[str, Scores]) -> Figure:
    """Draw WAPE by horizon: how much is lost by looking farther ahead."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    places = _places(test, "horizon")
    for name, given in units.items():
        errors = [wape(test.target[at], given[at]) for at in places.values()]
        axes.plot(list(places), errors, "o-", label=name)
    axes.set(title="Error by horizon", xlabel="days ahead", ylabel="WAPE")
    axes.set_ylim(bottom=0)
    axes.legend()
    return figure


def _products(test: Part, units: dict[str, Scores]) -> Figure:
    """Draw WAPE over bias, a dot a product: which one is bought wrongly, and how."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0, color="grey", linestyle=":")
    for name in ("baseline", "candidate"):
        found = [
            [metric(test.target[at], units[name][at]) for metric in (bias, wape)]
            for at in _places(test, "product").values()
            if test.target[at, 0].sum() > 0
        ]
        axes.plot(*np.transpose(found), ".", label=name)
    axes.set(title="Products", xlabel="bias", ylabel="WAPE")
    axes.legend()
    return figure


def _forecasts(test: Part, units: dict[str, Scores]) -> Figure:
    """Draw what was sold and what was forecast one week ahead, for a few products."""
    figure = Figure(figsize=(10, 2 * SHOWN), layout="constrained")
    near = (test.rows["horizon"] <= 7).to_numpy()
    for number, (product, at) in enumerate(
        list(_places(test, "product").items())[:SHOWN]
    ):
        axes = figure.add_subplot(SHOWN, 1, number + 1)
        at = at[near[at]]
        days = test.rows["date"].to_numpy()[at]
        axes.plot(days, test.target[at, 0], color="grey", label="sold")
        axes.plot(days, units["candidate"][at, 0], ".", label="candidate")
        axes.set(title=product, ylabel="units")
        axes.legend()
    return figure


def _places(test: Part, column: str) -> dict[Any, NDArray[np.intp]]:
    """Give the places of the rows by their value in a column."""
    values = test.rows[column].to_numpy()
    return {value: np.flatnonzero(values == value) for value in np.unique(values)}
