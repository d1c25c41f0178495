"""The shape of params.yaml: every knob with its type and range."""

from typing import Annotated

from pydantic import Field

from .config import ParamsFile, Section

Share = Annotated[float, Field(gt=0, lt=0.5)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]


class Prepare(Section):
    """How the rows are split."""

    seed: Seed
    validation_share: Share
    test_share: Share


class Train(Section):
    """How the candidate is fitted."""

    seed: Seed
    epochs: int = Field(gt=0)
    batch_size: int = Field(gt=1)
    learning_rate: float = Field(gt=0, le=1)
    channels: int = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)


class Decision(Section):
    """When a person looks first."""

    review_share: float = Field(ge=0, lt=1)


class Gate(Section):
    """When a candidate may ship."""

    metric: str
    min_gain: float
    confidence: float = Field(gt=0.5, lt=1)
    resamples: int = Field(ge=100)
    seed: Seed
    slices: tuple[str, ...]


class Params(ParamsFile):
    """The whole file."""

    prepare: Prepare
    train: Train
    decision: Decision
    gate: Gate
