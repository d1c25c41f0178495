"""The models: a baseline that anyone could deploy, a candidate that must beat it."""

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from .params import Train
from .texts import KEYWORDS

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on


def trivial(_train: Train) -> BaseEstimator:
    """Return what reads no ticket: the training rates, for everyone."""
    return DummyClassifier(strategy="prior")


def baseline(_train: Train) -> BaseEstimator:
    """Return the keywords: what share of the tickets that a keyword catches is whose.

    The tree only looks up rates: its leaves are the keywords' queues and "none".
    """
    flags = ColumnTransformer([("keyword", "passthrough", slice(0, len(KEYWORDS)))])
    return make_pipeline(flags, DecisionTreeClassifier(random_state=0))


def candidate(train: Train) -> BaseEstimator:
    """Return TF-IDF (Spärck Jones 1972) and logistic regression over all queues.

    Leave `sublinear_tf` off: its ONNX converter changes the scores, and export says so.
    """
    return make_pipeline(
        TfidfTransformer(),
        LogisticRegression(C=train.inverse_regularization, max_iter=train.max_iter),
    )
