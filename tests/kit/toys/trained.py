"""Fixtures: a project of the toy training in which every stage has run once, and copies of it."""

import shutil

import pytest

from toys import training


def enter(folder, patch):
    """Make `folder` the one in which the stages read, write and keep their runs."""
    patch.chdir(folder)
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")


@pytest.fixture(scope="session")
def project(tmp_path_factory, call):
    """A folder in which sample → data → train → evaluate have run. Only read it."""
    folder = tmp_path_factory.mktemp("project")
    training.write_params(folder)
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        assert [call(stage) for stage in training.STAGES] == [0, 0, 0, 0]
    return folder


@pytest.fixture
def own_project(project, tmp_path, monkeypatch):
    """A copy of the project that a test may change; it is the current folder."""
    folder = shutil.copytree(project, tmp_path / "own")
    enter(folder, monkeypatch)
    return folder
