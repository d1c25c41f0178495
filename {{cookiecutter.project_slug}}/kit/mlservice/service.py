"""The interface of a service, for serving, batch prediction and Spark.

One frozen object, passed explicitly; `training_spec` adds what training needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from mlservice.arrays import Matrix
from mlservice.schema.declare import Row
from mlservice.schema.features import Feature, features_of, fingerprint

P = TypeVar("P", bound=BaseModel)  # a prediction
D = TypeVar("D", bound=BaseModel)  # a decision rule


class Scorer(Protocol):
    """A loaded model: one float32 matrix in, scores out."""

    def run(self, matrix: Matrix) -> NDArray[np.float32]:
        """Score a matrix (n, d); the scores have shape (n, outputs)."""
        raise NotImplementedError


class Encoding(Protocol):
    """Conversion of instances into one float32 matrix."""

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the d matrix columns."""

    @property
    def blocks(self) -> Mapping[str, slice]:
        """Return the matrix columns of each feature, derived ones among them."""

    @property
    def derived(self) -> Sequence[str]:
        """Return the names of the features that are computed from columns."""

    def encode(self, instances: Sequence[Any]) -> Matrix:
        """Encode n instances, as requests hold them; shape (n, d)."""

    def encode_table(self, rows: Any) -> Matrix:
        """Encode the rows of an Arrow table at once, or raise NeedsRowByRow."""


@dataclass(frozen=True)
class Body:
    """Request body of a type other than JSON, such as a form with files."""

    read: Callable[[type[Any], bytes, str], Any]  # request model, body, content type
    openapi: Mapping[str, Any]  # the media type's object in the OpenAPI document


@dataclass(frozen=True)
class Service(Generic[P, D]):
    """A service: schema, encoding, and conversion of scores to predictions."""

    name: str  # of the service and of its model in MLflow
    version: str
    task: str  # for adopting and checks only: serving, batch and model never read it
    instance: type[Row]  # what a request holds
    record: type[Row]  # a row of the file; the last column is the target
    encoding: Encoding
    prediction: type[P]
    decision: type[D]  # is kept in the model's manifest
    decide: Callable[[Sequence[Any], Any, D], list[P]]
    tabulate: Callable[[Sequence[Any], Any, D], Mapping[str, Any]]
    label_of: Callable[[P], str]  # few values, for predictions_total
    bodies: Mapping[str, Body] = field(default_factory=dict)  # by content type
    # By the name of a model's file: what loads its bytes, besides model.onnx. A model
    # in any other file is refused.
    scorers: Mapping[str, Callable[[bytes], Scorer]] = field(default_factory=dict)

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """Return the features of an instance, in order."""
        return features_of(self.instance)

    @cached_property
    def columns(self) -> tuple[Feature, ...]:
        """Return the columns of a row of the file, in order."""
        return features_of(self.record)

    @property
    def target(self) -> Feature:
        """Return the column that is predicted: the last one of the file."""
        return self.columns[-1]

    @cached_property
    def example(self) -> dict[str, Any]:
        """Return a valid instance as plain data, by column."""
        return {feature.column: feature.example for feature in self.features}

    @cached_property
    def schema_hash(self) -> str:
        """Return the hash of everything that a model's inputs and target depend on."""
        columns = {feature.column for feature in self.columns}
        derived = self.encoding.derived
        if {feature.column for feature in self.features} <= columns:
            return fingerprint(*self.columns, derived=derived)
        return fingerprint(*self.features, self.target, derived=derived)

    def encode_example(self) -> Matrix:
        """Encode the example: a changed encoding gives another matrix."""
        return self.encoding.encode([self.instance.model_validate(self.example)])
