"""Two toy models of one service, and a folder that holds one of them."""

import pytest

from mlservice.model import artifact
from mlservice.testing.toy_models import toy_model
from toys.classification import SERVICE


@pytest.fixture(scope="session")
def old():
    """The bytes of one model."""
    return toy_model(SERVICE, seed=1)


@pytest.fixture(scope="session")
def new():
    """The bytes of another model."""
    return toy_model(SERVICE, seed=2)


@pytest.fixture
def facts():
    """Facts that any manifest of this service may hold."""
    return {"name": "candidate", "decision": SERVICE.decision(), "metrics": {"x": 0.5}}


@pytest.fixture
def folder(tmp_path, old, facts):
    """A folder that holds the old model."""
    artifact.save(SERVICE, tmp_path / "models/current", old, **facts)
    return tmp_path / "models/current"
