"""How good the model is on rows that it has not seen, whatever they tell about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


def test_the_model_is_no_worse_than_the_baseline(measured):
    ours, theirs = measured["candidate"], measured["baseline"]
    assert ours["log_loss"] < theirs["log_loss"] + 0.02
    assert ours["roc_auc"] > theirs["roc_auc"] - 0.05


def test_its_probabilities_can_be_believed(measured, splits, scores):
    labels = splits["test"].target
    rates = np.bincount(labels, minlength=scores.shape[1]) / len(labels)
    assert scores.mean(axis=0) == pytest.approx(rates, abs=0.05)
    assert measured["candidate"]["calibration_error"] < 0.15


@given(st.data())
def test_any_row_gets_probabilities_that_sum_to_one(predictor, any_row, draws):
    row = predictor.service.instance.model_validate(draws.draw(any_row))
    (prediction,) = predictor.predict([row])
    values = prediction.probabilities.values()
    assert sum(values) == pytest.approx(1, abs=1e-6 * len(values))  # each is rounded
    assert all(0 <= value <= 1 for value in values)


def test_the_order_of_the_training_rows_decides_little(training, params, splits):
    matrix, labels = splits["train"].matrix, splits["train"].target
    order = np.random.default_rng(0).permutation(len(labels))
    for name, make in training.candidates.items():
        first, shuffled = (
            make(params.train).fit(matrix[rows], labels[rows]).predict_proba(matrix)
            for rows in (slice(None), order)
        )
        assert np.mean(np.abs(first - shuffled)) < 0.05, name
