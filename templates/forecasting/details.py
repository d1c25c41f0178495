"""What the report tells beyond the metrics: rules of thumb, the hardest products."""

from dataclasses import asdict
from typing import Any

import numpy as np

from .features import NAMES
from .intervals import Scores, interval
from .metrics import bias, mase, metrics_for, wape
from .params import Decision as Correction
from .config import Gate
from .parts import Part
from .prediction import Decision

SHOWN = 5  # products, those that miss most
RULES = ("median_90", "seasonal_naive")  # the columns of docs/baseline.sql


def tables(
    test: Part, scores: Scores, decision: Decision, gate: Gate
) -> dict[str, list[dict[str, Any]]]:
    """Return rows of equal columns, by title; `scores` (n, 1) are the candidate's."""
    products = test.rows["product"].to_numpy()
    found = [
        _misses(product, test.take(at), scores[at] * decision.factor)
        for product in np.unique(products)
        if test.target[at := np.flatnonzero(products == product), 0].sum() > 0
    ]
    worst = sorted(found, key=lambda row: -row["wape"])[:SHOWN]
    return {
        "Without a model: docs/baseline.sql": [
            _rule(name, test, gate) for name in RULES
        ],
        "Products that miss most": worst,
    }


def _rule(name: str, test: Part, gate: Gate) -> dict[str, Any]:
    """Tell how good one column of the query is; the matrix has it as a ratio."""
    level, ratio = (test.matrix[:, [NAMES.index(each)]] for each in ("level", name))
    measures = metrics_for(Correction(largest_correction=0), Decision(factor=1))
    figures = {
        metric: asdict(interval(measure, test, ratio * level, gate))
        for metric, measure in measures.items()
    }
    return {"column": name, **figures}


def _misses(product: str, part: Part, units: Scores) -> dict[str, Any]:
    return {
        "product": product,
        "days": len(part.rows),
        "units a day": round(float(part.target[:, 0].mean()), 2),
        "wape": round(wape(part.target, units), 4),
        "mase": round(mase(part.target, units), 4),
        "bias": round(bias(part.target, units), 4),
    }
