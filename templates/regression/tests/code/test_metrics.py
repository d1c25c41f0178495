"""Which metrics there are, which margin is chosen, and when rows are enough."""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.dataset import Dataset

from {{ cookiecutter.package_name }} import (
    metrics,
    prediction,
    report,
)
from {{ cookiecutter.package_name }}.params import Promise
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    limits,
)

PROMISE = Promise(coverage=0.9)
DECISION = Decision(margin=0.5)
ALL = metrics.metrics_for(PROMISE, Decision(margin=1.0))
TARGET = np.array([10.0, 20, 0, 40])
SCORES = np.array([[12.0, 8, 15], [18, 17, 18.5], [1, 0, 3], [50, 42, 60]])


@pytest.fixture(autouse=True)
def from_nothing_to_a_thousand(monkeypatch):
    """Let these tests' targets be possible, whatever the schema's bounds are."""
    monkeypatch.setattr(prediction, "LOW", 0.0)
    monkeypatch.setattr(prediction, "HIGH", 1_000.0)


def split(target):
    """Return a data set with this target, each row a group of its own."""
    rows = pd.DataFrame({"x": target})
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    return Dataset(rows, matrix, target, np.arange(len(target)))


def drawn(rows=400, seed=0):
    """Draw targets, and point, low and high of a model that knows their spread."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(5, 50, rows)
    spread = middle / 10
    target = np.abs(rng.normal(middle, spread))
    return target, np.column_stack([middle, middle - spread, middle + spread])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mae", (2 + 2 + 1 + 10) / 4),
        ("rmse", np.sqrt((4 + 4 + 1 + 100) / 4)),
        ("mape", (2 / 10 + 2 / 20 + 10 / 40) / 3),  # nothing is no share of zero
        ("coverage", 2 / 4),  # 20 is above 18.5 + 1, 40 is below 42 - 1
        ("width", (9 + 3.5 + 4 + 20) / 4),  # nothing lies below zero
        ("interval_score", (9 + 3.5 + 4 + 20 + 20 * (0.5 + 1)) / 4),
    ],
)
def test_a_metric_has_the_value_found_by_hand(name, expected):
    found = ALL[name].compute(TARGET, SCORES)
    assert found == pytest.approx(expected, abs=1e-12)


def test_ends_that_cross_still_hold_the_point():
    low, high = limits(np.array([[10.0, 12, 8]]), Decision())
    assert (low, high) == (8, 12)


def test_a_margin_that_eats_the_interval_leaves_it_in_order():
    low, high = limits(SCORES, Decision(margin=-100))
    assert np.all(low <= high)


def test_a_point_alone_gets_an_interval_from_the_margin():
    low, high = limits(SCORES[:, :1], Decision(margin=5))
    assert low.tolist() == [7, 13, 0, 45] and high.tolist() == [17, 23, 6, 55]


@pytest.mark.parametrize("promised", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("columns", [1, 3])
def test_the_margin_covers_what_was_promised(promised, columns):
    target, given = drawn(2_000)
    decision = metrics.choose_decision(
        target, given[:, :columns], Promise(coverage=promised)
    )
    known = metrics.metrics_for(PROMISE, decision)
    covered = known["coverage"].compute(target, given[:, :columns])
    assert covered == pytest.approx(promised, abs=0.01)


def test_a_slice_needs_thirty_rows_whatever_their_target():
    assert metrics.enough(split(np.zeros(30)))
    assert not metrics.enough(split(np.ones(29)))


def test_the_margin_of_a_small_target_is_not_rounded_away(monkeypatch):
    monkeypatch.setattr(metrics, "DIGITS", 9)  # as for a target of 0 … 0.0001
    target, given = drawn()
    decision = metrics.choose_decision(target / 1e6, given / 1e6, PROMISE)
    known = metrics.choose_decision(target, given, PROMISE)
    assert decision.margin == pytest.approx(known.margin / 1e6, rel=1e-3)


def test_the_report_shows_misses_by_predicted_value(params):
    target, given = drawn(1_000)
    (rows,) = report.tables(split(target), given, DECISION, params.gate).values()
    assert [row["rows"] for row in rows] == [200] * 5
    for name in ("mean prediction", "width"):
        values = [row[name] for row in rows]
        assert values == sorted(values)
    assert rows[0]["mae"]["high"] < rows[-1]["mae"]["low"]  # great ones vary more
    mean = np.mean([row["coverage"] for row in rows])
    known = metrics.metrics_for(PROMISE, DECISION)["coverage"]
    assert mean == pytest.approx(known.compute(target, given), abs=1e-4)
