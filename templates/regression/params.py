"""The shape of params.yaml: every parameter with its type and range."""

from typing import Literal

from mlservice.params import RowSplit, Section, Seed, ServiceParams
from pydantic import Field


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
    """Which candidates are fitted, and how; names as in scikit-learn."""

    seed: Seed
    candidates: tuple[str, ...]
    loss: Literal["absolute_error", "squared_error"]  # predict a median, or a mean
    low_quantile: float = Field(gt=0, lt=0.5)
    high_quantile: float = Field(gt=0.5, lt=1)
    boosting: Boosting
    linear: Linear


class Promise(Section):
    """What the answer promises."""

    coverage: float = Field(gt=0.5, lt=1)


class Params(ServiceParams):
    """The whole file."""

    prepare: RowSplit
    train: Train
    decision: Promise
