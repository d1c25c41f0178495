"""The models: a baseline that anyone could deploy, candidates that must beat it."""

from mlservice.model.text_weights import words_and_numbers
from mlservice.training_spec import Candidate, Range
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
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


def linear(train: Train) -> BaseEstimator:
    """Return TF-IDF, bins of numbers, and logistic regression over all classes."""
    return make_pipeline(
        words_and_numbers(ENCODING),
        LogisticRegression(
            C=train.linear.inverse_regularization, max_iter=train.linear.max_iter
        ),
    )


def naive_bayes(train: Train) -> BaseEstimator:
    """Return the same weights, and naive Bayes (Manning et al. 2008, chapter 13)."""
    return make_pipeline(
        words_and_numbers(ENCODING), MultinomialNB(alpha=train.naive_bayes.alpha)
    )


CANDIDATES = {
    "linear": Candidate(
        linear, search={"inverse_regularization": Range(0.1, 100.0, log=True)}
    ),
    "naive_bayes": Candidate(
        naive_bayes, search={"alpha": Range(0.001, 10.0, log=True)}
    ),
}
