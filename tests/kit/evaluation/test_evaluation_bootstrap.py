"""An interval is reproducible, as wide as theory says, and knows what is dependent."""

import numpy as np
import pandas as pd
import pytest

from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import (
    Interval,
    Metric,
    estimate,
    gain,
    interval,
)
from mlservice.params import Gate

GATE = Gate(metric="error", min_gain=0, confidence=0.95, resamples=400, seed=3, slices=())


def error(target, scores):
    """Return the mean distance."""
    return float(np.mean(np.abs(target - scores[:, 0])))


ERROR = Metric(error, False, "mean distance")
NEARNESS = Metric(lambda *given: -error(*given), True, "the same, with the other sign")


def drawn(rows=2_000, copies=1):
    """Draw a data set of `rows` groups of `copies` equal rows, and scores of it."""
    rng = np.random.default_rng(0)
    target = np.tile(rng.normal(size=rows), copies)
    scores = target + np.tile(rng.normal(size=rows), copies)
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    groups = np.tile(np.arange(rows), copies)
    dataset = Dataset(pd.DataFrame({"x": target}), matrix, target, groups)
    return dataset, scores[:, np.newaxis]


def width(found):
    """Return how wide an interval is."""
    return found.high - found.low


def test_an_interval_holds_the_estimate_and_is_reproducible():
    dataset, scores = drawn()
    found = interval(ERROR, dataset, scores, GATE)
    assert found.low < found.value < found.high
    assert found.value == error(dataset.target, scores)
    assert found == interval(ERROR, dataset, scores, GATE)
    assert found != interval(ERROR, dataset, scores, GATE.model_copy(update={"seed": 4}))


def test_an_interval_has_about_the_width_that_theory_gives():
    dataset, scores = drawn()
    spread = np.std(np.abs(dataset.target - scores[:, 0])) / np.sqrt(len(dataset.target))
    found = interval(ERROR, dataset, scores, GATE)
    assert width(found) == pytest.approx(2 * 1.96 * spread, rel=0.2)


def test_copies_of_a_row_are_no_new_evidence():
    once, twice = (interval(ERROR, *drawn(copies=n), GATE) for n in (1, 2))
    assert twice.value == pytest.approx(once.value)
    assert width(twice) == pytest.approx(width(once), rel=0.01)
    dataset, scores = drawn(copies=2)
    apart = Dataset(dataset.rows, dataset.matrix, dataset.target, np.arange(len(dataset.target)))
    assert width(interval(ERROR, apart, scores, GATE)) < 0.8 * width(once)


def test_groups_are_picked_whole_whatever_their_sizes_and_order():
    groups, seen = np.array([4, 1, 4, 2, 1, 4]), []
    dataset = Dataset(pd.DataFrame({"x": groups}), np.zeros((6, 1)), groups, groups)

    def picked(rows):
        seen.append(np.bincount(rows, minlength=6))
        return 0.0

    estimate(picked, dataset, GATE)
    for counts in seen:
        assert counts[0] == counts[2] == counts[5] and counts[1] == counts[4]
        assert counts[0] + counts[1] + counts[3] == 3  # as many groups as there are
    assert len({tuple(counts) for counts in seen}) == 10  # ways to pick three of three


def test_one_group_alone_tells_nothing_of_the_spread():
    dataset, scores = drawn(rows=1, copies=40)
    value = error(dataset.target, scores)
    assert interval(ERROR, dataset, scores, GATE) == Interval(value, value, value)


def test_what_resampling_adds_is_taken_off_an_inflated_metric():
    dataset, scores = drawn(rows=50)
    plain = estimate(lambda rows: float(len(set(rows))), dataset, GATE)
    assert plain.high < plain.value  # a resample never holds all rows
    odd = Metric(lambda t, _: 1 - len(set(t)) / 50, False, "share of copies", True)
    found = interval(odd, dataset, scores, GATE)
    assert found.value == found.low == 0 <= found.high


def test_nothing_gains_over_itself():
    dataset, scores = drawn()
    assert gain(ERROR, dataset, scores, scores, GATE) == Interval(0.0, 0.0, 0.0)


@pytest.mark.parametrize("metric", [ERROR, NEARNESS], ids=["less", "more"])
def test_a_gain_is_positive_when_better_whatever_the_direction(metric):
    dataset, scores = drawn()
    worse = scores * 2
    found = gain(metric, dataset, scores, worse, GATE)
    assert found.value == pytest.approx(error(dataset.target, worse) - error(dataset.target, scores))
    back = gain(metric, dataset, worse, scores, GATE)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
    assert found.low > 0


def test_a_gain_is_paired_and_so_narrower_than_two_intervals_apart():
    dataset, scores = drawn()
    nearly = scores + np.random.default_rng(1).normal(0, 0.02, scores.shape)
    found = gain(ERROR, dataset, scores, nearly, GATE)
    assert width(found) < width(interval(ERROR, dataset, scores, GATE)) / 5


def test_a_rival_is_measured_by_its_own_metric():
    dataset, scores = drawn()
    strict = Metric(lambda *given: 2 * error(*given), False, "twice the distance")
    found = gain(ERROR, dataset, scores, scores, GATE, rival_metric=strict)
    assert found.value == pytest.approx(error(dataset.target, scores))
