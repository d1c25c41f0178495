"""The sample is reproducible, and the truth that it documents is the truth found in it.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.checks import check
from sklearn.metrics import roc_auc_score

from {{ cookiecutter.package_name }} import data, sample
from {{ cookiecutter.package_name }}.service import SERVICE

MANY = 40_000  # rows: enough to see a cause that is there, and that one is not
NO_PART = ["birth_day", "region", "data_used"]


@pytest.fixture(scope="module")
def people():
    """Customers as they were drawn, before values were hidden."""
    frame = sample.customers(MANY, seed=1)
    rng = np.random.default_rng(2)
    truth = sample.churn_probability(frame)
    return frame.assign(truth=truth, left=rng.random(MANY) < truth)


def test_the_sample_has_so_many_rows_and_leavers():
    rows = sample.sample()
    assert len(rows) == sample.ROWS
    assert 0.15 < (rows["churned"] == "yes").mean() < 0.3


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


def test_customers_leave_at_the_rate_that_the_truth_gives(people):
    tenth = pd.qcut(people["truth"], 10)
    rates = people.groupby(tenth, observed=True)[["truth", "left"]].mean()
    assert rates["left"].to_numpy() == pytest.approx(rates["truth"], abs=0.025)


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        ("tenure_months", -1),
        ("monthly_charge", 1),
        ("support_calls", 1),
        ("late_payments", 1),
        ("days_since_login", 1),
        ("paperless", -1),
    ],
)
def test_a_cause_works_in_the_documented_direction(column, sign, people):
    assert sign * people[column].corr(people["left"].astype(float)) > 0.02


def test_a_contract_binds(people):
    rates = people.groupby("contract")["left"].mean()
    assert rates["month-to-month"] > rates["one year"] > rates["two years"]


def test_calls_to_support_weigh_more_for_those_who_are_free_to_go(people):
    free = people["contract"] == "month-to-month"
    calls = [
        group["support_calls"].corr(group["left"].astype(float))
        for group in (people[free], people[~free])
    ]
    assert calls[0] > calls[1] + 0.1


@pytest.mark.parametrize("column", NO_PART)
def test_what_plays_no_part_leaves_the_truth_as_it_is(column, people):
    shuffled = people.assign(**{column: people[column].sample(frac=1).to_numpy()})
    np.testing.assert_array_equal(sample.churn_probability(shuffled), people["truth"])


def test_the_feature_without_signal_has_none(people):
    auc = roc_auc_score(people["left"], people["birth_day"])
    assert auc == pytest.approx(0.5, abs=0.015)


def test_nothing_knows_more_than_the_truth(predictor):
    people = sample.customers(MANY, seed=11)
    left = np.random.default_rng(12).random(MANY) < sample.churn_probability(people)
    known = people.assign(churned=np.where(left, "yes", "no"))
    rows = check(known, SERVICE.columns)
    scores = predictor.model.scorer.run(data.assemble(rows).matrix)
    best = roc_auc_score(left, sample.churn_probability(people))
    found = roc_auc_score(left, scores[:, 1])
    assert best - 0.05 < found < best
