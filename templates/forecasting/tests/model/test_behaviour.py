"""What the model must have learned about demand, whatever its metrics say.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

from datetime import timedelta

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.schema import AHEAD
from {{ cookiecutter.package_name }}.service import SERVICE

WEEK = [20.0, 18, 18, 20, 26, 34, 8]  # Monday to Sunday
USUAL = SERVICE.example | {
    "units": WEEK * 8,
    "price": [3.0] * (56 + AHEAD),
    "horizon": AHEAD,
}


@pytest.fixture(scope="module")
def units(predictor):
    """Return `units(**change)`: the forecast of the usual product, changed."""

    def of(**change):
        (found,) = predictor.predict([SERVICE.instance.model_validate(USUAL | change)])
        return np.array(found.units)

    return of


def test_a_steady_product_goes_on_as_before(units):
    assert units() == pytest.approx(WEEK * 2, rel=0.25, abs=1)


def test_a_saturday_sells_more_than_a_sunday(units):
    found = units()
    assert found[5] > 2 * found[6] and found[12] > 2 * found[13]


@pytest.mark.parametrize("size", [0.1, 10, 1_000])
def test_a_product_of_another_size_is_forecast_alike(size, units):
    found = units(units=[size * value for value in WEEK * 8])
    assert found / size == pytest.approx(units(), rel=1e-3, abs=0.06)


def test_the_currency_does_not_matter(units):
    np.testing.assert_allclose(
        units(price=[3_000.0] * (56 + AHEAD)), units(), rtol=1e-4
    )


def test_the_name_does_not_matter(units):
    np.testing.assert_array_equal(units(product="never heard of it"), units())


def test_years_later_the_same_history_gets_the_same_forecast(units):
    later = SERVICE.instance.model_validate(USUAL).start + timedelta(weeks=200)
    np.testing.assert_array_equal(units(start=later), units())


def test_a_promotion_sells_more_on_its_days_alone(units):
    price = [3.0] * 56 + [3.0] * 3 + [2.1] * 4 + [3.0] * 7
    found, usual = units(price=price), units()
    assert np.all(found[3:7] > 1.2 * usual[3:7])
    np.testing.assert_array_equal(found[:3], usual[:3])
    np.testing.assert_array_equal(found[7:], usual[7:])


def test_a_deeper_cut_sells_no_less(units):
    cuts = [units(price=[3.0] * 56 + [p] * AHEAD).sum() for p in (3, 2.7, 2.4, 2.1)]
    assert cuts == sorted(cuts) and cuts[-1] > 1.3 * cuts[0]


def test_a_promotion_of_last_week_is_not_taken_for_growth(units):
    sold = WEEK * 7 + [1.8 * value for value in WEEK]
    price = [3.0] * 49 + [2.2] * 7 + [3.0] * AHEAD
    assert units(units=sold, price=price).sum() < 1.15 * units().sum()


def test_more_sales_lately_mean_more_sales_ahead(units):
    risen = WEEK * 4 + [1.5 * value for value in WEEK * 4]
    assert 1.3 * units().sum() < units(units=risen).sum() < 1.6 * units().sum()


def test_a_missing_day_changes_little(units):
    gaps = [None if day in (3, 17, 40, 50) else v for day, v in enumerate(WEEK * 8)]
    assert units(units=gaps) == pytest.approx(units(), rel=0.15, abs=0.5)


def test_a_shorter_horizon_begins_like_a_longer_one(units):
    short = units(horizon=3, price=[3.0] * 59)
    np.testing.assert_allclose(short, units()[:3], atol=0.011)


def test_two_weeks_of_history_are_enough_for_a_forecast(units):
    found = units(units=WEEK * 2, price=[3.0] * (14 + AHEAD))
    assert found == pytest.approx(WEEK * 2, rel=0.35, abs=1.5)


def test_an_unheard_of_group_still_gets_a_forecast(units):
    assert units(group="toys") == pytest.approx(units(), rel=0.3)
