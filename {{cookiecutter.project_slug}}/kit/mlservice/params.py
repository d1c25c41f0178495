"""Sections of params.yaml, and their loading and validation.

An undeclared name is an error, so that a typo never selects a default.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mlservice.errors import UserError, sentence

PARAMS = Path("params.yaml")


class Section(BaseModel):
    """A group of parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Share = Annotated[float, Field(gt=0, lt=0.5)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]


class RowSplit(Section):
    """Shares of the rows that are held out: at random, the latest, or whole groups."""

    seed: Seed
    validation_share: Share
    test_share: Share
    split: Literal["random", "time", "group"] = "random"
    column: str = ""  # of the raw file, a feature or not: the time, or the group

    @model_validator(mode="after")
    def names_its_column(self) -> Self:
        """Raise ValueError for a split by a column that is not named."""
        if self.split != "random" and not self.column:
            raise ValueError(f"split: {self.split} needs `column`, a column's name")
        return self


RandomSplit = RowSplit  # its name in the projects of 0.8.0


class Gate(Section):
    """Conditions under which a candidate may ship; every task has them."""

    metric: str
    min_gain: float
    confidence: float = Field(gt=0.5, lt=1)
    resamples: int = Field(ge=100)
    seed: Seed
    slices: tuple[str, ...]
    on_refusal: Literal["fail", "ship_baseline"] = "fail"


class Monitoring(Section):
    """Windows and alarms of `make monitor`."""

    window_hours: float = Field(24, gt=0)
    expected_windows_between_false_alarms: float = Field(365, gt=1)
    keep_reference_rows: int = Field(2_000, ge=0)
    seed: Seed = 0


class Budget(Section):
    """Load and latency that the service must bear; `make load-test` checks them."""

    users: int = Field(gt=0)
    requests_per_second: float = Field(gt=0)
    seconds: int = Field(gt=0)
    p99_ms: float = Field(gt=0)
    error_rate: float = Field(ge=0, lt=1)


class ParamsFile(Section):
    """The contents of params.yaml; a subclass declares the sections."""

    @classmethod
    def load(cls, path: Path = PARAMS) -> Self:
        """Read and check the file; raise UserError naming each wrong parameter."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise UserError(
                f"cannot read {path} ({error.strerror}); "
                "run this in the project's folder"
            ) from error
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except yaml.YAMLError as error:
            raise UserError(f"{path} is not valid YAML: {error}") from error
        except ValidationError as error:
            raise UserError(f"{path}: {sentence(error)}") from error


class ServiceParams(ParamsFile):
    """The sections that every service has; a subclass declares their parameters."""

    train: Section  # of the candidate
    decision: Section
    gate: Gate
    budget: Budget
    monitoring: Monitoring = Monitoring()
