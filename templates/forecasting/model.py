"""The models: a baseline that anyone could deploy, a candidate that must beat it.

All forecast relative to a product's level; the ONNX graph gives units.
"""

from typing import Any

from mlservice.model.boosted_trees import BoostedRegressor
from mlservice.model.per_level import BestColumn, PerLevel
from sklearn.base import BaseEstimator

from .features import ENCODING
from .params import Train

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on
MEDIAN, SEASONAL = (
    ENCODING.names.index(name) - 1 for name in ("median_90", "seasonal_naive")
)


def trivial(_train: Train) -> BaseEstimator:
    """Return what needs no model: the median of the last 90 days, for every day."""
    return PerLevel(BestColumn([MEDIAN]))


def baseline(_train: Train) -> BaseEstimator:
    """Return the better of that median and the seasonal-naive forecast.

    Seasonal-naive: what sold on the last such weekday. One query computes both:
    `docs/baseline.sql`.
    """
    return PerLevel(BestColumn([MEDIAN, SEASONAL]))


def candidate(train: Train) -> BaseEstimator:
    """Return gradient boosting on lags and calendar, one model for all horizons.

    The horizon is a feature: each day is forecast directly, never from another
    forecast, so errors do not add up (Ben Taieb et al. 2012).
    """
    parameters: dict[str, Any] = train.model_dump(exclude={"seed"})
    return PerLevel(
        BoostedRegressor(
            loss="squared_error",  # the mean: sums of forecasts must be right, too
            random_state=train.seed,
            early_stopping=False,
            **parameters,
        )
    )
