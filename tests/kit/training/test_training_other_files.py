"""A candidate that is stored in a file of its own is trained, judged, registered, shipped and asked like any other."""

from dataclasses import replace
from pathlib import Path

import mlflow
import pytest

from mlservice.batch.predict_file import predict_file
from mlservice.data import files
from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from mlservice.model.explained_predictions import Explainer
from mlservice.model.explanation import NoExplanationError
from mlservice.model.predictor import Predictor
from mlservice.paths import CURRENT
from toys import training
from toys.training import NAME, TRAINING
from toys.weights import FILE, WeightsModel, listing

SERVICE = listing(TRAINING.service)


@pytest.fixture
def shipped(own_project, call, monkeypatch, capsys):
    """A project whose candidate of such a file was let through, and what training printed."""
    candidates = {"weights": lambda _: WeightsModel()}
    monkeypatch.setattr(training, "SERVICE", SERVICE)
    monkeypatch.setattr(training, "TRAINING", replace(TRAINING, service=SERVICE, candidates=candidates))
    training.write_params(own_project, {"candidates": ["weights"]}, min_gain=-100)
    assert [call(training.train), call(training.evaluate)] == [0, 0]
    return own_project, capsys.readouterr().out


def test_it_is_served_registered_and_answers(shipped, tmp_path):
    folder, said = shipped
    assert f"{FILE} agrees with it on 100.0% of the test rows → models/candidates/weights" in said
    assert "no explanation: " in said
    model = artifact.load(SERVICE, folder / CURRENT)
    assert model.manifest.model_file == FILE
    predictor = Predictor(SERVICE, model)
    with pytest.raises(NoExplanationError, match="has no explanation: it is neither a sum of trees nor linear"):
        Explainer(predictor)
    rows = files.read_split("test", SERVICE.columns)
    rows.to_parquet(tmp_path / "in.parquet")
    predict_file(predictor, tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").stat().st_size > 1000
    registered = Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}@champion"))
    assert artifact.load(SERVICE, registered).manifest == artifact.load(SERVICE, folder / "models/candidate").manifest


def test_a_service_that_lists_no_scorer_stores_nothing(own_project):
    before = sorted(own_project.glob("models/**/*"))
    fitted = WeightsModel().fit(training.read("train").matrix, training.read("train").target)
    with pytest.raises(ArtifactError, match=f"models/candidates/weights/{FILE}: `scorers` in service.py does not list"):
        training.steps.store(TRAINING.service, "weights", fitted, training.read("test"), {})
    assert sorted(own_project.glob("models/**/*")) == before
