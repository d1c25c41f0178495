"""Artifact: the stored form of a model, a folder with model.onnx and manifest.json.

Loading runs no code from the files (no pickle), and refuses what does not fit with a
sentence that says what to do.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from mlservice.errors import UserError
from mlservice.model import encoded_example, folders
from mlservice.model.scorer import Scorer
from mlservice.service import Service

FILES = ("manifest.json", "model.onnx")
RETRAIN = "run `make pipeline` to make a new one"


def _not_reserved(name: str) -> str:
    if name in FILES:
        raise ValueError(f"every artifact has a {name}")
    return name


FileName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
    AfterValidator(_not_reserved),
]
ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class ArtifactError(UserError):
    """The model cannot be served; the message says why and what to do."""


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
    files: dict[FileName, str] = {}  # further files of the artifact, with their SHA-256

    @field_validator("encoded_example")
    @classmethod
    def _holds_numbers(cls, text: str) -> str:
        encoded_example.from_text(text)
        return text


@dataclass(frozen=True)
class Artifact:
    """A verified model, ready to run."""

    scorer: Scorer
    manifest: Manifest
    files: Mapping[str, bytes] = field(default_factory=dict)  # beside the model


def save(
    service: Service[Any, Any],
    folder: Path,
    model: bytes,
    files: Mapping[str, bytes] | None = None,
    **facts: Any,
) -> Manifest:
    """Write a model, its manifest and further files atomically; return the manifest.

    `facts` are the manifest's fields, without those that follow from the bytes.
    """
    more = dict(files or {})
    sha256 = hashlib.sha256(model).hexdigest()
    manifest = Manifest(
        sha256=sha256,
        model_version=sha256[:12],
        schema_hash=service.schema_hash,
        encoded_example=encoded_example.to_text(service.encode_example()),
        files=_hashes(more),
        **facts,
    )
    folders.swap(
        folder, {"model.onnx": model, "manifest.json": _as_json(manifest), **more}
    )
    return manifest


def promote(
    service: Service[Any, Any],
    source: Path,
    target: Path,
    files: Mapping[str, bytes] | None = None,
    **notes: str,
) -> None:
    """Copy a saved model to `target` atomically; raise ArtifactError if it is bad.

    `files` are further files of the copy; `notes` are added to those of its manifest.
    """
    source = folders.present(source)
    artifact = load(service, source)
    stored = {name: (source / name).read_bytes() for name in FILES}
    more, known = dict(files or {}), artifact.manifest
    if notes or more:
        update = {
            "notes": {**known.notes, **notes},
            "files": {**known.files, **_hashes(more)},
        }
        stored["manifest.json"] = _as_json(known.model_copy(update=update))
    folders.swap(target, {**stored, **artifact.files, **more})


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _as_json(manifest: Manifest) -> bytes:
    return (manifest.model_dump_json(indent=2) + "\n").encode()


def load(service: Service[Any, Any], folder: Path) -> Artifact:
    """Read and verify a model; raise ArtifactError if it must not be served."""
    try:
        folder = folders.present(folder)
        return verify(service, lambda name: folders.read(folder / name), str(folder))
    except OSError as error:
        place = error.filename or folder  # a failed read has no name
        raise ArtifactError(
            f"no model in {folder} ({error.strerror}: {place}); {RETRAIN}"
        ) from error


def verify(
    service: Service[Any, Any], read: Callable[[str], bytes], where: str
) -> Artifact:
    """Check the files of a model, which `read` returns by name, and start it.

    `where` names their place in messages. Raise ArtifactError if the model must not be
    served, and whatever `read` raises.
    """
    text, model = (read(name) for name in FILES)
    manifest = _parsed(service, text, where)
    files = {"model.onnx": model} | {name: read(name) for name in manifest.files}
    for name, sha256 in {"model.onnx": manifest.sha256, **manifest.files}.items():
        if hashlib.sha256(files[name]).hexdigest() != sha256:
            raise ArtifactError(
                f"{where}/{name} is not what its manifest describes; {RETRAIN}"
            )
    if manifest.schema_hash != service.schema_hash:
        raise ArtifactError(
            f"the model in {where} was trained for another schema.py; {RETRAIN}"
        )
    _check_encoding(service, manifest, where)
    try:
        scorer = Scorer(files.pop("model.onnx"))
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        raise ArtifactError(f"{where}/model.onnx does not load: {error}") from error
    return Artifact(scorer, manifest, files)


def _parsed(service: Service[Any, Any], text: bytes, where: str) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(text)
        decision = service.decision.model_validate(manifest.decision)
    except ValidationError as error:
        raise ArtifactError(f"{where}/manifest.json is not valid; {RETRAIN}") from error
    return manifest.model_copy(update={"decision": decision})


def _check_encoding(service: Service[Any, Any], manifest: Manifest, where: str) -> None:
    """Raise ArtifactError if the example is encoded to other numbers than in training.

    Models of before 0.7.0 hold no encoded example.
    """
    if not manifest.encoded_example:
        return
    try:
        found = encoded_example.difference(service, manifest.encoded_example)
    except Exception as error:  # a derived feature is the user's code
        raise ArtifactError(
            "the example of schema.py cannot be encoded "
            f"({type(error).__name__}: {error}); correct the encoding"
        ) from error
    if found is not None:
        raise ArtifactError(
            f"the model in {where} was trained for another encoding of the example in "
            f"schema.py{found}; {RETRAIN}"
        )
