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
TRAIN = Train(
    seed=1,
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=30,
    l2_regularization=1.0,
    calibration_folds=3,
)


@pytest.fixture(scope="module")
def scores(predictor, parts):
    """The served model's scores of the test rows."""
    return predictor.model.scorer.run(parts["test"].matrix)


@pytest.fixture(scope="module")
def fixed():
    """Parts of fixed rows and a fixed split."""
    rows = data.check(sample.sample(1_500, seed=1))
    found = prepare.split(rows, PREPARE)
    return {name: prepare.assemble(part) for name, part in found.items()}


def test_the_model_ranks_and_predicts_better_than_the_baseline(project, scores, parts):
    baseline = artifact.load(project / "models/baseline")
    rival, labels = baseline.scorer.run(parts["test"].matrix), parts["test"].target
    assert metrics.log_loss(labels, scores) < metrics.log_loss(labels, rival)
    assert metrics.roc_auc(labels, scores) > metrics.roc_auc(labels, rival) + 0.03


def test_its_probabilities_can_be_believed(scores, parts):
    labels = parts["test"].target
    assert scores[:, 1].mean() == pytest.approx(labels.mean(), abs=0.04)
    assert metrics.calibration_error(labels, scores) < 0.08


def test_its_decision_costs_less_than_doing_nothing_and_than_asking_everyone(
    predictor, scores, parts
):
    costs = metrics.Costs(cost_false_negative=100, cost_false_positive=20)
    labels, threshold = (
        parts["test"].target,
        predictor.model.manifest.decision.threshold,
    )
    chosen = metrics.cost_per_row(labels, scores, costs, threshold)
    assert chosen < metrics.cost_per_row(labels, scores, costs, 1.1)  # nobody
    assert chosen < metrics.cost_per_row(labels, scores, costs, 0.0)  # everybody


@given(st.data())
def test_any_row_gets_probabilities_that_sum_to_one(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    (prediction,) = predictor.predict([row])
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=2e-6)
    assert all(0 <= value <= 1 for value in prediction.probabilities.values())


def test_the_baseline_asks_one_question_and_has_these_two_rates(fixed):
    fitted = model.baseline(TRAIN).fit(fixed["train"].matrix, fixed["train"].target)
    rates = np.unique(fitted.predict_proba(fixed["test"].matrix)[:, 1])
    assert rates == pytest.approx([40 / 436, 162 / 464], abs=1e-9)  # left / bound, free


def test_the_candidate_has_this_log_loss(fixed):
    train, test = fixed["train"], fixed["test"]
    fitted = model.candidate(TRAIN).fit(train.matrix, train.target)
    found = metrics.log_loss(test.target, fitted.predict_proba(test.matrix))
    assert found == pytest.approx(0.40700, abs=5e-4)  # room for a CPU's rounding


def test_the_order_of_the_training_rows_decides_little(fixed):
    matrix, labels = fixed["train"].matrix, fixed["train"].target
    order = np.random.default_rng(0).permutation(len(labels))
    given_, shuffled = (
        model.candidate(TRAIN).fit(matrix[rows], labels[rows]).predict_proba(matrix)
        for rows in (slice(None), order)
    )
    assert np.mean(np.abs(given_ - shuffled)) < 0.05
