"""Steps of training and evaluation: what they accept, what they say, what they refuse."""

import json
import shutil

import numpy as np
import pytest

from mlservice.errors import UserError
from mlservice.evaluation import report
from mlservice.evaluation import steps as evaluation
from mlservice.model import artifact
from mlservice.model.explained_predictions import Explainer
from mlservice.model.onnx_export import ExportError
from mlservice.model.predictor import Predictor
from mlservice.paths import CANDIDATE
from mlservice.training import steps
from toys import training
from toys.training import SERVICE, TRAINING


def test_training_takes_no_argument(call):
    call(steps.parse_arguments)
    with pytest.raises(SystemExit, match="2"):
        call(steps.parse_arguments, "--fast")


def test_what_is_trained_and_validated_is_said(own_project, call, capsys):
    assert call(training.train) == 0
    out = capsys.readouterr().out
    assert "fitting the baseline on 200 rows" in out and "fitting the ridge on 200 rows" in out
    assert "ONNX agrees with it on 100.0% of the test rows → models/candidates/ridge" in out
    assert "validation: mae " in out and own_project


def test_the_manifest_keeps_origin_decision_and_validation_metrics(own_project):
    kept = artifact.load(SERVICE, own_project / CANDIDATE).manifest
    validation = training.read("validation")
    scores = artifact.load(SERVICE, own_project / CANDIDATE).scorer.run(validation.matrix)
    expected = {
        n: m.compute(validation.target, scores) for n, m in training.metrics_for(_promise(), kept.decision).items()
    }
    assert kept.metrics == pytest.approx(expected, rel=1e-4)
    assert kept.decision.margin == pytest.approx(
        training.choose_decision(validation.target, scores, _promise()).margin, rel=1e-3
    )
    assert {*kept.versions} == {"numpy", "scikit-learn"} and len(kept.data_sha256) == 64


def _promise():
    return TRAINING.params.load().decision


def test_a_model_whose_export_differs_is_not_stored(own_project):
    test = training.read("test")
    fitted = steps.fit("candidate", training.imputed(training.Ridge()), training.read("train"))
    served = (own_project / CANDIDATE / "model.onnx").read_bytes()

    class Other:  # pylint: disable=missing-class-docstring
        to_onnx = staticmethod(lambda: served)
        predict = staticmethod(lambda matrix: fitted.predict(matrix) + 5)

    with pytest.raises(ExportError, match="ONNX export agrees"):
        steps.store(SERVICE, "candidate", Other(), test, {}, decision=SERVICE.decision())
    assert (own_project / CANDIDATE / "model.onnx").read_bytes() == served


def test_what_an_estimator_chose_is_said_and_kept(own_project, capsys):
    model = training.imputed(training.Ridge())
    model.notes_ = {"calibration": "none (log loss in folds: none 0.1)"}
    fitted = steps.fit("candidate", model, training.read("train"))
    assert "  calibration: none (log loss in folds: none 0.1)\n" in capsys.readouterr().out
    steps.store(SERVICE, "candidate", fitted, training.read("test"), {}, decision=SERVICE.decision())
    kept = artifact.load(SERVICE, own_project / CANDIDATE).manifest
    assert kept.notes == model.notes_
    rows = report._origin(kept)  # pylint: disable=protected-access # the whole card needs a comparison
    assert "| calibration | none (log loss in folds: none 0.1) |" in rows


def test_too_few_test_rows_are_refused_with_what_is_needed(own_project):
    few = training.read("test").take(np.arange(9))
    candidate = artifact.load(SERVICE, own_project / CANDIDATE)
    with pytest.raises(UserError, match="^too few test rows .10 are needed.; bring more rows$"):
        evaluation.compare(TRAINING, TRAINING.params.load(), few, candidate)


def test_every_rival_is_scored_with_its_own_decision(own_project):
    candidate = artifact.load(SERVICE, own_project / CANDIDATE)
    test = training.read("test")
    found = evaluation.compare(TRAINING, TRAINING.params.load(), test, candidate)
    assert {*found.scores} == {*found.decisions} == {*found.metrics} == {"candidate", "baseline", "champion", "trivial"}
    assert found.decisions["baseline"] == artifact.load(SERVICE, own_project / "models/baseline").manifest.decision
    train = training.read("train")
    assert found.scores["trivial"][:, 0] == pytest.approx(np.full(len(test.target), train.target.mean()))
    assert len({decision.margin for decision in found.decisions.values()}) == 3  # the champion is the candidate


def test_without_a_champion_the_others_are_compared(own_project, capsys):
    shutil.rmtree(own_project / "models/current")
    candidate = artifact.load(SERVICE, own_project / CANDIDATE)
    found = evaluation.compare(TRAINING, TRAINING.params.load(), training.read("test"), candidate)
    assert "champion" not in found.scores and "no champion yet" in capsys.readouterr().out


def test_a_champion_of_another_schema_is_not_compared(own_project, capsys):
    path = own_project / "models/current/manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_hash": "0" * 64}))
    candidate = artifact.load(SERVICE, own_project / CANDIDATE)
    found = evaluation.compare(TRAINING, TRAINING.params.load(), training.read("test"), candidate)
    assert "champion" not in found.scores
    assert "champion not compared: the model in models/current was trained for another" in capsys.readouterr().out


def test_the_explanation_of_each_model_is_stored_and_served_with_it(project):
    for name in ("candidate", "baseline", "current"):
        stored = artifact.load(SERVICE, project / "models" / name)
        assert [*stored.files] == ["explanation.npz", "reference.json", "reference_rows.npz"]
        rows = [SERVICE.instance.model_validate(SERVICE.example)]
        [found] = Explainer(Predictor(SERVICE, stored)).explain(rows)
        score = stored.scorer.run(SERVICE.encode_example())[0, 0]
        assert found["base"] + sum(found["contributions"].values()) == pytest.approx(score, rel=1e-5)
        assert [*found["contributions"]] == ["distance", "minutes", "hour", "vehicle"]


def test_the_report_has_the_importance_of_each_column(project):
    facts = json.loads((project / "reports/metrics.json").read_text(encoding="utf-8"))
    [first, *others] = facts["details"]["Importance: mae if a column is permuted"]
    assert first["column"] == "distance" and first["worse by"]["low"] > 0 and len(others) == 3
    assert set(facts["dependence"]) == {"distance", "minutes", "hour", "vehicle"}
    assert {"importance.png", "dependence.png"} <= {path.name for path in (project / "reports/plots").iterdir()}
    assert "| distance |" in (project / "reports/model-card.md").read_text(encoding="utf-8")
