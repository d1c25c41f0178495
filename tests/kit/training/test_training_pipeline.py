"""The gate and the runs that MLflow keeps, with the steps of a training in their order."""

import json
import shutil

import mlflow
import pytest

from mlservice.data import files
from mlservice.errors import UserError, run
from mlservice.evaluation import gate
from mlservice.model import artifact
from mlservice.paths import RAW
from toys import training
from toys.training import NAME, SERVICE


def champion():
    """Return the version that MLflow calls champion."""
    client = mlflow.MlflowClient()
    return client.get_model_version_by_alias(NAME, "champion").version


def contents(folder):
    """Return every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_passes_the_gate_is_served(project):
    facts = json.loads((project / "reports/metrics.json").read_text(encoding="utf-8"))
    assert facts["gate"]["passed"] is True
    served = contents(project / "models/current")
    assert served == contents(project / "models/candidate")
    assert {"baseline", "trivial"} <= set(facts["gate"]["gains"])


def test_without_a_signal_the_baseline_ships(own_project, call, capsys):
    served, version = contents(own_project / "models/current"), champion()
    training.write_params(own_project, min_gain=0.0)
    rows = files.load(RAW, SERVICE.columns)
    rows[SERVICE.target.column] = rows[SERVICE.target.column].sample(frac=1, random_state=1).to_numpy()
    rows.to_csv("data/raw.csv", index=False)
    assert call(training.prepare) == 0
    assert call(training.train) == 0
    assert call(training.evaluate) == gate.REFUSED
    assert gate.SHIP_BASELINE in capsys.readouterr().out
    assert contents(own_project / "models/current") == served
    assert champion() == version
    newest = mlflow.MlflowClient().search_model_versions(f"name='{NAME}'")
    assert max(int(found.version) for found in newest) == int(version) + 1


def test_where_the_parameter_says_so_the_baseline_of_a_refused_candidate_is_served(own_project, call):
    shutil.rmtree(own_project / "models/current")  # no champion yet
    training.write_params(own_project, min_gain=1e300, on_refusal="ship_baseline")
    for _ in range(2):  # then a champion that is no better
        assert call(training.evaluate) == 0
        assert artifact.load(SERVICE, own_project / "models/current").manifest.name == "baseline"


def test_it_takes_no_place_of_a_champion_that_is_significantly_better(own_project, call, capsys):
    served = contents(own_project / "models/current")
    training.write_params(own_project, min_gain=1e300, on_refusal="ship_baseline")
    assert call(training.evaluate) == 0
    assert "the champion is significantly better than the baseline" in capsys.readouterr().out
    assert contents(own_project / "models/current") == served


def test_a_refusal_is_told_from_a_fault_by_its_exit_code(own_project, call):
    training.write_params(own_project, min_gain=1e300)
    with pytest.raises(SystemExit) as refused:
        run(lambda: call(training.evaluate))
    (own_project / "models/candidate/model.onnx").unlink()
    with pytest.raises(SystemExit) as broken:
        run(lambda: call(training.evaluate))
    assert refused.value.code == 3 and isinstance(broken.value.code, str)  # a sentence: exit code 1


def test_the_champion_s_equal_passes(own_project, call, capsys):
    assert call(training.evaluate) == 0
    out = capsys.readouterr().out
    assert "gain over the champion: +0.0000 [+0.0000, +0.0000]" in out
    assert contents(own_project / "models/current")


def test_a_broken_champion_cannot_stop_a_better_candidate(own_project, call, capsys):
    (own_project / "models/current/model.onnx").write_bytes(b"broken")
    assert call(training.evaluate) == 0
    assert "champion not compared" in capsys.readouterr().out
    assert artifact.load(SERVICE, own_project / "models/current").manifest.name == "ridge"


def test_a_candidate_that_was_pulled_is_registered_here(own_project, call, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{own_project}/another.db")
    assert call(training.evaluate) == 0
    assert champion() == 1


def test_shipping_the_baseline_serves_it(own_project, call):
    version = champion()
    assert call(training.evaluate, "--ship-baseline") == 0
    assert artifact.load(SERVICE, own_project / "models/current").manifest.name == "baseline"
    assert champion() == version


@pytest.mark.parametrize(("parameter", "value"), [("metric", "no_such_metric"), ("slices", ["no_such_column"])])
def test_a_gate_that_names_what_is_not_there_says_so(parameter, value, own_project, call):
    training.write_params(own_project, **{parameter: value})
    with pytest.raises(UserError, match=f"params.yaml: gate.{parameter}"):
        call(training.evaluate)


def test_evaluating_before_training_says_what_to_do(own_project, call):
    (own_project / "models/candidate/model.onnx").unlink()
    with pytest.raises(artifact.ArtifactError, match="make pipeline"):
        call(training.evaluate)


def test_a_server_that_is_gone_is_one_sentence(own_project, call, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    served = contents(own_project / "models/current")
    with pytest.raises(SystemExit) as ended:
        run(lambda: call(training.train))
    assert str(ended.value).startswith("error: MLflow at http://127.0.0.1:9 refused")
    assert "\n" not in str(ended.value)
    assert contents(own_project / "models/current") == served
