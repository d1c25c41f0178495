"""Metrics of forecasts of many series: pure functions.

`target` has shape (n, 2): the units sold, and the scale of MASE. `scores` have shape
(n, 1), in units.
"""

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Scores

Values = NDArray[np.float64]


def wape(target: Values, scores: Scores) -> float:
    """Return the weighted absolute percentage error: sum of errors / sum of units.

    A day without sales is allowed, unlike for MAPE; products that sell much have a
    large weight. Where nothing was sold, any forecast is wrong by 1.
    """
    errors = np.abs(scores[:, 0] - target[:, 0]).sum()
    sold = target[:, 0].sum() or np.abs(scores[:, 0]).sum()
    return float(errors / sold) if sold else 0.0


def mase(target: Values, scores: Scores) -> float:
    """Return the mean absolute scaled error (Hyndman & Koehler 2006).

    Each error is divided by the mean change from week to week in the history, so every
    product weighs the same and 1 is as good as seasonal-naive was. A history without
    change has no scale: its days are left out. If no history changes, it is WAPE.
    """
    scaled = target[:, 1] > 0  # NaN is not
    if not scaled.any():
        return wape(target, scores)
    gaps = np.abs(scores[scaled, 0] - target[scaled, 0])
    return float(np.mean(gaps / target[scaled, 1]))


def bias(target: Values, scores: Scores) -> float:
    """Return (sum of forecasts - sum of units) / sum of units; 1 if none was sold."""
    sold, told = target[:, 0].sum(), scores[:, 0].sum()
    return float((told - sold) / (sold or told)) if sold or told else 0.0


def seasonal_scale(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean change from week to week in each history (n, days): shape (n,).

    That is the error of the seasonal-naive forecast within the history, by which MASE
    divides (Hyndman & Koehler 2006); NaN where no two weeks are known.
    """
    change = np.abs(units[:, 7:] - units[:, :-7])
    known = np.sum(~np.isnan(change), axis=1)
    return np.where(known, np.nansum(change, axis=1) / np.maximum(known, 1), np.nan)
