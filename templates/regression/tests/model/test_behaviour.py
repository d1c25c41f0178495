"""What the model must have learned about rides; and numbers that never move.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

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
from {{ cookiecutter.package_name }}.params import Prepare, Train
from {{ cookiecutter.package_name }}.prediction import limits
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

SHORT = EXAMPLE | {
    "distance_km": 1.5,
    "duration_min": 6.0,
    "waiting": 0.5,
    "vehicle": "economy",
    "pickup": "centre",
    "weather": "dry",
    "toll": False,
}
LONG = EXAMPLE | {
    "distance_km": 18.0,
    "duration_min": 40.0,
    "waiting": 1.5,
    "vehicle": "comfort",
    "pickup": "airport",
    "weather": "rain",
    "toll": True,
}
PREPARE = Prepare(seed=1, validation_share=0.2, test_share=0.2)
TRAIN = Train(
    seed=1,
    loss="absolute_error",
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=30,
    l2_regularization=1.0,
    low_quantile=0.05,
    high_quantile=0.95,
)
SMALL = 0.03  # mean change as a share of the price; the vehicle's is about 0.3


@pytest.fixture(scope="module")
def scores(predictor):
    """Return `scores(rows)`, shape (n, 3), for checked rows of a frame."""

    def of(rows):
        return predictor.model.scorer.run(data.assemble(rows).matrix)

    return of


@pytest.fixture(scope="module")
def price(scores):
    """Return `price(rows)`: the point alone."""
    return lambda rows: scores(rows)[:, 0]


@pytest.fixture(scope="module")
def fixed():
    """Parts of fixed rows and a fixed split."""
    rows = data.check(sample.sample(1_500, seed=1))
    found = prepare.split(rows, PREPARE)
    return {name: prepare.assemble(part) for name, part in found.items()}


@pytest.fixture
def rows(parts):
    """Rows that the model has not seen."""
    return parts["test"].rows


def moved(after, before):
    """Return by how much the price changed, on average, as a share of it."""
    return float(np.mean(np.abs(after - before) / before))


def test_a_short_ride_is_cheap_and_a_long_one_dear(predictor):
    short, long = predictor.predict([Instance.model_validate(r) for r in (SHORT, LONG)])
    assert 4 < short.value < 9  # the truth is 6.00, the least fare
    assert 50 < long.value < 85  # the truth is 66.11
    assert short.interval.high < long.interval.low


@pytest.mark.parametrize(
    ("column", "change"), [("distance_km", 3), ("duration_min", 15), ("waiting", 1.0)]
)
def test_more_of_it_costs_more(column, change, price, rows):
    rows = rows.dropna(subset=column)
    rows = rows[rows["distance_km"] < 20]  # where rows are many
    if column == "waiting":
        rows = rows[rows["waiting"].between(1, 2)]  # no queue below, too few rows above
    steps = price(rows.assign(**{column: rows[column] + change})) - price(rows)
    assert np.mean(steps > -0.5) > 0.9
    assert np.mean(steps) > 1


def test_farther_costs_more_all_along_the_way(price, rows):
    lengths = [
        price(rows.head(200).assign(distance_km=d)).mean() for d in range(2, 20, 3)
    ]
    assert lengths == sorted(lengths) and lengths[-1] > lengths[0] + 12


@pytest.mark.parametrize(
    ("column", "values"),
    [("vehicle", ("economy", "comfort", "van")), ("weather", ("dry", "rain", "snow"))],
)
def test_better_cars_and_worse_weather_cost_more(column, values, price, rows):
    means = [price(rows.assign(**{column: value})).mean() for value in values]
    assert means == sorted(means) and means[-1] > 1.1 * means[0]


def test_the_number_plate_hardly_matters(price, rows):
    other = rows.assign(plate_digit=(rows["plate_digit"] + 5) % 10)
    assert moved(price(other), price(rows)) < SMALL


def test_the_number_of_passengers_hardly_matters(price, rows):
    assert moved(price(rows.assign(passengers=3)), price(rows)) < SMALL


def test_a_less_sure_price_has_a_wider_interval(scores, predictor, rows):
    decision = predictor.model.manifest.decision
    widths = []
    for waiting, weather in ((0.5, "dry"), (3.5, "rain")):
        low, high = limits(
            scores(rows.assign(waiting=waiting, weather=weather)), decision
        )
        widths.append(np.mean(high - low))
    assert widths[1] > 1.5 * widths[0]


def test_a_missing_value_is_no_catastrophe(price, rows):
    for column in ("duration_min", "waiting", "weather"):
        assert moved(price(rows.assign(**{column: None})), price(rows)) < 0.3


def test_an_unheard_of_category_still_gets_a_price(predictor):
    known, unknown = predictor.predict(
        [
            Instance.model_validate(EXAMPLE),
            Instance.model_validate(EXAMPLE | {"pickup": "harbour"}),
        ]
    )
    assert unknown.value == pytest.approx(known.value, rel=0.4)


def test_the_model_is_far_nearer_than_the_baseline(project, predictor, parts):
    test, served = parts["test"], predictor.model
    rival = artifact.load(project / "models/baseline")
    ours, theirs = (one.scorer.run(test.matrix) for one in (served, rival))
    for metric in (metrics.mae, metrics.mape):
        assert metric(test.target, ours) < 0.7 * metric(test.target, theirs)
    ours, theirs = (
        metrics.interval_score(test.target, *limits(given, one.manifest.decision), 0.9)
        for given, one in ((ours, served), (theirs, rival))
    )
    assert ours < 0.7 * theirs


def test_the_interval_keeps_its_promise_to_the_percent(predictor, scores, parts):
    ends = limits(scores(parts["test"].rows), predictor.model.manifest.decision)
    found = metrics.coverage(parts["test"].target, *ends)
    assert found == pytest.approx(0.9, abs=0.035)


def test_the_baseline_asks_for_the_distance_alone(fixed):
    fitted = model.baseline(TRAIN).fit(fixed["train"].matrix, fixed["train"].target)
    assert fitted.steps[1][1].get_support(indices=True).tolist() == [0]
    assert len(np.unique(fitted.predict(fixed["test"].matrix))) == 8


def test_the_candidate_has_this_error(fixed):
    train, test = fixed["train"], fixed["test"]
    found = model.candidate(TRAIN).fit(train.matrix, train.target).predict(test.matrix)
    assert metrics.mae(test.target, found) == pytest.approx(4.714, abs=0.02)
