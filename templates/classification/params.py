"""The shape of params.yaml: every knob with its type and range."""

from pydantic import Field

from .config import Gate, ParamsFile, Section, Seed, Share


class Prepare(Section):
    """How the rows are split."""

    seed: Seed
    validation_share: Share
    test_share: Share


class Train(Section):
    """How the candidate is fitted; names as in scikit-learn."""

    seed: Seed
    max_iter: int = Field(gt=0)
    learning_rate: float = Field(gt=0, le=1)
    max_leaf_nodes: int = Field(ge=2)
    min_samples_leaf: int = Field(gt=0)
    l2_regularization: float = Field(ge=0)
    calibration_folds: int = Field(ge=2)


class Decision(Section):
    """What a mistake costs, in the business's currency."""

    cost_false_negative: float = Field(ge=0)
    cost_false_positive: float = Field(ge=0)


class Params(ParamsFile):
    """The whole file."""

    prepare: Prepare
    train: Train
    decision: Decision
    gate: Gate
