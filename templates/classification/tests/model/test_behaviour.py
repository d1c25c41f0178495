"""What the model must have learned about customers, whatever its metrics say.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import data
from {{ cookiecutter.package_name }}.service import SERVICE

EXAMPLE = SERVICE.example
LEAVER = EXAMPLE | {
    "tenure_months": 1,
    "monthly_charge": 105.0,
    "support_calls": 6,
    "late_payments": 3,
    "days_since_login": 60.0,
    "contract": "month-to-month",
    "payment": "invoice",
    "channel": "partner",
    "paperless": False,
}
STAYER = EXAMPLE | {
    "tenure_months": 70,
    "monthly_charge": 20.0,
    "support_calls": 0,
    "late_payments": 0,
    "days_since_login": 1.0,
    "contract": "two years",
    "payment": "card",
    "channel": "online",
    "paperless": True,
}

SMALL = 0.04  # mean change of the risk; the contract's is about 0.2


def moved(after, before):
    """Return by how much the risk changed, on average."""
    return float(np.mean(np.abs(after - before)))


@pytest.fixture(scope="module")
def risk(predictor):
    """Return `risk(rows)`: the probability of churn for checked rows of a frame."""

    def of(rows):
        return predictor.model.scorer.run(data.assemble(rows).matrix)[:, 1]

    return of


@pytest.fixture
def rows(splits):
    """Rows that the model has not seen."""
    return splits["test"].rows


def test_an_obvious_leaver_and_an_obvious_stayer(predictor):
    people = [SERVICE.instance.model_validate(person) for person in (LEAVER, STAYER)]
    leaver, stayer = predictor.predict(people)
    assert leaver.label == "yes" and leaver.probabilities["yes"] > 0.6
    assert stayer.label == "no" and stayer.probabilities["yes"] < 0.08


def test_the_day_of_birth_hardly_matters(risk, rows):
    other = rows.assign(birth_day=(rows["birth_day"] + 14) % 31 + 1)
    assert moved(risk(other), risk(rows)) < SMALL


def test_the_sales_region_hardly_matters(risk, rows):
    for region in ("north", "east", "south", "west"):
        assert moved(risk(rows.assign(region=region)), risk(rows)) < SMALL


@pytest.mark.parametrize(
    ("column", "change", "sign"),
    [
        ("tenure_months", 30, -1),
        ("support_calls", 3, 1),
        ("late_payments", 2, 1),
        ("monthly_charge", 35, 1),
    ],
)
def test_a_cause_moves_the_risk_of_most_customers_its_way(
    column, change, sign, risk, rows
):
    (most,) = (feature.high for feature in SERVICE.features if feature.column == column)
    rows = rows[rows[column] <= most - change]
    steps = sign * (risk(rows.assign(**{column: rows[column] + change})) - risk(rows))
    assert np.mean(steps > -0.01) > 0.9
    assert np.mean(steps) > 0.02


def test_a_longer_contract_lowers_the_risk(risk, rows):
    contracts = ("month-to-month", "one year", "two years")
    free, year, two_years = (risk(rows.assign(contract=name)) for name in contracts)
    assert free.mean() > year.mean() > two_years.mean()
    assert np.mean(free > two_years) > 0.95
    assert moved(free, two_years) > 3 * SMALL


def test_a_missing_value_is_no_verdict(risk, rows):
    for column in ("monthly_charge", "days_since_login", "payment", "channel"):
        assert moved(risk(rows.assign(**{column: None})), risk(rows)) < 0.1


def test_an_unheard_of_category_still_gets_a_prediction(predictor):
    known, unknown = predictor.predict(
        [
            SERVICE.instance.model_validate(EXAMPLE),
            SERVICE.instance.model_validate(EXAMPLE | {"region": "overseas"}),
        ]
    )
    gap = abs(known.probabilities["yes"] - unknown.probabilities["yes"])
    assert gap < 0.1


def test_it_predicts_and_ranks_better_than_the_baseline(measured):
    ours, theirs = measured["candidate"], measured["baseline"]
    assert ours["log_loss"] < theirs["log_loss"]
    assert ours["roc_auc"] > theirs["roc_auc"] + 0.03
    assert ours["calibration_error"] < 0.08


def test_its_decision_costs_less_than_doing_nothing_and_than_asking_everyone(
    metric, scores, splits
):
    labels = splits["test"].target
    nobody, everybody = ([[1 - p, p]] * len(labels) for p in (0.0, 1.0))
    chosen = metric("cost", labels, scores)
    assert chosen < metric("cost", labels, np.array(nobody))
    assert chosen < metric("cost", labels, np.array(everybody))
