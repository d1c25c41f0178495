"""How good the model is on rows that it has not seen, whatever they tell about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


def test_the_model_predicts_far_better_than_the_baseline(measured):
    ours, theirs = measured["candidate"], measured["baseline"]
    assert ours["log_loss"] < theirs["log_loss"] / 2
    assert ours["macro_f1"] > theirs["macro_f1"] + 0.25
    assert ours["accuracy"] > 0.85


def test_its_probabilities_can_be_believed(measured):
    assert measured["candidate"]["calibration_error"] < 0.15


def test_what_it_does_unaided_is_more_often_right(measured, predictor, scores):
    threshold = predictor.model.manifest.decision.threshold
    assert 0.05 < np.mean(scores.max(axis=1) < threshold) < 0.2
    found = measured["candidate"]
    assert found["unaided_accuracy"] > found["accuracy"]


@given(st.data())
def test_any_row_gets_probabilities_that_sum_to_one(predictor, any_row, draws):
    row = predictor.service.instance.model_validate(draws.draw(any_row))
    (prediction,) = predictor.predict([row])
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= value <= 1 for value in prediction.probabilities.values())


def test_the_order_of_the_training_rows_decides_nothing(training, params, splits):
    matrix, labels = splits["train"].matrix, splits["train"].target
    order = np.random.default_rng(0).permutation(len(labels))
    for name, make in training.candidates.items():
        first, shuffled = (
            make(params.train).fit(matrix[rows], labels[rows]).predict_proba(matrix)
            for rows in (slice(None), order)
        )
        assert np.mean(np.abs(first - shuffled)) < 1e-3, name
