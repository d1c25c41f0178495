"""Errors of test rows: the largest first, as the report and the notebook show them."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

import evaluated
from mlservice.errors import UserError
from mlservice.evaluation.errors import errors, errors_of_test_rows
from toys.training import TRAINING


def test_numbers_are_in_order_of_their_distance():
    run = evaluated.numbers()
    target = run.training.service.target
    doubled = errors(target, run.test, run.scores, SimpleNamespace(factor=2.0))
    assert len(doubled) == len(run.test.target) and doubled["error"].abs().is_monotonic_decreasing
    assert doubled["predicted"].to_numpy() == pytest.approx(2 * run.scores[doubled.index, 0])
    assert (doubled["error"] == doubled["predicted"] - doubled["observed"]).all()
    assert (doubled["observed"] == run.test.target[doubled.index]).all()


def test_of_classes_the_wrong_rows_are_there_the_most_confident_first():
    run = evaluated.classes()
    found = errors(run.training.service.target, run.test, run.scores, run.decision)
    wrong = np.flatnonzero(run.scores.argmax(axis=1) != run.test.target)
    assert sorted(found.index) == wrong.tolist() and found["probability"].is_monotonic_decreasing
    assert (found["actual"] != found["predicted"]).all()
    assert (found["probability"] == run.scores[found.index].max(axis=1)).all()


def test_they_come_with_the_features_of_their_rows(own_project):
    test, features = TRAINING.read("test"), [feature.column for feature in TRAINING.service.features]
    found = errors_of_test_rows(TRAINING)
    assert [*found] == ["observed", "predicted", "error", *features]
    for at, row in found.head(20).iterrows():
        assert test.rows.iloc[at][TRAINING.service.target.column] == row["observed"]
        assert test.rows.iloc[at][features[0]] == row[features[0]]
    shutil.rmtree(own_project / "models/candidate")
    with pytest.raises(UserError, match="no model has been trained yet; run `make pipeline`"):
        errors_of_test_rows(TRAINING)
