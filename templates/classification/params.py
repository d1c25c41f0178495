"""The shape of params.yaml: every parameter with its type and range."""

from mlservice.params import RowSplit, Section, Seed, ServiceParams
from pydantic import Field, field_validator

from .service import SERVICE

CLASSES = len(SERVICE.target.categories)


class Boosting(Section):
    """Gradient boosting; names as in scikit-learn."""

    max_iter: int = Field(gt=0)
    learning_rate: float = Field(gt=0, le=1)
    max_leaf_nodes: int = Field(ge=2)
    min_samples_leaf: int = Field(gt=0)
    l2_regularization: float = Field(ge=0)


class Linear(Section):
    """Logistic regression."""

    inverse_regularization: float = Field(gt=0)


class Train(Section):
    """Which candidates are fitted, and how."""

    seed: Seed
    candidates: tuple[str, ...]
    calibration_folds: int = Field(ge=2)
    boosting: Boosting
    linear: Linear


class Costs(Section):
    """What a mistake costs, in the business's currency; empty for several classes."""

    cost_false_negative: float = Field(0.0, ge=0)
    cost_false_positive: float = Field(0.0, ge=0)
    currency: str = ""  # in which the report states both; empty: units of cost


class Params(ServiceParams):
    """The whole file."""

    prepare: RowSplit
    train: Train
    decision: Costs

    @field_validator("decision")
    @classmethod
    def fits_the_target(cls, decision: Costs) -> Costs:
        """Two classes have both costs, several have none; raise ValueError if not."""
        costs = ("cost_false_negative", "cost_false_positive")
        given = decision.model_fields_set.intersection(costs)
        if CLASSES == 2 and len(given) < len(costs):
            raise ValueError(f"two classes need {' and '.join(costs)}")
        if CLASSES > 2 and given:
            raise ValueError(
                f"{CLASSES} classes have no costs, as the most probable one is the "
                "answer; write `decision: {}`"
            )
        return decision
