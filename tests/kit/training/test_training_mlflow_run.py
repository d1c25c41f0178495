"""What MLflow keeps of a run, and what is written when a part is far."""

import json
import subprocess
from types import SimpleNamespace

import mlflow
import onnxruntime
import pytest

from mlservice.errors import UserError
from mlservice.training import mlflow_run
from toys.training import NAME, SERVICE


@pytest.fixture
def kept(project, monkeypatch):
    """The run of the project, as MLflow gives it back."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project}/mlflow.db")
    manifest = json.loads((project / "models/current/manifest.json").read_text())
    return mlflow.get_run(manifest["run_id"]), manifest


def test_a_run_keeps_params_metrics_and_origin(kept):
    run, manifest = kept
    assert run.data.params["gate.resamples"] == "100"
    for name, value in manifest["metrics"].items():
        assert run.data.metrics[f"validation.candidate.{name}"] == value
    assert run.data.tags["data_sha256"] == manifest["data_sha256"]
    assert run.data.tags["gate"] == "passed"


def test_a_run_keeps_the_reports(kept):
    run, _ = kept
    found = mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="reports")
    names = {item.path.removeprefix("reports/") for item in found}
    assert names == {"metrics.json", "model-card.md", "report.html", "plots"}


def test_the_champion_is_this_run_s_model_with_its_signature(kept):
    run, _ = kept
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(NAME, "champion")
    assert version.run_id == run.info.run_id
    signature = mlflow.models.get_model_info(version.source).signature
    assert signature.inputs.inputs[0].shape == (-1, len(SERVICE.encoding.names))


@pytest.mark.usefixtures("own_project")  # its store exists: a new one takes a second
def test_a_run_that_registered_nothing_is_no_champion():
    with pytest.raises(UserError, match="registered no model"):
        with mlflow_run.run(NAME) as run_id:
            mlflow_run.set_champion(NAME, run_id)
    assert mlflow.get_run(run_id).info.status == "FAILED"


def test_outside_a_repository_the_revision_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert mlflow_run.revision() == "unknown"


def test_without_git_the_revision_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert mlflow_run.revision() == "unknown"


def test_the_revision_is_what_git_says(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="v1-2-gabc-dirty\n"))
    assert mlflow_run.revision() == "v1-2-gabc-dirty"


def test_versions_are_those_installed():
    installed = onnxruntime.__version__
    assert mlflow_run.versions(["onnxruntime"]) == {"onnxruntime": installed}
    assert mlflow_run.REQUIREMENTS == [f"onnxruntime=={installed}"]
