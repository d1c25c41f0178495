"""What the model must have learned about customers; and numbers that never move.

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
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    FEATURES,
    Instance,
)

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

PREPARE = Prepare(seed=1, validation_share=0.2, test_share=0.2)
TRAIN = Train(
    seed=1,
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=30,
    l2_regularization=1.0,
    calibration_folds=3,
)
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
def rows(parts):
    """Rows that the model has not seen."""
    return parts["test"].rows


def test_an_obvious_leaver_and_an_obvious_stayer(predictor):
    people = [Instance.model_validate(person) for person in (LEAVER, STAYER)]
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
    (most,) = (feature.high for feature in FEATURES if feature.column == column)
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
            Instance.model_validate(EXAMPLE),
            Instance.model_validate(EXAMPLE | {"region": "overseas"}),
        ]
    )
    gap = abs(known.probabilities["yes"] - unknown.probabilities["yes"])
    assert gap < 0.1


@pytest.fixture(scope="module")
def scores(predictor, parts):
    """The served model's scores of the test rows."""
    return predictor.model.scorer.run(parts["test"].matrix)


@pytest.fixture(scope="module")
def fixed():
    """Parts of fixed rows and a fixed split."""
    found = prepare.split(data.check(sample.sample(1_500, seed=1)), PREPARE)
    return {name: prepare.assemble(part) for name, part in found.items()}


def test_it_predicts_and_ranks_better_than_the_baseline(project, scores, parts):
    baseline = artifact.load(project / "models/baseline")
    rival, labels = baseline.scorer.run(parts["test"].matrix), parts["test"].target
    assert metrics.log_loss(labels, scores) < metrics.log_loss(labels, rival)
    assert metrics.roc_auc(labels, scores) > metrics.roc_auc(labels, rival) + 0.03
    assert metrics.rate_error(labels, scores) < 0.08


def test_its_decision_costs_less_than_doing_nothing_and_than_asking_everyone(
    predictor, scores, parts
):
    costs = metrics.Costs(cost_false_negative=100, cost_false_positive=20)
    labels, threshold = (
        parts["test"].target,
        predictor.model.manifest.decision.threshold,
    )
    chosen = metrics.cost_per_row(labels, scores, costs, threshold)
    assert chosen < metrics.cost_per_row(labels, scores, costs, 1.1)  # nobody
    assert chosen < metrics.cost_per_row(labels, scores, costs, 0.0)  # everybody


def test_the_baseline_asks_one_question_and_has_these_two_rates(fixed):
    fitted = model.baseline(TRAIN).fit(fixed["train"].matrix, fixed["train"].target)
    rates = np.unique(fitted.predict_proba(fixed["test"].matrix)[:, 1])
    assert rates == pytest.approx([40 / 436, 162 / 464], abs=1e-9)  # left / bound, free


def test_the_candidate_has_this_log_loss(fixed):
    train, test = fixed["train"], fixed["test"]
    fitted = model.candidate(TRAIN).fit(train.matrix, train.target)
    found = metrics.log_loss(test.target, fitted.predict_proba(test.matrix))
    assert found == pytest.approx(0.40700, abs=5e-4)  # room for a CPU's rounding
