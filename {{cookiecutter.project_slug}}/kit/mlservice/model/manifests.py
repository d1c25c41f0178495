"""Manifest: facts about a stored model, beside it as manifest.json."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from mlservice.model import encoded_example
from mlservice.model.scorer import ONNX

FILE = "manifest.json"


def _not_reserved(name: str) -> str:
    if name == FILE:
        raise ValueError(f"every artifact has a {name}")
    return name


FileName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
    AfterValidator(_not_reserved),
]
ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Manifest(BaseModel):
    """Facts about a model: identity, origin, validation metrics, decision rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    name: ModelName
    model_version: str
    sha256: str
    schema_hash: str
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    decision: Any
    metrics: dict[str, float] = {}
    data_sha256: str = ""
    revision: str = ""
    run_id: str = ""
    versions: dict[str, str] = {}
    notes: dict[str, str] = {}  # what the estimator chose by itself, for people
    encoded_example: str = ""  # numbers as base64: see encoded_example.py
    model_file: FileName = ONNX  # which file is the model; `sha256` is its hash
    files: dict[FileName, str] = {}  # further files of the artifact, with their SHA-256

    @field_validator("encoded_example")
    @classmethod
    def _holds_numbers(cls, text: str) -> str:
        encoded_example.from_text(text)
        return text

    @model_validator(mode="after")
    def _names_each_file_once(self) -> Self:
        if taken := {ONNX, self.model_file} & self.files.keys():
            raise ValueError(f"files: {min(taken)} is a model, and no further file")
        return self

    def to_json(self) -> bytes:
        """Return the file's bytes; until 0.8.0 no manifest had a `model_file`."""
        unsaid = {"model_file"} if self.model_file == ONNX else None
        return (self.model_dump_json(indent=2, exclude=unsaid) + "\n").encode()
