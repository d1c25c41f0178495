"""The models: a baseline that anyone could deploy, candidates that must beat it."""

from mlservice.training_spec import Candidate, Range
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from .network import Network
from .params import Train
from .prediction import TARGET

PACKAGES = (
    "numpy",
    "scikit-learn",
    "skl2onnx",
    "torch",
    "onnxruntime",
)  # a model depends on


def trivial(_train: Train) -> BaseEstimator:
    """Return what looks at no picture: the training rates, for each."""
    return DummyClassifier(strategy="prior")


def baseline(_train: Train) -> BaseEstimator:
    """Return the nearest centroid: the class whose mean picture is closest.

    A discriminant analysis that is told to shrink the covariance to a sphere, with
    equal priors, is exactly that, and knows how sure it is.
    """
    even = [1 / len(TARGET.categories)] * len(TARGET.categories)
    return LinearDiscriminantAnalysis(solver="lsqr", shrinkage=1.0, priors=even)


def convolutional(train: Train) -> BaseEstimator:
    """Return a small convolutional network (LeCun et al. 1989)."""
    return Network(seed=train.seed, **train.convolutional.model_dump())


def linear(train: Train) -> BaseEstimator:
    """Return logistic regression on the pixels."""
    return LogisticRegression(C=train.linear.inverse_regularization, max_iter=1_000)


CANDIDATES = {
    "convolutional": Candidate(
        convolutional,
        search={
            "epochs": Range(10, 80, log=True),
            "learning_rate": Range(0.0005, 0.02, log=True),
            "channels": Range(4, 32, log=True),
            "dropout": Range(0.0, 0.6),
        },
    ),
    "linear": Candidate(
        linear, search={"inverse_regularization": Range(0.001, 100.0, log=True)}
    ),
}
