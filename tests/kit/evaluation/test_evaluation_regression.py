"""Metrics of numbers and intervals: by hand on tiny arrays, against scikit-learn, and by what theory promises."""

import numpy as np
import pytest
from sklearn import metrics as sk

from mlservice.evaluation import regression

TARGET = np.array([10.0, 20, 0, 40])
SCORES = np.array([[12.0, 8, 15], [18, 17, 18.5], [1, 0, 3], [50, 42, 60]])
LOW, HIGH = SCORES[:, 1], SCORES[:, 2]


def drawn(rows=400, seed=0):
    """Draw targets, and point, low and high of a model that knows their spread."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(5, 50, rows)
    spread = middle / 10
    target = np.abs(rng.normal(middle, spread))
    return target, np.column_stack([middle, middle - spread, middle + spread])


def limits(scores, margin):
    """Return the ends of the interval, moved out by the margin."""
    return scores.min(axis=1) - margin, scores.max(axis=1) + margin


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (regression.mae, (2 + 2 + 1 + 10) / 4),
        (regression.rmse, np.sqrt((4 + 4 + 1 + 100) / 4)),
        (regression.mape, (2 / 10 + 2 / 20 + 10 / 40) / 3),  # nothing is no share of zero
    ],
)
def test_a_metric_of_the_point_has_the_value_found_by_hand(metric, expected):
    assert metric(TARGET, SCORES) == pytest.approx(expected, abs=1e-12)
    assert metric(TARGET, SCORES[:, :1]) == pytest.approx(expected, abs=1e-12)


def test_a_metric_of_the_interval_has_the_value_found_by_hand():
    assert regression.coverage(TARGET, LOW, HIGH) == 2 / 4  # 20 is above 18.5, 40 is below 42
    found = regression.interval_score(TARGET, LOW, HIGH, 0.9)
    assert found == pytest.approx((7 + 1.5 + 3 + 18 + 20 * (1.5 + 2)) / 4)


def test_the_ends_of_an_interval_belong_to_it():
    ends = np.array([1.0, 2.0])
    assert regression.coverage(ends, np.full(2, 1.0), np.full(2, 2.0)) == 1


def test_errors_equal_scikit_learn_s():
    target, given = drawn()
    for ours, theirs in (
        (regression.mae, sk.mean_absolute_error),
        (regression.rmse, sk.root_mean_squared_error),
        (regression.mape, sk.mean_absolute_percentage_error),
    ):
        assert ours(target, given) == pytest.approx(theirs(target, given[:, 0]))


def test_the_interval_score_is_the_sum_of_two_pinball_losses():
    target, given = drawn()
    low, high = limits(given, 0)
    pinball = sum(sk.mean_pinball_loss(target, end, alpha=alpha) for end, alpha in ((low, 0.05), (high, 0.95)))
    assert regression.interval_score(target, low, high, 0.9) == pytest.approx(2 / 0.1 * pinball)


@pytest.mark.parametrize("promised", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("columns", [1, 3])
def test_the_margin_covers_what_was_promised_on_rows_unseen(promised, columns):
    shares = []
    for seed in range(10):
        (target, given), (new, after) = drawn(600, seed), drawn(600, 100 + seed)
        margin = regression.conformal_margin(target, given[:, :columns], promised)
        shares.append(regression.coverage(new, *limits(after[:, :columns], margin)))
    assert np.mean(shares) == pytest.approx(promised, abs=0.02)


@pytest.mark.parametrize(("rows", "promised", "rank"), [(10, 0.9, 10), (20, 0.9, 19), (5, 0.9, 5), (100, 0.5, 51)])
def test_the_margin_is_the_quantile_with_one_row_more(rows, promised, rank):
    target = np.random.default_rng(1).permutation(np.arange(1.0, rows + 1))  # distances from a point at 0
    assert regression.conformal_margin(target, np.zeros((rows, 1)), promised) == rank


def test_the_interval_score_prefers_the_interval_that_is_right():
    target, given = drawn(4_000)
    right = regression.conformal_margin(target, given, 0.9)
    found = [regression.interval_score(target, *limits(given, margin), 0.9) for margin in (right - 2, right, right + 2)]
    assert found[1] == min(found)


def test_a_share_is_of_the_size_of_what_is_below_zero_and_of_nothing_none():
    below = regression.mape(-TARGET, -SCORES)
    assert below == regression.mape(TARGET, SCORES) > 0
    assert regression.mape(np.zeros(4), SCORES) == 0
