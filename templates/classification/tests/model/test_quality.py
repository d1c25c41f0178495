"""How good the model is on rows that it has not seen, whatever they tell about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import (
    artifact,
    metrics,
    model,
)
from {{ cookiecutter.package_name }}.params import Params
from {{ cookiecutter.package_name }}.schema import TARGET, Instance

K = len(TARGET.categories)


@pytest.fixture(scope="module")
def scores(predictor, parts):
    """The served model's scores of the test rows."""
    return predictor.model.scorer.run(parts["test"].matrix)


@pytest.fixture(scope="module")
def params(project):
    """The project's knobs."""
    return Params.load(project / "params.yaml")


def test_the_model_is_no_worse_than_the_baseline(project, scores, parts):
    baseline = artifact.load(project / "models/baseline")
    rival, labels = baseline.scorer.run(parts["test"].matrix), parts["test"].target
    assert metrics.log_loss(labels, scores) < metrics.log_loss(labels, rival) + 0.02
    assert metrics.roc_auc(labels, scores) > metrics.roc_auc(labels, rival) - 0.05


def test_its_probabilities_can_be_believed(params, predictor, scores, parts):
    labels = parts["test"].target
    rates = np.bincount(labels, minlength=K) / len(labels)
    assert scores.mean(axis=0) == pytest.approx(rates, abs=0.05)
    decision = predictor.model.manifest.decision
    known = metrics.metrics_for(params.decision, decision)
    assert known["calibration_error"].compute(labels, scores) < 0.15


@given(st.data())
def test_any_row_gets_probabilities_that_sum_to_one(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    (prediction,) = predictor.predict([row])
    total = sum(prediction.probabilities.values())
    assert total == pytest.approx(1, abs=1e-6 * K)  # each is rounded
    assert all(0 <= value <= 1 for value in prediction.probabilities.values())


def test_the_order_of_the_training_rows_decides_little(params, parts):
    matrix, labels = parts["train"].matrix, parts["train"].target
    order = np.random.default_rng(0).permutation(len(labels))
    given_, shuffled = (
        model.candidate(params.train)
        .fit(matrix[rows], labels[rows])
        .predict_proba(matrix)
        for rows in (slice(None), order)
    )
    assert np.mean(np.abs(given_ - shuffled)) < 0.05
