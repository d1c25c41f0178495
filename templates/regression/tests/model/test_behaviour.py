"""What the model must have learned about rides, whatever its metrics say.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import data
from {{ cookiecutter.package_name }}.prediction import limits
from {{ cookiecutter.package_name }}.service import SERVICE

EXAMPLE = SERVICE.example
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
SMALL = 0.03  # mean change as a share of the price; the vehicle's is about 0.3


@pytest.fixture(scope="module")
def score(predictor):
    """Return `score(rows)`, shape (n, 3), for checked rows of a frame."""

    def of(rows):
        return predictor.model.scorer.run(data.assemble(rows).matrix)

    return of


@pytest.fixture(scope="module")
def price(score):
    """Return `price(rows)`: the point alone."""
    return lambda rows: score(rows)[:, 0]


@pytest.fixture
def rows(splits):
    """Rows that the model has not seen."""
    return splits["test"].rows


def moved(after, before):
    """Return by how much the price changed, on average, as a share of it."""
    return float(np.mean(np.abs(after - before) / before))


def test_a_short_ride_is_cheap_and_a_long_one_dear(predictor):
    short, long = predictor.predict(
        [SERVICE.instance.model_validate(r) for r in (SHORT, LONG)]
    )
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


def test_a_less_sure_price_has_a_wider_interval(score, predictor, rows):
    decision = predictor.model.manifest.decision
    widths = []
    for waiting, weather in ((0.5, "dry"), (3.5, "rain")):
        given = score(rows.assign(waiting=waiting, weather=weather))
        low, high = limits(given, decision)
        widths.append(np.mean(high - low))
    assert widths[1] > 1.5 * widths[0]


def test_a_missing_value_is_no_catastrophe(price, rows):
    for column in ("duration_min", "waiting", "weather"):
        assert moved(price(rows.assign(**{column: None})), price(rows)) < 0.3


def test_an_unheard_of_category_still_gets_a_price(predictor):
    known, unknown = predictor.predict(
        [
            SERVICE.instance.model_validate(EXAMPLE),
            SERVICE.instance.model_validate(EXAMPLE | {"pickup": "harbour"}),
        ]
    )
    assert unknown.value == pytest.approx(known.value, rel=0.4)


def test_the_model_is_far_nearer_than_the_baseline(measured):
    for metric in ("mae", "mape", "interval_score"):
        assert measured["candidate"][metric] < 0.7 * measured["baseline"][metric]


def test_the_interval_keeps_its_promise_to_the_percent(measured, params):
    promised = params.decision.coverage
    assert measured["candidate"]["coverage"] == pytest.approx(promised, abs=0.035)
