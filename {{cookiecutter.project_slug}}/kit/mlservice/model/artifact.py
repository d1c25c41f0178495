"""Artifact: the stored form of a model, a folder with its file and manifest.json.

The file is model.onnx, or another one that the service lists in `scorers`. Loading runs
no code from the files (no pickle), and refuses what does not fit with a sentence that
says what to do.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mlservice.errors import UserError
from mlservice.model import encoded_example, folders, manifests
from mlservice.model.scorer import scorers_of
from mlservice.service import Scorer, Service

RETRAIN = "run `make pipeline` to make a new one"


Manifest = manifests.Manifest  # a public name of this module


class ArtifactError(UserError):
    """The model cannot be served; the message says why and what to do."""


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

    `facts` are the manifest's fields, without those that follow from the bytes:
    `model_file` among them for a model that is not ONNX.
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
    stored = {manifest.model_file: model, manifests.FILE: manifest.to_json()}
    folders.swap(folder, {**stored, **more})
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
    known, more = artifact.manifest, dict(files or {})
    stored = {
        name: (source / name).read_bytes()
        for name in (manifests.FILE, known.model_file)
    }
    if notes or more:
        update = {
            "notes": {**known.notes, **notes},
            "files": {**known.files, **_hashes(more)},
        }
        stored[manifests.FILE] = known.model_copy(update=update).to_json()
    folders.swap(target, {**stored, **artifact.files, **more})


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


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
    manifest = _parsed(service, read(manifests.FILE), where)
    file = manifest.model_file
    _check_listed(service, file, where)
    files = {name: read(name) for name in (file, *manifest.files)}
    for name, sha256 in {file: manifest.sha256, **manifest.files}.items():
        if hashlib.sha256(files[name]).hexdigest() != sha256:
            raise ArtifactError(
                f"{where}/{name} is not what its manifest describes; {RETRAIN}"
            )
    if manifest.schema_hash != service.schema_hash:
        raise ArtifactError(
            f"the model in {where} was trained for another schema.py; {RETRAIN}"
        )
    _check_encoding(service, manifest, where)
    return Artifact(start(service, file, files.pop(file), where), manifest, files)


def start(service: Service[Any, Any], file: str, model: bytes, where: str) -> Scorer:
    """Load the model in a file's bytes; raise ArtifactError if it does not load."""
    _check_listed(service, file, where)
    try:
        return scorers_of(service)[file](model)
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        raise ArtifactError(f"{where}/{file} does not load: {error}") from error


def _check_listed(service: Service[Any, Any], file: str, where: str) -> None:
    if file not in scorers_of(service):
        raise ArtifactError(
            f"{where}/{file}: `scorers` in service.py does not list what loads such a "
            f"file; list it, or {RETRAIN}"
        )


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
