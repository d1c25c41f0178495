"""How good the model is on rows that it has not seen; and numbers that never move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import (
    artifact,
    data,
    metrics,
    model,
    prepare,
    sample,
)
from {{ cookiecutter.package_name }}.params import Prepare, Train
from {{ cookiecutter.package_name }}.schema import Instance

PREPARE = Prepare(seed=1, validation_share=0.2, test_share=0.2)
TRAIN = Train(inverse_regularization=5.0, max_iter=300)


@pytest.fixture(scope="module")
def scores(predictor, parts):
    """The served model's scores of the test rows."""
    return predictor.model.scorer.run(parts["test"].matrix)


@pytest.fixture(scope="module")
def fixed():
    """Parts of fixed rows and a fixed split."""
    rows = data.check(sample.sample(2_000, seed=1))
    found = prepare.split(rows, PREPARE)
    return {name: prepare.assemble(part) for name, part in found.items()}


def test_the_model_predicts_far_better_than_the_baseline(project, scores, parts):
    baseline = artifact.load(project / "models/baseline")
    rival, labels = baseline.scorer.run(parts["test"].matrix), parts["test"].target
    assert metrics.log_loss(labels, scores) < metrics.log_loss(labels, rival) / 2
    assert metrics.macro_f1(labels, scores) > metrics.macro_f1(labels, rival) + 0.25
    assert metrics.accuracy(labels, scores) > 0.85


def test_its_probabilities_can_be_believed(scores, parts):
    assert metrics.calibration_error(parts["test"].target, scores) < 0.15


def test_what_it_does_unaided_is_more_often_right(predictor, scores, parts):
    labels, threshold = (
        parts["test"].target,
        predictor.model.manifest.decision.threshold,
    )
    assert 0.05 < np.mean(scores.max(axis=1) < threshold) < 0.2
    unaided = metrics.unaided_accuracy(labels, scores, threshold)
    assert unaided > metrics.accuracy(labels, scores)


@given(st.data())
def test_any_row_gets_probabilities_that_sum_to_one(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    (prediction,) = predictor.predict([row])
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= value <= 1 for value in prediction.probabilities.values())


def test_the_baseline_knows_one_row_of_rates_for_each_keyword_s_queue(fixed):
    fitted = model.baseline(TRAIN).fit(fixed["train"].matrix, fixed["train"].target)
    rates = np.unique(fitted.predict_proba(fixed["test"].matrix), axis=0)
    assert len(rates) == 7  # six queues, and no keyword at all


def test_the_candidate_has_this_macro_f1_and_log_loss(fixed):
    train, test = fixed["train"], fixed["test"]
    fitted = model.candidate(TRAIN).fit(train.matrix, train.target)
    found = fitted.predict_proba(test.matrix)
    assert metrics.macro_f1(test.target, found) == pytest.approx(0.8836, abs=5e-3)
    assert metrics.log_loss(test.target, found) == pytest.approx(0.4887, abs=2e-3)


def test_the_order_of_the_training_rows_decides_nothing(fixed):
    matrix, labels = fixed["train"].matrix, fixed["train"].target
    order = np.random.default_rng(0).permutation(len(labels))
    given_, shuffled = (
        model.candidate(TRAIN).fit(matrix[rows], labels[rows]).predict_proba(matrix)
        for rows in (slice(None), order)
    )
    assert np.mean(np.abs(given_ - shuffled)) < 1e-3
