"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import Section, Seed, ServiceParams
from pydantic import Field, field_validator


class Prepare(Section):
    """How the days are split."""

    validation_days: int = Field(ge=14)
    test_days: int = Field(ge=14)
    step: int = Field(gt=0)

    @field_validator("step")
    @classmethod
    def meets_every_weekday(cls, step: int) -> int:
        """Refuse a step that would tie each horizon to one weekday."""
        if step % 7 == 0:
            raise ValueError("choose a step that is no multiple of 7")
        return step


class Boosting(Section):
    """Gradient boosting; names as in scikit-learn."""

    max_iter: int = Field(gt=0)
    learning_rate: float = Field(gt=0, le=1)
    max_leaf_nodes: int = Field(ge=2)
    min_samples_leaf: int = Field(gt=0)
    l2_regularization: float = Field(ge=0)


class Linear(Section):
    """Linear regression with a penalty."""

    alpha: float = Field(gt=0)


class Train(Section):
    """Which candidates are fitted, and how."""

    seed: Seed
    candidates: tuple[str, ...]
    boosting: Boosting
    linear: Linear


class Correction(Section):
    """What the forecast is corrected for."""

    largest_correction: float = Field(ge=0, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: Prepare
    train: Train
    decision: Correction
