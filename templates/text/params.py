"""The shape of params.yaml: every knob with its type and range."""

from pydantic import Field

from .config import Budget, Gate, ParamsFile, Section, Seed, Share


class Prepare(Section):
    """How the rows are split."""

    seed: Seed
    validation_share: Share
    test_share: Share


class Train(Section):
    """How the candidate is fitted."""

    inverse_regularization: float = Field(gt=0)
    max_iter: int = Field(gt=0)


class Decision(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Params(ParamsFile):
    """The whole file."""

    prepare: Prepare
    train: Train
    decision: Decision
    gate: Gate
    budget: Budget
