"""Two models and a folder that holds one of them; the command that predicts."""

import json

import pytest

from {{ cookiecutter.package_name }} import artifact, predict
from {{ cookiecutter.package_name }}.artifact import Manifest
from {{ cookiecutter.package_name }}.errors import run


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


@pytest.fixture
def on_model(project, call):
    """Run the command with the project's model."""
    return lambda *words: call(
        predict.main, *words, "--model-dir", project / "models/current"
    )


@pytest.fixture
def refused(on_model):
    """Run the command as a shell does; return its one line on stderr."""

    def line(*words):
        with pytest.raises(SystemExit) as ended:
            run(lambda: on_model(*words))
        assert "\n" not in ended.value.code
        return ended.value.code

    return line


@pytest.fixture
def jsonl(tmp_path):
    """Write rows as JSON lines; return the file."""

    def write(*rows):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
        return tmp_path / "in.jsonl"

    return write
