"""Two models and a folder that holds one of them."""

import pytest

from {{ cookiecutter.package_name }} import artifact
from {{ cookiecutter.package_name }}.artifact import Manifest


@pytest.fixture
def old(project):
    """The bytes of one model."""
    return (project / "models/baseline/model.onnx").read_bytes()


@pytest.fixture
def new(project):
    """The bytes of another model."""
    return (project / "models/candidate/model.onnx").read_bytes()


@pytest.fixture
def facts(project):
    """Facts that any manifest of this service may hold."""
    text = (project / "models/current/manifest.json").read_bytes()
    manifest = Manifest.model_validate_json(text)
    return {"name": "candidate", "decision": manifest.decision, "metrics": {"x": 0.5}}


@pytest.fixture
def folder(tmp_path, old, facts):
    """A folder that holds the old model."""
    artifact.save(tmp_path / "models/current", old, **facts)
    return tmp_path / "models/current"
