"""What MLflow keeps of a run and of a registered version, and what is written where git is not."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import mlflow
import numpy as np
import onnxruntime
import pandas as pd
import pytest

from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.training import mlflow_run
from toys import training
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
        assert run.data.metrics[f"validation.ridge.{name}"] == value
    assert run.data.tags["data_sha256"] == manifest["data_sha256"]
    assert run.data.tags["gate"] == "passed"


def test_a_run_keeps_the_reports(kept):
    run, _ = kept
    found = mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="reports")
    names = {item.path.removeprefix("reports/") for item in found}
    assert names == {"metrics.json", "model-card.md", "report.html", "summary.html", "plots"}


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


@pytest.fixture
def registered(kept):
    """The folder of the version that is the champion, as MLflow hands it out."""
    assert kept
    return Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}@champion"))


def test_the_registered_version_holds_the_artifact_s_files_byte_for_byte(project, registered):
    champion = artifact.load(SERVICE, registered)  # what a service fetches, it verifies so
    assert champion.manifest == artifact.load(SERVICE, project / "models/candidate").manifest
    for path in (project / "models/candidate").iterdir():
        assert (registered / path.name).read_bytes() == path.read_bytes()


def test_its_files_lie_where_a_service_looks_for_them(kept):
    version = mlflow.MlflowClient().get_model_version_by_alias(NAME, "champion").version
    uri = mlflow.MlflowClient().get_model_version_download_uri(NAME, version)
    found = mlflow.artifacts.list_artifacts(artifact_uri=uri)
    assert {"model.onnx", "manifest.json", "MLmodel"} <= {Path(item.path).name for item in found}
    assert kept and len({Path(item.path).parent for item in found}) == 1


def test_mlflow_scores_an_encoded_matrix_as_the_service_does(registered, monkeypatch, project):
    monkeypatch.chdir(project)
    matrix = training.read("test").matrix
    expected = artifact.load(SERVICE, registered).scorer.run(matrix)
    model = mlflow.pyfunc.load_model(str(registered))
    (scores,) = model.predict(matrix).values()
    np.testing.assert_array_equal(scores, expected)
    spark = pd.DataFrame({"row": matrix.tolist()})  # what spark_udf makes of a column of arrays
    (scores,) = model.predict(spark).values()
    np.testing.assert_array_equal(scores, expected)


def test_further_files_of_an_artifact_are_registered_with_it(own_project):
    model = (own_project / "models/candidate/model.onnx").read_bytes()
    kept = artifact.load(SERVICE, own_project / "models/candidate").manifest
    facts = {"name": "candidate", "decision": kept.decision}
    artifact.save(SERVICE, own_project / "more", model, {"reference.json": b"[1, 2]"}, **facts)
    with mlflow_run.run(NAME) as run_id:
        mlflow_run.register(NAME, own_project / "more", SERVICE.encode_example())
        mlflow_run.set_champion(NAME, run_id)
    found = Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}@champion"))
    assert artifact.load(SERVICE, found).files == {"reference.json": b"[1, 2]"}
