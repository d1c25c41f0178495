"""How good the model is on days that it has not seen."""

import numpy as np
from mlservice.evaluation.forecasting import mase, wape
from mlservice.model.onnx_export import fitted_scores

from {{ cookiecutter.package_name }} import sample
from {{ cookiecutter.package_name }}.data import ENOUGH

ALL_HORIZONS = sample.PRODUCTS >= 20  # else a horizon has too few days to be judged


def test_the_model_is_better_than_the_baseline_at_every_horizon(
    scores, baseline_scores, splits
):
    test = splits["test"]
    rows = test.rows.reset_index(drop=True)
    places = rows.groupby("horizon" if ALL_HORIZONS else "week").indices
    assert len(places) == (14 if ALL_HORIZONS else 2)
    for at in places.values():
        ours, theirs = (
            wape(test.target[at], given[at]) for given in (scores, baseline_scores)
        )
        assert ours < 0.85 * theirs


def test_sums_of_forecasts_are_right(measured):
    assert abs(measured["candidate"]["bias"]) < 0.07


def test_it_is_better_than_seasonal_naive_was_for_most_products(scores, splits):
    test = splits["test"]
    places = [np.flatnonzero(test.groups == group) for group in set(test.groups)]
    errors = np.array([mase(test.target[at], scores[at]) for at in places])
    share = 0.85 if sample.PRODUCTS >= ENOUGH else 0.7  # two weeks are little
    assert np.mean(errors < 1) > share and errors.max() < 1.6


def test_the_baseline_is_no_worse_than_the_trivial_model(training, params, splits):
    train = splits["train"]
    baseline, trivial = (
        fitted_scores(make(params.train).fit(train.matrix, train.target), train.matrix)
        for make in (training.baseline, training.trivial)
    )
    assert wape(train.target, baseline) <= wape(train.target, trivial)
