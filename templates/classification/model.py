"""The models: a baseline that anyone could deploy, candidates that must beat it."""

from typing import Any

from mlservice.model.boosted_trees import BoostedClassifier
from mlservice.model.calibration import Calibrated
from mlservice.model.target_means import with_target_means
from mlservice.training_spec import Candidate, Range
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from .features import ENCODING
from .params import CLASSES, Train

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on


def trivial(_train: Train) -> BaseEstimator:
    """Return what looks at no feature: the training rates, for everyone."""
    return DummyClassifier(strategy="prior")


def baseline(train: Train) -> BaseEstimator:
    """Return a heuristic of a question or a few: as many answers as there are classes.

    For two classes the tree asks the single question that separates them best, for k
    classes k - 1 questions; a missing number counts as the median. If no question
    helps, it is the trivial model.
    """
    tree = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        DecisionTreeClassifier(
            max_leaf_nodes=CLASSES, min_samples_leaf=20, random_state=0
        ),
    )
    return with_target_means(tree, ENCODING, train.seed)


def boosting(train: Train) -> BaseEstimator:
    """Return gradient boosting with probabilities that are calibrated if that helps.

    Held-out folds choose between none, a sigmoid and isotonic regression; training
    prints which. One model is fitted on all rows, so that serving runs a single set of
    trees.
    """
    parameters: dict[str, Any] = train.boosting.model_dump()
    trees = BoostedClassifier(
        random_state=train.seed, early_stopping=False, **parameters
    )
    return _calibrated(trees, train)


def linear(train: Train) -> BaseEstimator:
    """Return logistic regression, calibrated likewise.

    A missing number counts as the median.
    """
    model = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=train.linear.inverse_regularization, max_iter=1_000),
    )
    return _calibrated(model, train)


def _calibrated(model: BaseEstimator, train: Train) -> BaseEstimator:
    model = with_target_means(model, ENCODING, train.seed)
    return Calibrated(model, folds=train.calibration_folds, seed=train.seed)


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
    "linear": Candidate(
        linear, search={"inverse_regularization": Range(0.001, 100.0, log=True)}
    ),
}
