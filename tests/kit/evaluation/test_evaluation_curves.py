"""ROC and precision-recall curves are scikit-learn's, and bands cover what resampling gives."""

import numpy as np
import pytest
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from mlservice.evaluation.curves import bands, precision_recall, rates, roc

RNG = np.random.default_rng(0)
LABELS = (RNG.random(300) < 0.3).astype(np.int64)
RANKED = np.round(RNG.normal(LABELS, 1.0), 1)  # with ties


def test_the_areas_are_scikit_learn_s():
    assert auc(*roc(LABELS, RANKED)) == pytest.approx(roc_auc_score(LABELS, RANKED))
    recall, precision = precision_recall(LABELS, RANKED)
    steps = np.sum(np.diff(recall) * precision[1:])
    assert steps == pytest.approx(average_precision_score(LABELS, RANKED))


def test_the_bands_hold_the_curve_and_repeat():
    groups = np.arange(len(LABELS))
    grid, (low, high), (least, most) = bands(LABELS, RANKED, groups)
    true = np.interp(grid, *roc(LABELS, RANKED))
    assert ((low <= true + 0.03) & (true <= high + 0.03)).all() and (high - low).mean() > 0.05
    assert (least <= most).all() and (least >= 0).all() and (most <= 1).all()
    np.testing.assert_array_equal(bands(LABELS, RANKED, groups)[1][0], low)


def test_the_bands_of_groups_are_wider_than_those_of_their_rows():
    labels, ranked = (np.repeat(each, 10) for each in (LABELS, RANKED))
    widths = [np.diff(bands(labels, ranked, groups)[1], axis=0).mean() for groups in _kinds(len(labels))]
    assert widths[0] > 2 * widths[1]


def _kinds(size):
    return np.arange(size) // 10, np.arange(size)


def test_the_interval_of_a_rate_is_wilson_s():
    low, high = rates(np.array([0.1, 0.0]), np.array([100, 10]))
    assert low == pytest.approx([0.0552, 0.0], abs=1e-4) and high == pytest.approx([0.1744, 0.2775], abs=1e-4)


@pytest.mark.parametrize("observed", [0.0, 1.0])
def test_the_interval_of_a_rate_holds_it(observed):
    rows = np.arange(1, 3000)
    low, high = rates(np.full(rows.size, observed), rows)
    assert (low <= observed).all() and (observed <= high).all()
