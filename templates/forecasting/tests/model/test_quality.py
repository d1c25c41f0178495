"""How good the model is on days that it has not seen."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import (
    artifact,
    data,
    metrics,
    model,
    prepare,
    sample,
)
from {{ cookiecutter.package_name }}.params import Params, Prepare


@pytest.fixture(scope="module")
def fixed():
    """Parts of fixed rows and a fixed split."""
    rows = data.check(sample.sample(sample.PRODUCTS * 200, seed=1))
    parts = prepare.split(rows, Prepare(validation_days=28, test_days=28, step=5))
    return {name: prepare.assemble(part) for name, part in parts.items()}


@pytest.fixture(scope="module")
def scores(predictor, parts):
    """The served model's scores of the test rows."""
    return predictor.model.scorer.run(parts["test"].matrix)


def test_the_model_is_better_than_the_baseline_at_every_horizon(project, scores, parts):
    test, few = parts["test"], sample.PRODUCTS < prepare.ENOUGH
    rival = artifact.load(project / "models/baseline").scorer.run(test.matrix)
    rows = test.rows.reset_index(drop=True)
    places = rows.groupby("week" if few else "horizon").indices
    assert len(places) == (2 if few else 14)
    for at in places.values():
        ours, theirs = (metrics.wape(test.target[at], s[at]) for s in (scores, rival))
        assert ours < 0.85 * theirs


def test_sums_of_forecasts_are_right(predictor, scores, parts):
    factor = predictor.model.manifest.decision.factor
    assert abs(metrics.bias(parts["test"].target, scores * factor)) < 0.07


def test_it_is_better_than_seasonal_naive_was_for_most_products(scores, parts):
    test = parts["test"]
    places = [np.flatnonzero(test.groups == group) for group in set(test.groups)]
    errors = [metrics.mase(test.target[at], scores[at]) for at in places]
    share = 0.85 if sample.PRODUCTS >= prepare.ENOUGH else 0.7  # two weeks are little
    assert np.mean(np.array(errors) < 1) > share and max(errors) < 1.6


def test_the_baseline_is_the_better_of_its_columns(project, fixed):
    train, params = fixed["train"], Params.load(project / "params.yaml")
    fitted = model.baseline(params.train).fit(train.matrix, train.target)
    found = metrics.wape(train.target, fitted.predict(train.matrix)[:, np.newaxis])
    median = model.trivial(params.train).fit(train.matrix, train.target)
    assert fitted.regressor_.column_ == model.SEASONAL
    usual = median.predict(train.matrix)[:, np.newaxis]
    assert found < metrics.wape(train.target, usual)
