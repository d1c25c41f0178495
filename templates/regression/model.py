"""The models: a baseline that anyone could deploy, candidates that must beat it.

Each candidate predicts a point and both ends of its interval, in one ONNX graph.
"""

from typing import Any

from mlservice.model.boosted_trees import BoostedRegressor
from mlservice.model.ridge_interval import RidgeInterval
from mlservice.model.side_by_side import SideBySide
from mlservice.model.target_means import with_target_means
from mlservice.training_spec import Candidate, Range
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from .features import ENCODING
from .params import Train

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on


def trivial(train: Train) -> BaseEstimator:
    """Return what looks at no feature: the median (or mean) for every row."""
    median = train.loss == "absolute_error"
    return DummyRegressor(strategy="median" if median else "mean")


def baseline(train: Train) -> BaseEstimator:
    """Return the median (or mean) by one feature: what is alike there has one answer.

    The feature is the one that goes along with the target best, cut into eight ranges;
    a missing number counts as the median.
    """
    tree = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        SelectKBest(f_regression, k=1),
        DecisionTreeRegressor(
            criterion=train.loss,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            random_state=0,
        ),
    )
    return with_target_means(tree, ENCODING, train.seed)


def boosting(train: Train) -> BaseEstimator:
    """Return gradient boosting for the target, and for both ends of its interval.

    The absolute error makes the point a median, which a few rare rows cannot move; the
    squared error makes it a mean. The ends are quantiles (Koenker & Bassett 1978).
    """
    parameters: dict[str, Any] = train.boosting.model_dump()
    parameters |= {"random_state": train.seed, "early_stopping": False}
    point = BoostedRegressor(loss=train.loss, **parameters)
    low, high = (
        BoostedRegressor(loss="quantile", quantile=quantile, **parameters)
        for quantile in (train.low_quantile, train.high_quantile)
    )
    return with_target_means(SideBySide([point, low, high]), ENCODING, train.seed)


def linear(train: Train) -> BaseEstimator:
    """Return linear regression with a penalty; its interval has the same width for all.

    A missing number counts as the median.
    """
    median = train.loss == "absolute_error"
    model = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        RidgeInterval(
            alpha=train.linear.alpha,
            quantiles=(train.low_quantile, train.high_quantile),
            median=median,
        ),
    )
    return with_target_means(model, ENCODING, train.seed)


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
