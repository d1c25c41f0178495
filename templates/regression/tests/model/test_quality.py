"""How good the model is on rows that it has not seen, whatever the target is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from mlservice.model.onnx_export import fitted_scores

from {{ cookiecutter.package_name }}.prediction import limits
from {{ cookiecutter.package_name }}.service import SERVICE

LOW, HIGH = SERVICE.target.low, SERVICE.target.high


def test_the_model_is_nearer_than_the_baseline(measured, params):
    metric = params.gate.metric
    assert measured["candidate"][metric] < measured["baseline"][metric]


def test_the_interval_keeps_its_promise(measured, params):
    for found in measured.values():  # of few rows, chance has a say
        assert found["coverage"] > params.decision.coverage - 0.1


def test_the_interval_is_better_than_one_width_for_all(measured):
    ours, theirs = measured["candidate"], measured["baseline"]
    assert ours["interval_score"] < theirs["interval_score"]


@given(st.data())
def test_any_row_gets_a_possible_value_inside_its_interval(predictor, any_row, draws):
    row = SERVICE.instance.model_validate(draws.draw(any_row))
    (found,) = predictor.predict([row])
    assert LOW <= found.interval.low <= found.value <= found.interval.high <= HIGH


def test_no_end_of_an_interval_lies_beyond_what_is_possible(predictor, scores):
    low, high = limits(scores, predictor.model.manifest.decision)
    assert np.all((low >= LOW) & (low <= high) & (high <= HIGH))


def test_the_order_of_the_training_rows_decides_little(training, params, splits):
    matrix, target = splits["train"].matrix, splits["train"].target
    order = np.random.default_rng(0).permutation(len(target))
    for name, make in training.candidates.items():
        ours, shuffled = (
            fitted_scores(make(params.train).fit(matrix[at], target[at]), matrix)[:, 0]
            for at in (slice(None), order)
        )
        assert np.mean(np.abs(ours - shuffled)) < 0.05 * target.std(), name
