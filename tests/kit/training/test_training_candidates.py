"""The choice among several candidates, and their cross-validation."""

import json
from dataclasses import replace

import mlflow
import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import TimeSeriesSplit

from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation import gate
from mlservice.model import artifact
from mlservice.paths import CANDIDATE, CANDIDATES
from mlservice.training import candidates, cross_validation
from toys import training
from toys.training import NAME, SERVICE, TRAINING


def manifest(folder):
    """Return the manifest of a stored model."""
    return artifact.load(SERVICE, folder).manifest


@pytest.mark.parametrize("few", [0, 10_000])
def test_the_best_by_the_gate_s_metric_is_chosen(own_project, call, capsys, monkeypatch, few):
    monkeypatch.setattr(candidates, "FEW", few)
    assert call(training.train) == 0
    where = "in 5 folds of the training rows" if few else "on the validation rows"
    assert f"candidate: ridge (mae {where}: ridge " in capsys.readouterr().out
    every = {path.name: manifest(path) for path in sorted((own_project / CANDIDATES).iterdir())}
    assert {name: one.name for name, one in every.items()} == {"ridge": "ridge", "tree": "tree"}
    assert every["ridge"].metrics["mae"] < every["tree"].metrics["mae"]
    chosen = manifest(own_project / CANDIDATE)
    assert chosen.notes.pop("candidate").startswith(f"ridge (mae {where}")
    reference = {name: chosen.files.pop(name) for name in ("reference.json", "reference_rows.npz")}
    assert chosen == every["ridge"] and all(reference.values())


def test_a_metric_of_which_more_is_better_chooses_the_most(project, monkeypatch):
    monkeypatch.chdir(project)
    params, rows = TRAINING.params.load(), [training.read(name) for name in ("train", "validation")]
    more = replace(training.metrics_for(params.decision, training.Margin())["mae"], greater_is_better=True)
    monkeypatch.setattr(candidates, "FEW", 0)
    monkeypatch.setattr(candidates.artifact, "promote", lambda *_, **__: None)
    other = replace(TRAINING, metrics=lambda *_: {"mae": more})
    validated = {name: (training.Margin(), {"mae": value}) for name, value in (("ridge", 1.0), ("tree", 2.0))}
    assert candidates.choose(other, params, *rows, validated) == "tree"
    assert candidates.choose(TRAINING, params, *rows, validated) == "ridge"


def test_each_candidate_has_a_nested_run_and_a_row_in_the_report(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project}/mlflow.db")
    mlflow.set_tracking_uri(None)
    runs = mlflow.search_runs(experiment_names=[NAME], output_format="list")
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    nested = {run.info.run_name: run.data for run in runs if run is not parent}
    assert {*nested} == {"baseline", "ridge", "tree"}
    assert {data.tags["mlflow.parentRunId"] for data in nested.values()} == {parent.info.run_id}
    facts = json.loads((project / "reports/metrics.json").read_text("utf-8"))
    assert facts["candidates"]["tree"]["mae"] == pytest.approx(nested["tree"].metrics["mae"])
    card = (project / "reports/model-card.md").read_text("utf-8")
    assert "## Candidates, on the validation rows\n\nChosen: ridge (mae " in card and "| tree | " in card


def test_one_candidate_is_chosen_without_a_word_in_the_report(own_project, call):
    training.write_params(own_project, train={"candidates": ["tree"]})
    assert [call(stage) for stage in training.STAGES[2:]] == [0, gate.REFUSED]  # the champion is better
    assert manifest(own_project / CANDIDATE).name == "tree"
    assert "## Candidates" not in (own_project / "reports/model-card.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (["ridge", "boosting"], "train.candidates: no candidate boosting; model.py has ridge, tree"),
        ([], "train.candidates is empty"),
    ],
)
def test_an_unknown_candidate_and_an_empty_list_are_refused_before_anything_is_fitted(
    own_project, call, listed, said, capsys
):
    training.write_params(own_project, train={"candidates": listed})
    with pytest.raises(UserError, match=said):
        call(training.train)
    assert "fitting" not in capsys.readouterr().out


def test_params_without_a_list_train_every_candidate():
    class Train:  # pylint: disable=missing-class-docstring,too-few-public-methods
        seed = 1

    class Params:  # pylint: disable=missing-class-docstring,too-few-public-methods
        train = Train()

    assert [*candidates.listed(TRAINING, Params())] == ["ridge", "tree"]


def rows_of(target, groups, periods=None):
    """Return a data set of a column that counts the rows."""
    count = np.arange(len(target))
    return Dataset(pd.DataFrame({"at": count}), count[:, np.newaxis].astype(np.float32), target, groups, periods)


@pytest.mark.parametrize("classes", [True, False])
def test_no_group_is_fitted_and_held_out(classes):
    groups = np.repeat(np.arange(60), 3)
    target = (groups % 3 == 0).astype(np.int64) if classes else groups / 7
    parts = cross_validation.folds(rows_of(target, groups), 5, seed=1)
    assert sorted(np.concatenate([held_out for _, held_out in parts])) == [*range(180)]
    for fitted, held_out in parts:
        assert not set(groups[fitted]) & set(groups[held_out])
        if classes:
            assert target[held_out].mean() == pytest.approx(1 / 3, abs=0.05)


def test_rows_with_periods_are_held_out_after_what_is_known():
    day = np.datetime64("2026-01-01") + np.arange(200)
    order = np.random.default_rng(0).permutation(200)  # a file may have any order
    periods = np.column_stack([day, day + 7])[order]
    parts = cross_validation.folds(rows_of(np.zeros(200), np.arange(200), periods), 4, seed=1)
    assert len(parts) == 4
    for fitted, held_out in parts:
        assert periods[fitted, 1].max() < periods[held_out, 0].min()
        assert len(held_out) >= 33
    assert periods[parts[-1][1], 0].max() == day[-1]
    lengths = [len(fitted) for fitted, _ in TimeSeriesSplit(4).split(day)]  # of days without a horizon
    alone = np.column_stack([day, day])
    parts = cross_validation.folds(rows_of(np.zeros(200), np.arange(200), alone), 4, seed=1)
    assert [len(fitted) for fitted, _ in parts] == lengths
