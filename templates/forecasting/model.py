"""The models: a baseline that anyone could deploy, candidates that must beat it.

All forecast relative to a product's level; the ONNX graph gives units.
"""

from typing import Any

from mlservice.model.boosted_trees import BoostedRegressor
from mlservice.model.per_level import BestColumn, PerLevel
from mlservice.training_spec import Candidate, Range
from sklearn.base import BaseEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

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


def boosting(train: Train) -> BaseEstimator:
    """Return gradient boosting on lags and calendar, one model for all horizons.

    The horizon is a feature: each day is forecast directly, never from another
    forecast, so errors do not add up (Ben Taieb et al. 2012).
    """
    parameters: dict[str, Any] = train.boosting.model_dump()
    return PerLevel(
        BoostedRegressor(
            loss="squared_error",  # the mean: sums of forecasts must be right, too
            random_state=train.seed,
            early_stopping=False,
            **parameters,
        )
    )


def linear(train: Train) -> BaseEstimator:
    """Return linear regression with a penalty, on the same lags and calendar.

    A missing number counts as the median.
    """
    return PerLevel(
        make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            Ridge(alpha=train.linear.alpha),
        )
    )


CANDIDATES = {
    "boosting": Candidate(
        boosting,
        search={
            "max_iter": Range(30, 500, log=True),
            "learning_rate": Range(0.01, 0.3, log=True),
            "max_leaf_nodes": Range(3, 64, log=True),
            "min_samples_leaf": Range(5, 100, log=True),
            "l2_regularization": Range(0.01, 100.0, log=True),
        },
    ),
    "linear": Candidate(linear, search={"alpha": Range(0.01, 1000.0, log=True)}),
}
