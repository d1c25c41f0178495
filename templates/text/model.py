"""The models: a baseline that anyone could deploy, a candidate that must beat it."""

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from .features import ENCODING
from .keywords import KEYWORDS
from .params import Train
from .texts import TEXT

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on
TEXT_AT = next(
    ENCODING.blocks[feature.column].start
    for feature in ENCODING.features
    if feature.encoder is TEXT
)


def trivial(_train: Train) -> BaseEstimator:
    """Return what reads no text: the training rates, for everyone."""
    return DummyClassifier(strategy="prior")


def baseline(_train: Train) -> BaseEstimator:
    """Return the keywords: of texts that one catches, which share is of which class.

    The tree only looks up rates: its leaves are the keywords' classes and "none".
    """
    places = slice(TEXT_AT, TEXT_AT + len(KEYWORDS))
    flags = ColumnTransformer([("keyword", "passthrough", places)])
    return make_pipeline(flags, DecisionTreeClassifier(random_state=0))


def candidate(train: Train) -> BaseEstimator:
    """Return TF-IDF (Spärck Jones 1972) and logistic regression over all classes.

    Leave `sublinear_tf` off: its ONNX converter changes the scores, and export says so.
    """
    return make_pipeline(
        TfidfTransformer(),
        LogisticRegression(C=train.inverse_regularization, max_iter=train.max_iter),
    )
