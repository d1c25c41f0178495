"""How good are the forecasts: pure functions of target and scores.

`target` has shape (n, 2): the units sold, and the scale of MASE. `scores` have shape
(n, 1), in units, before the factor of the decision.
"""

import numpy as np
from numpy.typing import NDArray

from .intervals import Metric, Scores
from .params import Decision as Correction
from .parts import Part
from .prediction import Decision
from .prepare import ENOUGH

Values = NDArray[np.float64]

NEEDED = f"{ENOUGH} products that sell are needed, or as many times two weeks of one"


def metrics_for(_correction: Correction, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; each judges the forecast as it would be served."""

    def wape_(target: Values, scores: Scores) -> float:
        return wape(target, scores * decision.factor)

    def mase_(target: Values, scores: Scores) -> float:
        return mase(target, scores * decision.factor)

    def bias_(target: Values, scores: Scores) -> float:
        return bias(target, scores * decision.factor)

    return {
        "wape": Metric(wape_, False, "sum of all distances as a share of all units"),
        "mase": Metric(mase_, False, "mean distance, in those from week to week"),
        "bias": Metric(bias_, None, "forecast more (+) or less (-) than sold, share"),
    }


def wape(target: Values, scores: Scores) -> float:
    """Return the weighted absolute percentage error: sum of errors / sum of units.

    A day without sales is no trouble, as it would be for MAPE; products that sell much
    weigh much.
    """
    return float(np.abs(scores[:, 0] - target[:, 0]).sum() / target[:, 0].sum())


def mase(target: Values, scores: Scores) -> float:
    """Return the mean absolute scaled error (Hyndman & Koehler 2006).

    Each error is divided by the mean change from week to week in the history, so every
    product weighs the same and 1 is as good as seasonal-naive was. A history without
    change has no scale: its days are left out.
    """
    scaled = target[:, 1] > 0  # NaN is not
    gaps = np.abs(scores[scaled, 0] - target[scaled, 0])
    return float(np.mean(gaps / target[scaled, 1]))


def bias(target: Values, scores: Scores) -> float:
    """Return (sum of forecasts - sum of units) / sum of units."""
    sold = target[:, 0].sum()
    return float((scores[:, 0].sum() - sold) / sold)


def choose_decision(target: Values, scores: Scores, correction: Correction) -> Decision:
    """Choose the factor with which the forecasts of these rows sum up to the sales.

    It is kept within 1 ± `largest_correction`: a bias as large as that has a cause,
    which a factor would only hide.
    """
    wanted = target[:, 0].sum() / max(float(scores[:, 0].sum()), 1e-9)
    most = correction.largest_correction
    return Decision(factor=round(float(np.clip(wanted, 1 - most, 1 + most)), 4))


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    sells = (part.target[:, 0] > 0) & (part.target[:, 1] > 0)
    return len(np.unique(part.groups[sells])) >= ENOUGH
