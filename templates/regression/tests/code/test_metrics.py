"""Every metric by hand on tiny arrays, against scikit-learn, and with its interval."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

from {{ cookiecutter.package_name }} import (
    details,
    intervals,
    metrics,
    prediction,
)
from {{ cookiecutter.package_name }}.params import (
    Decision as Promise,
)
from {{ cookiecutter.package_name }}.config import Gate
from {{ cookiecutter.package_name }}.parts import Part
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    limits,
)

GATE = Gate(metric="mae", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=())
PROMISE = Promise(coverage=0.9)
ALL = metrics.metrics_for(PROMISE, Decision(margin=1.0))
TARGET = np.array([10.0, 20, 0, 40])
SCORES = np.array([[12.0, 8, 15], [18, 17, 18.5], [1, 0, 3], [50, 42, 60]])


@pytest.fixture(autouse=True)
def from_nothing_to_a_thousand(monkeypatch):
    """Let these tests' targets be possible, whatever the schema's bounds are."""
    monkeypatch.setattr(prediction, "LOW", 0.0)
    monkeypatch.setattr(prediction, "HIGH", 1_000.0)


def part(target):
    """Return a part with this target, each row a group of its own."""
    rows = pd.DataFrame({"x": target})
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    return Part(rows, matrix, target, np.arange(len(target)))


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


def test_errors_equal_scikit_learn_s():
    target, given = drawn()
    for ours, theirs in (
        (metrics.mae, sk.mean_absolute_error),
        (metrics.rmse, sk.root_mean_squared_error),
        (metrics.mape, sk.mean_absolute_percentage_error),
    ):
        assert ours(target, given) == pytest.approx(theirs(target, given[:, 0]))


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
def test_the_margin_covers_what_was_promised_on_rows_unseen(promised, columns):
    promise, shares = Promise(coverage=promised), []
    for seed in range(10):
        (target, given), (new, after) = drawn(600, seed), drawn(600, 100 + seed)
        decision = metrics.choose_decision(target, given[:, :columns], promise)
        shares.append(metrics.coverage(new, *limits(after[:, :columns], decision)))
    assert np.mean(shares) == pytest.approx(promised, abs=0.02)


def test_the_interval_score_prefers_the_interval_that_is_right():
    target, given = drawn(4_000)
    right = metrics.choose_decision(target, given, PROMISE)
    found = [
        metrics.interval_score(target, *limits(given, Decision(margin=margin)), 0.9)
        for margin in (right.margin - 2, right.margin, right.margin + 2)
    ]
    assert found[1] == min(found)


def test_a_share_is_of_the_size_of_what_is_below_zero_and_of_nothing_none():
    below = metrics.mape(-TARGET, -SCORES)
    assert below == metrics.mape(TARGET, SCORES) > 0
    assert metrics.mape(np.zeros(4), SCORES) == 0


def test_a_slice_needs_thirty_rows_whatever_their_target():
    assert metrics.enough(part(np.zeros(30)))
    assert not metrics.enough(part(np.ones(29)))


def test_the_margin_of_a_small_target_is_not_rounded_away(monkeypatch):
    monkeypatch.setattr(metrics, "DIGITS", 9)  # as for a target of 0 … 0.0001
    target, given = drawn()
    decision = metrics.choose_decision(target / 1e6, given / 1e6, PROMISE)
    known = metrics.choose_decision(target, given, PROMISE)
    assert decision.margin == pytest.approx(known.margin / 1e6, rel=1e-3)


@pytest.mark.parametrize("name", ALL)
def test_an_interval_holds_the_estimate(name):
    target, given = drawn()
    found = intervals.interval(ALL[name], part(target), given, GATE)
    assert found.low < found.value < found.high
    assert found.value == ALL[name].compute(target, given)


@pytest.mark.parametrize("name", ["mae", "rmse", "mape", "interval_score"])
def test_what_is_better_gains_by_any_metric_that_has_a_direction(name):
    target, given = drawn()
    noise = np.random.default_rng(1).permutation(given)
    gain = intervals.gain(ALL[name], part(target), given, noise, GATE)
    assert 0 < gain.low < gain.value < gain.high
    assert {n for n, m in ALL.items() if m.greater_is_better is None} == {
        "coverage",
        "width",
    }


def test_the_report_shows_misses_by_predicted_value():
    target, given = drawn(1_000)
    (rows,) = details.tables(part(target), given, Decision(margin=0.5), GATE).values()
    assert [row["rows"] for row in rows] == [200] * 5
    for name in ("mean prediction", "width"):
        values = [row[name] for row in rows]
        assert values == sorted(values)
    assert rows[0]["mae"]["high"] < rows[-1]["mae"]["low"]  # great ones vary more
    low, high = limits(given, Decision(margin=0.5))
    mean = np.mean([row["coverage"] for row in rows])
    assert mean == pytest.approx(metrics.coverage(target, low, high), abs=1e-4)
