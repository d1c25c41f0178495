"""The gate lets through what is significantly better, and says why it refuses the rest."""

import numpy as np
import pandas as pd
import pytest

from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.gate import (
    SHIP_BASELINE,
    check,
    judge,
)
from mlservice.params import Gate

GATE = Gate(metric="error", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=())
ALL = {
    "error": Metric(lambda t, s: float(np.mean(np.abs(t - s[:, 0]))), False, "distance"),
    "fit": Metric(lambda t, s: float(np.corrcoef(t, s[:, 0])[0, 1]), True, "likeness"),
}
RNG = np.random.default_rng(5)
MIDDLE = RNG.normal(10, 3, 800)
TARGET = MIDDLE + RNG.normal(0, 1, 800)
TEST = Dataset(
    pd.DataFrame({"x": MIDDLE}),
    np.zeros((800, 1), dtype=np.float32),
    TARGET,
    np.arange(800),
)


def scores(values):
    """Return scores of shape (n, 1)."""
    return np.asarray(values)[:, np.newaxis]


TRUTH = scores(MIDDLE)
NEARLY = scores(MIDDLE + RNG.normal(0, 0.02, 800))
NOISE = scores(RNG.permutation(MIDDLE))
TRIVIAL = scores(10 + RNG.normal(0, 0.01, 800))


def verdict(candidate, gate=GATE, **rivals):
    """Judge a candidate by the gate's metric."""
    given = {"candidate": candidate, **rivals}
    return judge(TEST, given, dict.fromkeys(given, ALL), gate)


@pytest.mark.parametrize("metric", ALL)
def test_what_is_clearly_better_passes_whatever_the_metric_s_direction(metric):
    gate = GATE.model_copy(update={"metric": metric})
    found = verdict(TRUTH, gate, baseline=NOISE, trivial=TRIVIAL)
    assert found.passed and found.metric == metric
    assert all(gain.low > 0 for gain in found.gains.values())


@pytest.mark.parametrize("metric", ALL)
def test_noise_is_refused_whatever_the_metric_s_direction(metric):
    gate = GATE.model_copy(update={"metric": metric})
    found = verdict(NOISE, gate, baseline=TRUTH, trivial=TRIVIAL)
    assert not found.passed
    assert SHIP_BASELINE in found.reason and "over the baseline" in found.reason


def test_beating_the_baseline_is_not_enough_if_the_trivial_model_is_better():
    worse = scores(np.full(800, 99.0))
    found = verdict(NOISE, baseline=worse, trivial=TRIVIAL)
    assert found.gains["baseline"].low > 0
    assert not found.passed
    assert "over the trivial" in found.reason and SHIP_BASELINE in found.reason


def test_a_gain_that_is_not_significant_is_refused():
    found = verdict(TRUTH, baseline=NEARLY)
    assert found.gains["baseline"].low < 0 < found.gains["baseline"].high
    assert not found.passed and SHIP_BASELINE in found.reason


def test_the_gain_must_lie_above_what_was_asked():
    gain = verdict(TRUTH, baseline=TRIVIAL).gains["baseline"]
    for asked, passed in ((gain.low * 0.99, True), (gain.low, False)):
        gate = GATE.model_copy(update={"min_gain": asked})
        assert verdict(TRUTH, gate, baseline=TRIVIAL).passed is passed


def test_what_is_significantly_worse_than_the_champion_is_refused():
    halfway = scores((MIDDLE + 10) / 2)
    found = verdict(halfway, baseline=TRIVIAL, trivial=TRIVIAL, champion=TRUTH)
    assert found.gains["baseline"].low > 0
    assert not found.passed
    assert "worse than the champion" in found.reason
    assert SHIP_BASELINE not in found.reason


@pytest.mark.parametrize("champion", [TRUTH, NEARLY], ids=["equal", "nearly equal"])
def test_what_is_not_significantly_worse_than_the_champion_passes(champion):
    assert verdict(TRUTH, baseline=TRIVIAL, champion=champion).passed


def test_a_metric_that_has_no_better_direction_cannot_decide():
    width = Metric(lambda t, s: float(np.ptp(s)), None, "from least to most")
    gate = GATE.model_copy(update={"metric": "width"})
    with pytest.raises(UserError, match="gate.metric is none of error, fit$"):
        check(gate, ALL | {"width": width}, TEST)
    check(GATE, ALL | {"width": width}, TEST)
