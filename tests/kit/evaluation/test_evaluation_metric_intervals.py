"""Every metric of the library with its interval: it holds the estimate, and tells better scores from worse."""

import numpy as np
import pandas as pd
import pytest

from mlservice.data.dataset import Dataset
from mlservice.evaluation import classification, forecasting, regression
from mlservice.evaluation.bootstrap import Metric, gain, interval
from mlservice.params import Gate

GATE = Gate(metric="any", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=())
INFLATED = ("calibration_error", "rate_error")
OF_CLASSES = [
    ("log_loss", False),
    ("roc_auc", True),
    ("accuracy", True),
    ("macro_f1", True),
    ("calibration_error", False),
]
OF_TWO = [*OF_CLASSES, ("pr_auc", True), ("brier", False), ("rate_error", False)]
CASES = [
    *(("four classes", name, better) for name, better in OF_CLASSES),
    *(("two classes", name, better) for name, better in OF_TWO),
    *(("number", name, False) for name in ("mae", "rmse", "mape")),
    *(("forecast", name, False) for name in ("wape", "mase")),
]


def classes(rows, k):
    """Draw calibrated scores of k classes, and labels by them."""
    rng = np.random.default_rng(0)
    scores = rng.dirichlet([3, *[1] * (k - 1)], rows)
    return np.array([rng.choice(k, p=row) for row in scores], dtype=np.int64), scores


def number(rows):
    """Draw targets, and points near them."""
    rng = np.random.default_rng(0)
    middle = rng.uniform(5, 50, rows)
    return np.abs(rng.normal(middle, middle / 10)), middle[:, np.newaxis]


def forecast(rows):
    """Draw units with a scale, and forecasts near them."""
    target, scores = number(rows)
    return np.column_stack([target, np.full(rows, 4.0)]), scores


DRAWS = {
    "two classes": lambda rows: classes(rows, 2),
    "four classes": lambda rows: classes(rows, 4),
    "number": number,
    "forecast": forecast,
}
MODULES = {"number": regression, "forecast": forecasting}


def drawn(kind, rows):
    """Return a data set, each row a group of its own, and scores of it."""
    target, scores = DRAWS[kind](rows)
    matrix = np.zeros((rows, 1), dtype=np.float32)
    return Dataset(pd.DataFrame({"x": matrix[:, 0]}), matrix, target, np.arange(rows)), scores


def metric_of(kind, name, better):
    """Return a metric of the library by its name."""
    return Metric(getattr(MODULES.get(kind, classification), name), better, name, name in INFLATED)


@pytest.mark.parametrize(("kind", "name", "better"), CASES)
def test_an_interval_holds_the_estimate(kind, name, better):
    metric, (rows, scores) = metric_of(kind, name, better), drawn(kind, 400)
    found = interval(metric, rows, scores, GATE)
    assert found.low < found.value < found.high or metric.inflated
    assert found.low <= found.value <= found.high
    assert found.value == metric.compute(rows.target, scores)


@pytest.mark.parametrize(("kind", "name", "better"), CASES)
def test_what_is_better_gains_by_any_metric(kind, name, better):
    metric, (rows, scores) = metric_of(kind, name, better), drawn(kind, 2_000)
    noise = np.random.default_rng(1).permutation(scores)
    found = gain(metric, rows, scores, noise, GATE)
    assert 0 < found.low < found.value < found.high, name


def test_rows_of_a_group_are_no_new_evidence():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 50)
    wrong = rng.normal(0, 3, 20)[groups]
    sold = rng.poisson(20, len(groups)).astype(float)
    target, scores = np.column_stack([sold, np.full(len(groups), 4.0)]), (20 + wrong)[:, np.newaxis]
    metric, matrix = Metric(forecasting.bias, None, "bias"), np.zeros((len(groups), 1), np.float32)
    frame = pd.DataFrame({"x": groups})
    by_group, by_row = (
        interval(metric, Dataset(frame, matrix, target, each), scores, GATE) for each in (groups, np.arange(1_000))
    )
    assert by_group.high - by_group.low > 2 * (by_row.high - by_row.low)


def test_the_order_of_rows_and_the_names_of_groups_do_not_matter():
    rows, scores = drawn("forecast", 400)
    grouped = Dataset(rows.rows, rows.matrix, rows.target, np.arange(400) // 20)
    order = np.random.default_rng(1).permutation(400)
    metric = metric_of("forecast", "wape", False)
    found, again = (
        gain(metric, one, s, s + 1, GATE) for one, s in ((grouped, scores), (grouped.take(order), scores[order]))
    )
    assert (found.low, found.high) == pytest.approx((again.low, again.high))
