"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import RandomSplit, Section, Seed, ServiceParams
from pydantic import Field


class Train(Section):
    """How the candidate is fitted."""

    seed: Seed
    epochs: int = Field(gt=0)
    batch_size: int = Field(gt=1)
    learning_rate: float = Field(gt=0, le=1)
    channels: int = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)


class Review(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: RandomSplit
    train: Train
    decision: Review
