"""The one form in which a model is kept: a folder with model.onnx and manifest.json.

Loading runs no code from the file (no pickle), refuses what does not fit, and says what
to do. Saving swaps whole folders, so a run killed half-way leaves the old model served.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlservice.errors import UserError
from mlservice.encoding.table import Matrix
from .prediction import Decision
from .schema import SCHEMA_HASH

FILES = ("manifest.json", "model.onnx")
RETRAIN = "run `make pipeline` to make a new one"


class ArtifactError(UserError):
    """The model cannot be served; the message says why and what to do."""


class Manifest(BaseModel):
    """What is known about a model; `GET /model` shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    name: Literal["baseline", "candidate"]
    model_version: str
    sha256: str
    schema_hash: str
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    decision: Decision
    metrics: dict[str, float] = {}
    data_sha256: str = ""
    revision: str = ""
    run_id: str = ""
    versions: dict[str, str] = {}


class Scorer:
    """A model's arithmetic: a matrix in, scores out."""

    def __init__(self, model: bytes) -> None:
        """Start a session; one thread: a row costs less than waking a second one."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def run(self, matrix: Matrix) -> NDArray[np.float32]:
        """Score a float32 matrix (n, d); the scores have shape (n, outputs)."""
        scores: NDArray[np.float32] = self._session.run(None, {self._input: matrix})[-1]
        return scores


@dataclass(frozen=True)
class Artifact:
    """A verified model, ready to run."""

    scorer: Scorer
    manifest: Manifest


def save(folder: Path, model: bytes, **facts: Any) -> Manifest:
    """Write a model and its manifest as one; return the manifest.

    `facts` are the manifest's fields, without those that follow from the model's bytes.
    """
    sha256 = hashlib.sha256(model).hexdigest()
    manifest = Manifest(
        sha256=sha256, model_version=sha256[:12], schema_hash=SCHEMA_HASH, **facts
    )
    text = manifest.model_dump_json(indent=2) + "\n"
    _swap(folder, {"model.onnx": model, "manifest.json": text.encode()})
    return manifest


def promote(source: Path, target: Path) -> None:
    """Make a saved model the one in `target`, as one step."""
    source = _present(source)
    load(source)
    _swap(target, {name: (source / name).read_bytes() for name in FILES})


def load(folder: Path) -> Artifact:
    """Read and verify a model; raise ArtifactError if it must not be served."""
    try:
        folder = _present(folder)
        manifest, model = (_read(folder / name) for name in FILES)
    except OSError as error:
        place = error.filename or folder  # what fails while it is read has no name
        raise ArtifactError(
            f"no model in {folder} ({error.strerror}: {place}); {RETRAIN}"
        ) from error
    return verify(manifest, model, str(folder))


def verify(text: bytes, model: bytes, where: str) -> Artifact:
    """Check a manifest's bytes against a model's, and start it; `where` they are from.

    Raise ArtifactError if the model must not be served.
    """
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise ArtifactError(f"{where}/manifest.json is not valid; {RETRAIN}") from error
    if hashlib.sha256(model).hexdigest() != manifest.sha256:
        raise ArtifactError(
            f"{where}/model.onnx is not what its manifest describes; {RETRAIN}"
        )
    if manifest.schema_hash != SCHEMA_HASH:
        raise ArtifactError(
            f"the model in {where} was trained for another schema.py; {RETRAIN}"
        )
    try:
        return Artifact(Scorer(model), manifest)
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        raise ArtifactError(f"{where}/model.onnx does not load: {error}") from error


def _read(path: Path) -> bytes:
    """Read a file; a pipe or a device in its place would be read for ever."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "Not a file", str(path))
    return path.read_bytes()


def _swap(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files beside `folder`, then put the new folder in its place."""
    new, old = _beside(folder, "new"), _beside(folder, "old")
    if not folder.exists() and old.exists():  # a run was killed between the two renames
        old.rename(folder)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        _fill(new, files)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # on a full disk, half a model is waste
    shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and bring them to the disk."""
    for name, content in files.items():
        with (folder / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _present(folder: Path) -> Path:
    """Return the folder, or the old one if a run was killed between the two renames."""
    old = _beside(folder, "old")
    return old if not folder.exists() and old.exists() else folder


def _beside(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.{word}")
