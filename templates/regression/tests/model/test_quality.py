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
from {{ cookiecutter.package_name }}.prediction import limits
from {{ cookiecutter.package_name }}.schema import TARGET, Instance

PREPARE = Prepare(seed=1, validation_share=0.2, test_share=0.2)
TRAIN = Train(
    seed=1,
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=30,
    l2_regularization=1.0,
    low_quantile=0.05,
    high_quantile=0.95,
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


def test_the_model_is_far_nearer_than_the_baseline(project, scores, parts):
    test = parts["test"]
    rival = artifact.load(project / "models/baseline").scorer.run(test.matrix)
    for metric in (metrics.mae, metrics.mape):
        assert metric(test.target, scores) < 0.7 * metric(test.target, rival)


def test_the_interval_keeps_its_promise(predictor, scores, parts):
    ends = limits(scores, predictor.model.manifest.decision)
    found = metrics.coverage(parts["test"].target, *ends)
    assert found == pytest.approx(0.9, abs=0.035)


def test_the_interval_is_better_than_one_width_for_all(
    project, predictor, scores, parts
):
    served = artifact.load(project / "models/baseline")
    rival = served.scorer.run(parts["test"].matrix)
    decisions = predictor.model.manifest.decision, served.manifest.decision
    ours, theirs = (
        metrics.interval_score(parts["test"].target, *limits(s, d), 0.9)
        for s, d in zip((scores, rival), decisions, strict=True)
    )
    assert ours < 0.7 * theirs


@given(st.data())
def test_any_row_gets_a_possible_price_inside_its_interval(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    (found,) = predictor.predict([row])
    assert TARGET.low <= found.interval.low <= found.value <= found.interval.high
    assert found.interval.high <= TARGET.high


def test_the_baseline_asks_for_the_distance_alone(fixed):
    fitted = model.baseline().fit(fixed["train"].matrix, fixed["train"].target)
    assert fitted.steps[1][1].get_support(indices=True).tolist() == [0]
    assert len(np.unique(fitted.predict(fixed["test"].matrix))) == 8


def test_the_candidate_has_this_error(fixed):
    train, test = fixed["train"], fixed["test"]
    found = model.candidate(TRAIN).fit(train.matrix, train.target).predict(test.matrix)
    assert metrics.mae(test.target, found) == pytest.approx(4.714, abs=0.02)


def test_the_order_of_the_training_rows_decides_little(fixed):
    matrix, prices = fixed["train"].matrix, fixed["train"].target
    order = np.random.default_rng(0).permutation(len(prices))
    ours, shuffled = (
        model.candidate(TRAIN).fit(matrix[rows], prices[rows]).predict(matrix)[:, 0]
        for rows in (slice(None), order)
    )
    assert np.mean(np.abs(ours - shuffled)) < 0.5
