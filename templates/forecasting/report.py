"""Tables and plots of the report: horizons, products, rules of thumb."""

from dataclasses import asdict
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from mlservice.arrays import Positions, Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import interval
from mlservice.evaluation.forecasting import bias, mase, wape
from mlservice.params import Gate
from mlservice.training_spec import Tables

from .features import ENCODING
from .metrics import metrics_for
from .params import Correction
from .prediction import Decision

WORST = 5  # products in the table, those that miss most
SHOWN = 4  # products in the picture of forecasts
RULES = ("median_90", "seasonal_naive")  # the columns of docs/baseline.sql


def tables(test: Dataset, scores: Scores, decision: Decision, gate: Gate) -> Tables:
    """Return rows of equal columns, by title; `scores` (n, 1) are the candidate's."""
    products = test.rows["product"].to_numpy()
    found = [
        _misses(product, test.take(at), scores[at] * decision.factor)
        for product in np.unique(products)
        if test.target[at := np.flatnonzero(products == product), 0].sum() > 0
    ]
    worst = sorted(found, key=lambda row: -row["wape"])[:WORST]
    return {
        "Without a model: docs/baseline.sql": [
            _rule(name, test, gate) for name in RULES
        ],
        "Products that miss most": worst,
    }


def _rule(name: str, test: Dataset, gate: Gate) -> dict[str, Any]:
    """Return the metrics of one column of the query; the matrix has it as a ratio."""
    level, ratio = (
        test.matrix[:, [ENCODING.names.index(column)]] for column in ("level", name)
    )
    known = metrics_for(Correction(largest_correction=0), Decision(factor=1))
    metrics = {
        key: asdict(interval(metric, test, ratio * level, gate))
        for key, metric in known.items()
    }
    return {"column": name, **metrics}


def _misses(product: str, rows: Dataset, units: Scores) -> dict[str, Any]:
    return {
        "product": product,
        "days": len(rows.rows),
        "units a day": round(float(rows.target[:, 0].mean()), 2),
        "wape": round(wape(rows.target, units), 4),
        "mase": round(mase(rows.target, units), 4),
        "bias": round(bias(rows.target, units), 4),
    }


def plots(
    test: Dataset,
    scores: dict[str, Scores],
    decisions: dict[str, Decision],
    _correction: Correction,
) -> dict[str, Figure]:
    """Draw each model's scores, by name; return figures by name."""
    units = {name: given * decisions[name].factor for name, given in scores.items()}
    return {
        "horizon": _horizon(test, units),
        "products": _products(test, units),
        "forecasts": _forecasts(test, units),
    }


def _horizon(test: Dataset, units: dict[str, Scores]) -> Figure:
    """Draw WAPE by horizon: how much is lost by looking farther ahead."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    positions = _positions(test, "horizon")
    for name, given in units.items():
        errors = [wape(test.target[at], given[at]) for at in positions.values()]
        axes.plot(list(positions), errors, "o-", label=name)
    axes.set(title="Error by horizon", xlabel="days ahead", ylabel="WAPE")
    axes.set_ylim(bottom=0)
    axes.legend()
    return figure


def _products(test: Dataset, units: dict[str, Scores]) -> Figure:
    """Draw WAPE over bias, a dot a product: which one is bought wrongly, and how."""
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0, color="grey", linestyle=":")
    for name in ("baseline", "candidate"):
        found = [
            [metric(test.target[at], units[name][at]) for metric in (bias, wape)]
            for at in _positions(test, "product").values()
            if test.target[at, 0].sum() > 0
        ]
        axes.plot(*np.transpose(found), ".", label=name)
    axes.set(title="Products", xlabel="bias", ylabel="WAPE")
    axes.legend()
    return figure


def _forecasts(test: Dataset, units: dict[str, Scores]) -> Figure:
    """Draw what was sold and what was forecast one week ahead, for a few products."""
    figure = Figure(figsize=(10, 2 * SHOWN), layout="constrained")
    near = (test.rows["horizon"] <= 7).to_numpy()
    for number, (product, at) in enumerate(
        list(_positions(test, "product").items())[:SHOWN]
    ):
        axes = figure.add_subplot(SHOWN, 1, number + 1)
        at = at[near[at]]
        days = test.rows["date"].to_numpy()[at]
        axes.plot(days, test.target[at, 0], color="grey", label="sold")
        axes.plot(days, units["candidate"][at, 0], ".", label="candidate")
        axes.set(title=product, ylabel="units")
        axes.legend()
    return figure


def _positions(test: Dataset, column: str) -> dict[Any, Positions]:
    """Return the positions of the rows by their value in a column."""
    values = test.rows[column].to_numpy()
    return {value: np.flatnonzero(values == value) for value in np.unique(values)}
