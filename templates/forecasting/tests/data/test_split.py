"""The split follows time, and nothing of the future ever reaches a feature."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from mlservice.data.checks import DataError, check
from mlservice.data.files import load
from pydantic import ValidationError

from {{ cookiecutter.package_name }} import data
from {{ cookiecutter.package_name }}.params import Prepare
from {{ cookiecutter.package_name }}.schema import AHEAD
from {{ cookiecutter.package_name }}.service import SERVICE

PREPARE = Prepare(validation_days=28, test_days=42, step=5)
NAMES = ("train", "validation", "test")
COLUMN = {feature.name: feature.column for feature in SERVICE.columns}
DATE, UNITS = COLUMN["date"], COLUMN["units"]
PLANNED = [feature.column for feature in SERVICE.columns if feature.name == "price"]


def first_days(split):
    """Return the first day of the forecast of each instance."""
    return pd.to_datetime(split["start"]) + pd.to_timedelta(
        split["units"].map(len), "D"
    )


def matrix(split):
    """Encode the instances of a split as the service would."""
    given = split[data.ASKED].to_dict("records")
    return SERVICE.encoding.encode([data.instance_of(one) for one in given])


@pytest.fixture(scope="module")
def rows(raw):
    """All rows, checked."""
    return check(raw, SERVICE.columns)


@pytest.fixture(scope="module")
def whole(rows):
    """The splits of all rows, by name."""
    return data.split_by_time(rows, PREPARE)


@pytest.fixture
def origin(whole):
    """A day in the midst of the test split on which forecasts begin."""
    days = first_days(whole["test"]).unique()
    return days[len(days) // 2]


def poisoned(rows, origin):
    """Make every sale from `origin` on absurd, and every price beyond the horizon."""
    late = {column: origin + timedelta(days=AHEAD) for column in PLANNED}
    late |= {UNITS: origin}
    absurd = {
        column: rows[column].where(rows[DATE] < day, rows[column] * 0.01 + 7)
        for column, day in late.items()
    }
    return rows.assign(**absurd)


def until(split, origin):
    """Keep the instances whose forecast begins on `origin` or earlier."""
    return split[first_days(split) <= origin].reset_index(drop=True)


def test_a_poisoned_future_changes_no_feature_and_no_forecast(
    rows, whole, origin, predictor
):
    after = data.split_by_time(poisoned(rows, origin), PREPARE)
    for name in NAMES:
        clean, dirty = (matrix(until(p[name], origin)) for p in (whole, after))
        assert len(clean)
        np.testing.assert_array_equal(clean, dirty)
        scores = (predictor.model.scorer.run(m) for m in (clean, dirty))
        np.testing.assert_array_equal(*scores)


def test_the_same_poison_a_day_earlier_is_seen(rows, whole, origin):
    after = data.split_by_time(poisoned(rows, origin - timedelta(days=1)), PREPARE)
    clean, dirty = (matrix(until(p["test"], origin)) for p in (whole, after))
    assert not np.array_equal(clean, dirty)


def test_poison_in_later_splits_never_reaches_training(rows, whole):
    begin = first_days(whole["validation"]).min()
    after = data.split_by_time(poisoned(rows, begin), PREPARE)
    clean, dirty = (data.assemble(p["train"]) for p in (whole, after))
    np.testing.assert_array_equal(clean.matrix, dirty.matrix)
    np.testing.assert_array_equal(clean.target, dirty.target)


def test_the_days_that_judge_follow_each_other_and_never_overlap(rows, whole):
    spans = [
        (
            first_days(whole[name]).min(),
            first_days(whole[name]).max() + timedelta(AHEAD),
        )
        for name in NAMES
    ]
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:]))
    assert spans[-1][1] <= rows[DATE].max() + timedelta(days=1)


def test_what_was_sold_is_what_the_file_says(rows, whole):
    units = data.by_name(rows).set_index(["product", "date"])["units"]
    some = whole["test"].sample(20, replace=True, random_state=1)
    for given in some.to_dict("records"):
        first = pd.Timestamp(given["start"]) + timedelta(days=len(given["units"]))
        for horizon, sold in enumerate(given["sold"]):
            day = first + timedelta(days=horizon)
            assert units.get((given["product"], day)) == sold


def test_each_horizon_meets_every_weekday(whole):
    found = data.assemble(whole["train"]).rows.groupby("horizon")["weekday"].nunique()
    assert (found == 7).all() and len(found) == AHEAD


@pytest.mark.parametrize("step", [7, 14])
def test_a_step_that_ties_a_horizon_to_one_weekday_is_refused(step):
    with pytest.raises(ValidationError, match="no multiple of 7"):
        Prepare(validation_days=28, test_days=42, step=step)


def test_a_day_given_twice_is_refused(rows):
    twice = pd.concat([rows, rows.iloc[[40]]], ignore_index=True)
    with pytest.raises(DataError, match=rf"row {len(twice)}: a second row for "):
        data.split_by_time(twice, PREPARE)


def test_too_few_days_are_refused(rows):
    few = rows[rows[DATE] < rows[DATE].min() + timedelta(days=90)]
    with pytest.raises(DataError, match="90 days are too few"):
        data.split_by_time(few, PREPARE)


def test_the_file_holds_the_same_instances(project, rows, params):
    again = data.split_by_time(rows, params.prepare)
    for name, split in again.items():
        written = load(project / f"data/{name}.parquet", SERVICE.columns)
        assert len(written) == len(split)
        np.testing.assert_array_equal(matrix(written), matrix(split))


@pytest.mark.parametrize(("products", "groups"), [(5, 5), (4, 12), (1, 3)])
def test_days_of_a_product_depend_on_each_other(rows, products, groups):
    known = data.by_name(rows)
    first = known["product"].iloc[0]
    one = known[known["product"] == first].tail(220)
    many = pd.concat([one.assign(product=f"{n}") for n in range(products)])
    split = data.split_by_time(many, PREPARE)["test"]
    assert len(set(data.assemble(split).groups)) == groups
