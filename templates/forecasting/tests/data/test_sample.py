"""The sample is reproducible, and the truth that it documents is the truth found in it.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.checks import check

from {{ cookiecutter.package_name }} import sample
from {{ cookiecutter.package_name }}.service import SERVICE


@pytest.fixture(scope="module")
def life():
    """Products on 1,000 days, with the truth and what chance made of it."""
    rng = np.random.default_rng(1)
    frame = sample.days(sample.catalogue(rng), 1_000, rng)
    truth = sample.expected_units(frame)
    return frame.assign(truth=truth, units=rng.poisson(truth))


def test_the_sample_has_every_product_and_group():
    rows = check(sample.sample(), SERVICE.columns)
    assert 13_000 < len(rows) < sample.ROWS == 15_000
    assert rows["product"].nunique() == sample.PRODUCTS
    assert set(rows["group"]) == set(sample.WEEK)
    assert (rows["units"] == 0).any()


def test_days_are_missing_and_every_fifth_product_is_new():
    rows = sample.sample()
    first = rows.groupby("product")["date"].min()
    new = first > first.min() + pd.Timedelta(days=100)
    assert new.mean() == 1 / sample.LATE
    old = rows[rows["product"].isin(first[~new].index)]
    share = len(old) / ((~new).sum() * 500)
    assert 1 - share == pytest.approx(sample.MISSING, abs=0.005)


def test_products_sell_what_the_truth_gives(life):
    tenth = pd.qcut(life["truth"], 10)
    means = life.groupby(tenth, observed=True)[["truth", "units"]].mean()
    assert means["units"].to_numpy() == pytest.approx(means["truth"], rel=0.02)


def test_a_week_has_the_shape_of_its_group(life):
    ordinary = life[life["price"] == life["usual_price"]]
    week = ordinary.groupby(["group", ordinary["date"].dt.day_of_week])["units"].mean()
    for group, factors in sample.WEEK.items():
        found = week[group].to_numpy() / week[group].mean()
        assert found == pytest.approx(np.array(factors) / np.mean(factors), abs=0.08)


def test_a_lower_price_sells_more(life):
    cheap = life["price"] < 0.9 * life["usual_price"]
    assert 0.05 < cheap.mean() < 0.15
    lift = life["units"] / sample.expected_units(life.assign(price=life["usual_price"]))
    assert lift[cheap].mean() > 1.4 > 1.05 > lift[~cheap].mean()


def test_the_name_plays_no_part(life):
    renamed = life.assign(product="another")
    np.testing.assert_array_equal(sample.expected_units(renamed), life["truth"])


def test_nothing_knows_more_than_the_truth(splits, scores, raw):
    rng = np.random.default_rng(sample.SEED)  # as `sample` drew them
    days = len(raw["date"].unique())
    frame = sample.days(sample.catalogue(rng), days, rng)
    truth = frame.assign(truth=sample.expected_units(frame))
    known = splits["test"].rows.merge(truth, on=["product", "date"], how="left")
    sold = splits["test"].target[:, 0]
    best, found = (
        np.abs(u - sold).sum() / sold.sum() for u in (known["truth"], scores[:, 0])
    )
    assert best < found < 1.5 * best
