"""Which metrics there are, and which factor corrects the forecasts.

`target` has shape (n, 2): the units sold, and the scale of MASE. `scores` have shape
(n, 1), in units, before the factor of the decision.
"""

import numpy as np
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.forecasting import Values, bias, mase, wape

from .data import ENOUGH
from .params import Correction
from .prediction import Decision

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


def choose_decision(target: Values, scores: Scores, correction: Correction) -> Decision:
    """Choose the factor with which the forecasts of these rows sum up to the sales.

    It is kept within 1 ± `largest_correction`: a bias as large as that has a cause,
    which a factor would only hide.
    """
    wanted = target[:, 0].sum() / max(float(scores[:, 0].sum()), 1e-9)
    most = correction.largest_correction
    return Decision(factor=round(float(np.clip(wanted, 1 - most, 1 + most)), 4))


def enough(rows: Dataset) -> bool:
    """Return whether these rows are enough for the metrics to mean anything."""
    sells = (rows.target[:, 0] > 0) & (rows.target[:, 1] > 0)
    return len(np.unique(rows.groups[sells])) >= ENOUGH
