"""The shape of params.yaml: every knob with its type and range."""

from pydantic import Field, field_validator

from .config import Budget, Gate, ParamsFile, Section, Seed, Share
from .schema import TARGET


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
    """What a mistake costs, in the business's currency; empty for several classes."""

    cost_false_negative: float = Field(0.0, ge=0)
    cost_false_positive: float = Field(0.0, ge=0)


class Params(ParamsFile):
    """The whole file."""

    prepare: Prepare
    train: Train
    decision: Decision
    gate: Gate
    budget: Budget

    @field_validator("decision")
    @classmethod
    def fits_the_target(cls, decision: Decision) -> Decision:
        """Two classes have both costs, several have none; raise ValueError if not."""
        given, costs = decision.model_fields_set, Decision.model_fields
        if len(TARGET.categories) == 2 and len(given) < len(costs):
            raise ValueError(f"two classes need {' and '.join(costs)}")
        if len(TARGET.categories) > 2 and given:
            raise ValueError(
                f"{len(TARGET.categories)} classes have no costs, as the most probable "
                "one is the answer; write `decision: {}`"
            )
        return decision
