"""The models: a baseline that anyone could deploy, a candidate that must beat it."""

from typing import Any

from mlservice.model.boosted_trees import BoostedClassifier
from mlservice.model.calibration import Calibrated
from mlservice.model.target_means import with_target_means
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
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


def candidate(train: Train) -> BaseEstimator:
    """Return gradient boosting with probabilities that are calibrated if that helps.

    Held-out folds choose between none, a sigmoid and isotonic regression; training
    prints which. One model is fitted on all rows, so that serving runs a single set of
    trees.
    """
    parameters: dict[str, Any] = train.model_dump(exclude={"seed", "calibration_folds"})
    trees = BoostedClassifier(
        random_state=train.seed, early_stopping=False, **parameters
    )
    model = with_target_means(trees, ENCODING, train.seed)
    return Calibrated(model, folds=train.calibration_folds, seed=train.seed)
