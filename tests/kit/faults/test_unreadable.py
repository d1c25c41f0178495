"""A model folder that cannot be read is one sentence, at start and later."""

import errno
import os
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from mlservice.serving.app import create_app
from mlservice.serving.settings import Settings
from toys.regression import SERVICE


def as_a_file(folder):
    shutil.rmtree(folder)
    folder.write_text("no folder", "utf-8")


def as_a_broken_link(folder):
    shutil.rmtree(folder)
    folder.symlink_to("nowhere")


def as_a_loop(folder):
    shutil.rmtree(folder)
    folder.symlink_to(folder)


def with_a_pipe(folder):
    (folder / "model.onnx").unlink()
    os.mkfifo(folder / "model.onnx")


def with_a_folder(folder):
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()


BROKEN = [as_a_file, as_a_broken_link, as_a_loop, with_a_pipe, with_a_folder]


@pytest.fixture
def model(models, tmp_path):
    """A copy of the served model that a test may change."""
    return shutil.copytree(models / "current", tmp_path / "model")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("spoil", BROKEN)
def test_what_cannot_be_read_is_named(spoil, model):
    spoil(model)
    with pytest.raises(ArtifactError, match=f"no model in {model} .*make pipeline"):
        artifact.load(SERVICE, model)


def test_a_name_that_cannot_be_is_told(tmp_path):
    with pytest.raises(ArtifactError, match="no model in .*name too long"):
        artifact.load(SERVICE, tmp_path / ("x" * 300))


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.ESTALE])
def test_a_disk_that_fails_is_told(code, model, monkeypatch):
    def fail(_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(ArtifactError, match=f"{os.strerror(code)}: {model}"):
        artifact.load(SERVICE, model)


@pytest.mark.usefixtures("impatient")
def test_a_service_waits_until_it_can_be_read_and_then_holds_it(model, models, until):
    as_a_file(model)
    settings = Settings(model_dir=model, retry_after_seconds=1)
    with TestClient(create_app(SERVICE, settings)) as client:
        assert "Not a directory" in client.get("/readyz").json()["detail"]
        model.unlink()
        shutil.copytree(models / "current", model)
        until(lambda: client.get("/readyz").status_code == 200)
        as_a_file(model)
        assert client.get("/readyz").status_code == 200
