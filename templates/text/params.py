"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import RowSplit, Section, ServiceParams
from pydantic import Field


class Linear(Section):
    """Logistic regression."""

    inverse_regularization: float = Field(gt=0)
    max_iter: int = Field(gt=0)


class NaiveBayes(Section):
    """Naive Bayes; names as in scikit-learn."""

    alpha: float = Field(gt=0)


class Train(Section):
    """Which candidates are fitted, and how."""

    candidates: tuple[str, ...]
    linear: Linear
    naive_bayes: NaiveBayes


class Review(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: RowSplit
    train: Train
    decision: Review
