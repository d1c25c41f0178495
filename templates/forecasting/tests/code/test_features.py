"""Histories of every kind: missing days, zeros, short ones, long ones."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import COLUMN, CUT, USUAL, request

from {{ cookiecutter.package_name }} import features
from {{ cookiecutter.package_name }}.features import NAMES
from {{ cookiecutter.package_name }}.schema import (
    AHEAD,
    KNOWN,
    LEAST,
    LONGEST,
    LOOK,
)
from {{ cookiecutter.package_name }}.service import SERVICE

encode = features.ENCODING.encode
priced = pytest.mark.skipif("price" not in COLUMN, reason="schema.py has no price")


def instance(units, horizon=AHEAD, **given_):
    """Make an instance with these units, at one price."""
    price = [USUAL] * (len(units) + horizon)
    facts = {"units": units, "horizon": horizon, "price": price} | given_
    return SERVICE.instance.model_validate(request(**facts))


def column(matrix, name):
    """Return one column of the matrix by its name."""
    return matrix[:, NAMES.index(name)]


def drawn(draws, any_row):
    """Draw a few instances."""
    rows = draws.draw(st.lists(any_row, min_size=1, max_size=4))
    return [SERVICE.instance.model_validate(row) for row in rows]


@given(st.data())
def test_any_history_gets_a_finite_forecast_of_its_length(predictor, any_row, draws):
    given_ = drawn(draws, any_row)
    predictions = predictor.predict(given_)
    assert [len(p.units) for p in predictions] == [one.horizon for one in given_]
    assert all(value >= 0 for p in predictions for value in p.units)
    for one, prediction in zip(given_, predictions, strict=True):
        assert prediction.start == one.start + timedelta(days=len(one.units))


def test_features_by_hand():
    week = [10.0, 10, 10, 10, 10, 30, 4]
    matrix = encode([instance(week * 4, 14)])
    level = sum(week) / 7
    np.testing.assert_allclose(column(matrix, "level"), level)
    np.testing.assert_allclose(column(matrix, "median_90") * level, 10, rtol=1e-6)
    for name in ("seasonal_naive", "weekday_4_weeks", "weekday_13_weeks"):
        np.testing.assert_allclose(column(matrix, name) * level, week * 2, rtol=1e-6)
    assert column(matrix, "horizon").tolist() == [*range(1, 15)]


def test_a_missing_day_takes_the_week_before():
    units = [1.0] * 14 + [2, 2, 2, 2, 2, 2, None]
    matrix = encode([instance(units, 7)])
    naive = column(matrix, "seasonal_naive") * column(matrix, "level")
    assert naive == pytest.approx([2] * 6 + [1])


@priced
def test_a_promotion_is_no_ordinary_day():
    units = [10.0] * 21 + [30.0] * 7
    price = [USUAL] * 21 + [CUT] * 7 + [USUAL] * 7
    matrix = encode([instance(units, 7, price=price)])
    assert column(matrix, "level") == pytest.approx([10] * 7)
    ratio = CUT / USUAL if features.PRICED else (1 + USUAL) / (1 + CUT)
    assert column(matrix, "price_a_week_before") == pytest.approx([ratio] * 7)
    assert column(matrix, "price") == pytest.approx([1] * 7)


@priced
def test_a_flag_is_read_as_a_cut_where_it_is_set(monkeypatch):
    monkeypatch.setattr(features, "PRICED", False)
    flags = [1.0] * 7 + [3.0] * 7 + [1.0] * 21
    matrix = encode([instance([10.0] * 28, 7, price=flags)])
    assert column(matrix, "level") == pytest.approx([10] * 7)
    assert column(matrix, "promoted_days") == pytest.approx([0.25] * 7)
    assert column(matrix, "price") == pytest.approx([1] * 7)


def test_only_the_last_weeks_count():
    units = [5.0, 7.0] * 60
    longer = encode([instance([900.0] * 50 + units)])
    np.testing.assert_array_equal(longer[:, :12], encode([instance(units)])[:, :12])
    assert len(units) > LOOK


@pytest.mark.parametrize("after", [0, LOOK - KNOWN])
def test_a_week_of_known_days_is_enough_wherever_it_lies(after, predictor):
    units = [None] * 20 + [5.0] * KNOWN + [None] * after
    (prediction,) = predictor.predict([instance(units)])
    assert prediction.units == pytest.approx([5] * AHEAD, rel=0.7)


def test_a_product_that_never_sold_is_forecast_to_sell_nothing(predictor):
    (prediction,) = predictor.predict([instance([0.0] * 28)])
    assert max(prediction.units) < 2 * LEAST


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": [1.0] * 13}, "at least 14 items"),
        ({"units": [1.0] * (LONGEST + 1)}, "at most 400 items"),
        ({"units": [None] * 28}, "fewer than 7 of the last 91 .* are known"),
        (
            {"units": [1.0] * 9 + [None] * 91, "price": [1.0] * 107},
            "fewer than 7 of the last 91 .* are known",
        ),
        ({"horizon": 0}, "greater than or equal to 1"),
        ({"horizon": AHEAD + 1}, "less than or equal to 14"),
        ({"units": [-1.0] * 28}, "greater than or equal to 0"),
        ({"units": ["3"] * 28}, "valid number"),
        ({"start": "yesterday"}, "write a day like 2026-01-31"),
        ({"start": 20260101}, "valid date"),
        ({"start": "9999-12-31"}, "years 1900 to 2199"),
    ],
)
def test_a_history_that_does_not_fit_is_refused_in_a_sentence(change, message):
    with pytest.raises(ValidationError, match=message):
        SERVICE.instance.model_validate(request(**change))


@priced
def test_prices_that_do_not_reach_the_horizon_s_end_are_refused():
    change = {"units": [1.0] * 28, "price": [1.0] * 34, "horizon": 7}
    with pytest.raises(ValidationError, match="has 34 values; .* horizon need 35"):
        SERVICE.instance.model_validate(request(**change))


def test_the_columns_of_a_weekday_are_one_feature():
    blocks = features.ENCODING.blocks
    assert {name for name in blocks if "=" in name} == set()
    assert NAMES[blocks["weekday"]] == [f"weekday={number}" for number in range(7)]
    assert sum(block.stop - block.start for block in blocks.values()) == len(NAMES)
