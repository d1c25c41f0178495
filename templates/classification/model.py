"""The models: a baseline that anyone could deploy, a candidate that must beat it."""

from typing import Any

from mlservice.model.boosted_trees import BoostedClassifier
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from .params import CLASSES, Train

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on


def trivial(_train: Train) -> BaseEstimator:
    """Return what looks at no feature: the training rates, for everyone."""
    return DummyClassifier(strategy="prior")


def baseline(_train: Train) -> BaseEstimator:
    """Return a heuristic of a question or a few: as many answers as there are classes.

    For two classes the tree asks the single question that separates them best, for k
    classes k - 1 questions; a missing number counts as the median. If no question
    helps, it is the trivial model.
    """
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        DecisionTreeClassifier(
            max_leaf_nodes=CLASSES, min_samples_leaf=20, random_state=0
        ),
    )


def candidate(train: Train) -> BaseEstimator:
    """Return gradient boosting with calibrated probabilities (Platt 1999).

    The sigmoid is fitted on held-out folds, then one model is fitted on all rows, so
    that serving runs a single set of trees. The folds are drawn at random: in the
    order of a sorted file, each would be another epoch.
    """
    parameters: dict[str, Any] = train.model_dump(exclude={"seed", "calibration_folds"})
    trees = BoostedClassifier(
        random_state=train.seed, early_stopping=False, **parameters
    )
    folds = StratifiedKFold(
        train.calibration_folds, shuffle=True, random_state=train.seed
    )
    return CalibratedClassifierCV(trees, method="sigmoid", cv=folds, ensemble=False)
