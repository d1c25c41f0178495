"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import RowSplit, Section, Seed, ServiceParams
from pydantic import Field


class Convolutional(Section):
    """Convolutional network."""

    epochs: int = Field(gt=0)
    batch_size: int = Field(gt=1)
    learning_rate: float = Field(gt=0, le=1)
    channels: int = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)


class Linear(Section):
    """Logistic regression."""

    inverse_regularization: float = Field(gt=0)


class Train(Section):
    """Which candidates are fitted, and how."""

    seed: Seed
    candidates: tuple[str, ...]
    convolutional: Convolutional
    linear: Linear


class Review(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: RowSplit
    train: Train
    decision: Review
