"""A toy model in a folder, the command on it, and files of rows."""

import json
from functools import partial

import pytest

from mlservice.batch.command import predict_command
from mlservice.errors import run
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.testing.toy_models import save_toy
from toys.classification import SERVICE


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """The folder of a model of the toy classification. Only read it."""
    folder = tmp_path_factory.mktemp("model") / "current"
    save_toy(SERVICE, folder)
    return folder


@pytest.fixture
def predictor(model):
    """The model, loaded as the service loads it."""
    return Predictor(SERVICE, artifact.load(SERVICE, model))


@pytest.fixture
def on_model(model, call):
    """Run the command with the model."""
    return lambda *words: call(partial(predict_command, SERVICE), *words, "--model-dir", model)


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
