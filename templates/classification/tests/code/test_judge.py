"""The gate lets through what is surely better, and says why it refuses the rest."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import metrics
from {{ cookiecutter.package_name }}.evaluate import (
    SHIP_BASELINE,
    judge,
)
from {{ cookiecutter.package_name }}.params import Decision as Costs
from {{ cookiecutter.package_name }}.params import Gate
from {{ cookiecutter.package_name }}.prediction import Decision

GATE = Gate(
    metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=()
)
COSTS = Costs(cost_false_negative=100, cost_false_positive=20)
ALL = metrics.metrics_for(COSTS, Decision())
RNG = np.random.default_rng(5)
RATES = RNG.beta(1, 2, 800)
LABELS = (RNG.random(800) < RATES).astype(np.int64)


def scores(rates):
    """Return scores of shape (n, 2)."""
    return np.column_stack([1 - rates, rates])


TRUTH = scores(RATES)
MAJORITY = metrics.majority(LABELS, 800)
NOISE = scores(np.clip(RNG.permutation(RATES), 0.01, 0.99))
NEARLY = scores(np.clip(RATES + RNG.normal(0, 0.01, 800), 1e-3, 1 - 1e-3))


def verdict(candidate, gate=GATE, **rivals):
    """Judge a candidate by the gate's metric."""
    given = {"candidate": candidate, **rivals}
    return judge(LABELS, given, dict.fromkeys(given, ALL), gate)


@pytest.mark.parametrize("metric", ["log_loss", "brier", "roc_auc", "pr_auc"])
def test_what_is_clearly_better_passes_by_any_metric(metric):
    gate = GATE.model_copy(update={"metric": metric})
    found = verdict(TRUTH, gate, baseline=NOISE, majority=MAJORITY)
    assert found.passed and found.metric == metric
    assert all(gain.low > 0 for gain in found.gains.values())


@pytest.mark.parametrize("metric", ["log_loss", "brier", "roc_auc", "pr_auc"])
def test_noise_is_refused_by_any_metric(metric):
    gate = GATE.model_copy(update={"metric": metric})
    found = verdict(NOISE, gate, baseline=TRUTH, majority=MAJORITY)
    assert not found.passed
    assert SHIP_BASELINE in found.reason and "over the baseline" in found.reason


def test_beating_the_baseline_is_not_enough_if_the_majority_is_better():
    worse = scores(np.full(800, 0.99))
    found = verdict(NOISE, baseline=worse, majority=MAJORITY)
    assert found.gains["baseline"].low > 0
    assert not found.passed
    assert "over the majority" in found.reason and SHIP_BASELINE in found.reason


def test_a_gain_that_is_not_sure_is_refused():
    found = verdict(TRUTH, baseline=NEARLY)
    assert found.gains["baseline"].low < 0 < found.gains["baseline"].high
    assert not found.passed and SHIP_BASELINE in found.reason


def test_the_gain_must_lie_above_what_was_asked():
    gain = verdict(TRUTH, baseline=MAJORITY).gains["baseline"]
    for asked, passed in ((gain.low * 0.99, True), (gain.low, False)):
        gate = GATE.model_copy(update={"min_gain": asked})
        assert verdict(TRUTH, gate, baseline=MAJORITY).passed is passed


def test_what_is_surely_worse_than_the_champion_is_refused():
    halfway = scores((RATES + LABELS.mean()) / 2)
    found = verdict(halfway, baseline=MAJORITY, majority=MAJORITY, champion=TRUTH)
    assert found.gains["baseline"].low > 0
    assert not found.passed
    assert "worse than the champion" in found.reason
    assert SHIP_BASELINE not in found.reason


@pytest.mark.parametrize("champion", [TRUTH, NEARLY], ids=["equal", "nearly equal"])
def test_what_is_not_surely_worse_than_the_champion_passes(champion):
    assert verdict(TRUTH, baseline=MAJORITY, champion=champion).passed


@pytest.mark.parametrize("name", ALL)
def test_nothing_gains_over_itself(name):
    found = metrics.gain(ALL[name], LABELS, TRUTH, TRUTH, GATE)
    assert found == metrics.Interval(0.0, 0.0, 0.0)


@pytest.mark.parametrize("name", ALL)
def test_a_gain_is_positive_when_better_whatever_the_metric_s_direction(name):
    ours, theirs = (ALL[name].compute(LABELS, given) for given in (TRUTH, NOISE))
    gain = metrics.gain(ALL[name], LABELS, TRUTH, NOISE, GATE)
    assert gain.value == pytest.approx(abs(ours - theirs))
    back = metrics.gain(ALL[name], LABELS, NOISE, TRUTH, GATE)
    assert (back.low, back.high) == pytest.approx((-gain.high, -gain.low))


def test_a_gain_is_paired_and_so_surer_than_two_intervals_apart():
    gain = metrics.gain(ALL["brier"], LABELS, TRUTH, NEARLY, GATE)
    alone = metrics.interval(ALL["brier"], LABELS, TRUTH, GATE)
    assert gain.high - gain.low < (alone.high - alone.low) / 5
