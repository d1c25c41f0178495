"""The sample is reproducible, and the truth that it documents is the truth found in it.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.checks import check

from {{ cookiecutter.package_name }} import data, sample
from {{ cookiecutter.package_name }}.service import SERVICE

MANY = 40_000  # rows: enough to see a cause that is there, and that one is not
NO_PART = ["plate_digit", "passengers", "weekday"]


@pytest.fixture(scope="module")
def rides():
    """Rides as they were drawn, before values were hidden."""
    frame = sample.rides(MANY, seed=1)
    truth = sample.fair_price(frame)
    noise = np.random.default_rng(2).normal(0, sample.spread(frame))
    return frame.assign(truth=truth, price=truth * np.exp(noise))


def test_as_many_values_are_missing_as_documented():
    found = sample.sample(MANY).isna().mean()
    expected = {column: sample.MISSING.get(column, 0) for column in found.index}
    assert found.to_dict() == pytest.approx(expected, abs=0.005)
    assert {f.column for f in SERVICE.features if f.nullable} == set(sample.MISSING)


def test_every_listed_category_occurs():
    rows = sample.sample(MANY)
    for feature in SERVICE.features:
        if feature.kind == "category":
            assert set(rows[feature.column].dropna()) == set(feature.categories)


def test_half_of_the_rides_cost_more_than_the_truth(rides):
    tenth = pd.qcut(rides["truth"], 10)
    above = (rides["price"] > rides["truth"]).groupby(tenth, observed=True).mean()
    assert above.to_numpy() == pytest.approx(np.full(10, 0.5), abs=0.03)


def test_a_few_rides_cost_nothing_and_a_few_far_too_much():
    whole = sample.rides(MANY, 5)
    ratio = sample.sample(MANY, 5)["price"] / sample.fair_price(whole)
    assert (ratio == 0).mean() == pytest.approx(sample.VOUCHERS, abs=0.002)
    calm = (sample.spread(whole) < 0.08) & (ratio > 0)
    assert (ratio[calm] > 1.45).mean() == pytest.approx(sample.DETOURS, abs=0.004)


@pytest.mark.parametrize(
    ("column", "change"), [("distance_km", 3), ("duration_min", 10), ("waiting", 0.5)]
)
def test_more_of_a_cause_never_costs_less(column, change, rides):
    more = sample.fair_price(rides.assign(**{column: rides[column] + change}))
    assert np.all(more >= rides["truth"]) and more.mean() > rides["truth"].mean() + 1


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("vehicle", ("economy", "comfort", "van")),
        ("weather", ("dry", "rain", "snow")),
        ("pickup", ("centre", "airport")),
        ("toll", (False, True)),
    ],
)
def test_kinds_of_ride_are_in_the_documented_order(column, values, rides):
    means = [sample.fair_price(rides.assign(**{column: v})).mean() for v in values]
    assert means == sorted(means) and means[0] < means[-1]


@pytest.mark.parametrize("column", NO_PART)
def test_what_plays_no_part_leaves_the_truth_as_it_is(column, rides):
    shuffled = rides.assign(**{column: rides[column].sample(frac=1).to_numpy()})
    np.testing.assert_array_equal(sample.fair_price(shuffled), rides["truth"])
    assert abs(rides[column].corr(rides["price"])) < 0.02


def test_the_price_is_less_sure_where_documented(rides):
    miss = np.abs(np.log(rides["price"] / rides["truth"]))
    assert miss[rides["waiting"] > 3].mean() > 1.5 * miss[rides["waiting"] < 1].mean()
    assert (
        miss[rides["weather"] != "dry"].mean() > miss[rides["weather"] == "dry"].mean()
    )


def test_nothing_knows_more_than_the_truth(rides, predictor):
    rows = check(rides, SERVICE.columns)
    scores = predictor.model.scorer.run(data.assemble(rows).matrix)
    best, found = (
        np.mean(np.abs(given - rides["price"]))
        for given in (rides["truth"], scores[:, 0])
    )
    assert best < found < 1.4 * best
