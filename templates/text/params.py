"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import RandomSplit, Section, ServiceParams
from pydantic import Field


class Train(Section):
    """How the candidate is fitted."""

    inverse_regularization: float = Field(gt=0)
    max_iter: int = Field(gt=0)


class Review(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: RandomSplit
    train: Train
    decision: Review
