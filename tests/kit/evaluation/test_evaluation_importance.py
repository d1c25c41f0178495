"""Importance: what scikit-learn finds, by column of the user's, with intervals; and scores over a column's values."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.inspection import partial_dependence as theirs
from sklearn.inspection import permutation_importance as sk_importance

from mlservice.data.dataset import Dataset, encode_rows
from mlservice.evaluation import importance
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.importance_plots import importance_plots
from mlservice.evaluation.regression import mae
from mlservice.params import Gate
from toys import SERVICES
from toys.regression import SERVICE

ROWS = 400
GATE = Gate(metric="mae", min_gain=0, confidence=0.95, resamples=500, seed=3, slices=())
MAE = Metric(mae, False, "mean distance")
RNG = np.random.default_rng(0)
TABLE = pd.DataFrame(
    {
        "distance": RNG.uniform(1, 40, ROWS).round(1),
        "minutes": np.where(RNG.random(ROWS) < 0.3, np.nan, RNG.integers(1, 90, ROWS)),
        "hour": RNG.integers(0, 24, ROWS),
        "vehicle": RNG.choice(["economy", "comfort"], ROWS),
        "price": 1.0,
    }
)
WIDTH = len(SERVICE.encoding.names)


class Linear(RegressorMixin, BaseEstimator):
    """A model whose weights are given; it scores as the ONNX file of a model does."""

    def __init__(self, weights=()):
        self.weights = weights
        self.fitted_ = True

    def fit(self, _matrix, _target):
        return self

    def predict(self, matrix):
        return np.nan_to_num(matrix) @ np.asarray(self.weights, np.float32)

    def run(self, matrix):
        return self.predict(matrix)[:, np.newaxis]


def model(**weights):
    """Return a model with weights by matrix column."""
    return Linear([weights.get(name.replace("=", "_"), 0.0) for name in SERVICE.encoding.names])


def dataset(scorer, noise=1.0):
    """Return rows whose target is the model's score, with noise."""
    data = encode_rows(TABLE, SERVICE.encoding, SERVICE.target)
    target = scorer.predict(data.matrix) + np.random.default_rng(1).normal(0, noise, ROWS)
    return Dataset(data.rows, data.matrix, target, data.groups)


MODEL = model(distance=2.0, hour=0.3, vehicle_economy=-4.0, vehicle_comfort=4.0)


def test_it_is_scikit_learn_s_for_columns_of_one_matrix_column():
    data = dataset(MODEL)
    found = importance.permutation_importance(SERVICE, data, MODEL, MAE, GATE)
    expected = sk_importance(
        MODEL, data.matrix, data.target, scoring="neg_mean_absolute_error", n_repeats=40, random_state=1
    )
    for name in ("distance", "minutes", "hour"):
        at = SERVICE.encoding.names.index(name)
        assert found[name].value == pytest.approx(expected.importances_mean[at], rel=0.1, abs=1e-6)


def test_the_matrix_columns_of_a_column_are_permuted_together():
    data = dataset(MODEL)
    found = importance.permutation_importance(SERVICE, data, MODEL, MAE, GATE)
    assert [*found][:2] == ["distance", "vehicle"]
    # Of two vehicles, half of the rows get the other one: 8 more or less, where noise was 1.
    assert found["vehicle"].value == pytest.approx(4 - 0.4, abs=0.5)
    assert set(found) == set(SERVICE.encoding.blocks)


def test_the_interval_of_a_column_without_influence_is_around_0():
    data = dataset(MODEL)
    found = importance.permutation_importance(SERVICE, data, MODEL, MAE, GATE)
    assert found["minutes"] == importance.Interval(0.0, 0.0, 0.0)
    weak = model(distance=2.0, hour=0.05)  # the model uses what has no influence
    covered = 0
    for seed in range(10):
        target = 2 * data.matrix[:, 0] + np.random.default_rng(seed).normal(0, 5, ROWS)
        rows = Dataset(data.rows, data.matrix, target.astype(np.float64), data.groups)
        each = importance.permutation_importance(SERVICE, rows, weak, MAE, GATE)["hour"]
        covered += each.low <= 0 <= each.high
        assert abs(each.value) < 0.1
    assert covered >= 8


def test_it_repeats_and_a_metric_that_grows_has_the_same_sign():
    data = dataset(MODEL)
    first, second = (importance.permutation_importance(SERVICE, data, MODEL, MAE, GATE) for _ in range(2))
    assert first == second
    grows = Metric(lambda target, scores: -mae(target, scores), True, "minus the distance")
    assert importance.permutation_importance(SERVICE, data, MODEL, grows, GATE) == first


def test_of_many_columns_the_most_important_are_shown(monkeypatch):
    monkeypatch.setattr(importance, "SHOWN", 2)
    monkeypatch.setattr(importance, "ROWS", 100)
    found = importance.permutation_importance(SERVICE, dataset(MODEL), MODEL, MAE, GATE)
    assert [*found] == ["distance", "vehicle"] and found["distance"].low > 0


def test_dependence_is_scikit_learn_s_over_the_values_of_the_user_s_columns():
    data = dataset(MODEL)
    found = importance.partial_dependence(SERVICE, data, MODEL, ["vehicle", "distance", "minutes", "hour", "other"])
    assert [*found] == ["vehicle", "distance", "minutes", "hour"]
    assert found["vehicle"]["values"] == ["economy", "comfort"]
    [[economy], [comfort]] = found["vehicle"]["scores"]
    assert comfort - economy == pytest.approx(8, abs=1e-3)
    values = np.array(found["distance"]["values"])
    assert len(values) == importance.GRID and (np.diff(values) > 0).all()
    some = np.random.default_rng(0).choice(ROWS, importance.VARIED, replace=False)
    expected = theirs(MODEL, data.matrix[np.sort(some)], [0], custom_values={0: values}, kind="average")
    np.testing.assert_allclose(np.array(found["distance"]["scores"])[:, 0], expected["average"][0], rtol=1e-4)


def test_an_encoding_other_than_a_table_s_has_none():
    service = SERVICES["forecasting"]
    data = Dataset(TABLE, np.ones((ROWS, 2), np.float32), np.ones(ROWS), np.arange(ROWS))
    assert importance.partial_dependence(service, data, Linear([1, 1]), ["units", "horizon"]) == {}


def test_both_are_drawn():
    data = dataset(MODEL)
    found = importance.permutation_importance(SERVICE, data, MODEL, MAE, GATE)
    dependence = importance.partial_dependence(SERVICE, data, MODEL, [*found])
    figures = importance_plots(SERVICE, "mae", found, dependence)
    assert [*figures] == ["importance", "dependence"]
    labels = [label.get_text() for label in figures["importance"].get_axes()[0].get_yticklabels()]
    assert labels == [*found]
    assert [axes.get_xlabel() for axes in figures["dependence"].axes] == [*dependence]
    assert [*importance_plots(SERVICE, "mae", found, {})] == ["importance"]
    assert all(isinstance(each, Figure) for each in figures.values())
