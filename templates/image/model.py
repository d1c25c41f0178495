"""The models: a baseline that anyone could deploy, a candidate that must beat it."""

from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier

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


def candidate(train: Train) -> BaseEstimator:
    """Return a small convolutional network (LeCun et al. 1989)."""
    return Network(**train.model_dump())
