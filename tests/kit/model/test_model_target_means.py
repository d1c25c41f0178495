"""Many categories: a bucket each, and the target's mean in it, learned out of fold and looked up in the ONNX graph."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier

from mlservice.encoding.table import TableEncoding
from mlservice.model import artifact
from mlservice.model.boosted_trees import BoostedClassifier, BoostedRegressor
from mlservice.model.calibration import Calibrated
from mlservice.model.onnx_export import agreement, export
from mlservice.model.side_by_side import SideBySide
from mlservice.model.target_means import TargetMeans, with_target_means
from mlservice.schema.declare import Row, category, coded, number
from mlservice.schema.encoders import BUCKET, BUCKETS, Bucketed, Hashed
from toys.classification import SERVICE

TREES = {"max_iter": 30, "learning_rate": 0.2, "early_stopping": False, "random_state": 0}
ROWS, NAMES = 2_000, 400


class Instance(Row):
    """A row with two columns of many values."""

    age: int | None = number("Age", 0, 120, unit="years", example=30)
    name: Bucketed = coded("Name", example="Anna")
    town: Bucketed | None = coded("Town", example="Rome")


class Before(Row):
    """The same row, as 0.7.0 declared it."""

    age: int | None = number("Age", 0, 120, unit="years", example=30)
    name: Hashed = coded("Name", example="Anna")
    town: Hashed | None = coded("Town", example="Rome")


ENCODING = TableEncoding(Instance)


def encoded(encoding, names, seed=0):
    """Return the matrix of rows with these names; towns and ages tell nothing, and some are missing."""
    rng = np.random.default_rng(seed)
    towns = [None if town % 7 == 0 else f"town {town}" for town in rng.integers(0, 50, len(names))]
    ages = [None if age < 5 else age for age in rng.integers(0, 80, len(names))]
    return encoding.matrix_of({"age": ages, "name": names, "town": towns})


def drawn(k, seed=0, rows=ROWS):
    """Draw names and classes: each name has a class of its own, but for a tenth of its rows."""
    rng = np.random.default_rng(seed)
    number_of = rng.integers(0, NAMES, rows)
    labels = np.where(rng.random(rows) < 0.1, rng.integers(k, size=rows), number_of * 7 % 5 % k)
    return [f"name {each}" for each in number_of], labels


def test_a_bucket_is_one_column_that_tells_values_apart():
    assert ENCODING.buckets == (1, 2) and ENCODING.names == ["age", "name#0", "town#0"]
    buckets = BUCKET.encode([f"name {each}" for each in range(5_000)])
    assert buckets.shape == (5_000, 1) and buckets.dtype == np.float32
    assert buckets.min() >= 1 and buckets.max() <= BUCKETS and (buckets % 1 == 0).all()
    assert len(np.unique(buckets)) >= 4_997  # 0.7 pairs share a bucket on average
    assert BUCKET.encode(["", None]).tolist() == [[0], [0]]
    np.testing.assert_array_equal(BUCKET.encode(["東京", "a" * 200]), BUCKET.encode(["東京", "a" * 200]))


def test_every_bucket_s_number_is_exact_in_float32():
    assert np.float32(BUCKETS) == BUCKETS and np.float32(BUCKETS) != np.float32(BUCKETS - 1)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_onnx_looks_up_the_means_of_known_unknown_and_missing_values(k):
    names, labels = drawn(k)
    matrix = encoded(ENCODING, names)
    fitted = Calibrated(with_target_means(BoostedClassifier(**TREES), ENCODING, 0)).fit(matrix, labels)
    exported = export(fitted, matrix.shape[1])
    unknown = encoded(ENCODING, [f"unknown {each}" for each in range(300)])
    assert agreement(fitted, exported, matrix) == agreement(fitted, exported, unknown) == 1.0


@pytest.mark.parametrize("regressor", ["trees", "side by side"])
def test_so_it_does_for_a_number_whose_values_are_whole(regressor):
    names, labels = drawn(5)
    matrix = encoded(ENCODING, names)
    trees = BoostedRegressor(max_iter=20, random_state=0)
    model = trees if regressor == "trees" else SideBySide([trees, BoostedRegressor(max_iter=5, random_state=0)])
    fitted = with_target_means(model, ENCODING, 0).fit(matrix, labels.astype(np.float64))
    assert agreement(fitted, export(fitted, matrix.shape[1]), matrix) == 1.0
    assert fitted[0].transform(matrix).shape == matrix.shape  # a mean, not one for each of five numbers


def test_the_baseline_may_ask_about_a_mean():
    names, labels = drawn(2)
    matrix = encoded(ENCODING, names)
    tree = make_pipeline(SimpleImputer(), DecisionTreeClassifier(max_leaf_nodes=2, min_samples_leaf=20))
    fitted = with_target_means(tree, ENCODING, 0).fit(matrix, labels)
    assert agreement(fitted, export(fitted, 3), matrix) == 1.0 and fitted.score(matrix, labels) > 0.85


def test_the_means_are_scikit_learn_s():
    names, labels = drawn(3)
    matrix = encoded(ENCODING, names)[:, 1:]
    ours, theirs = TargetMeans().fit(matrix, labels), TargetEncoder().fit(matrix, labels)
    np.testing.assert_allclose(ours.transform(matrix), theirs.transform(matrix), rtol=1e-6)


def test_means_of_a_few_rows_by_hand():
    buckets, target = np.array([[1.0]] * 4 + [[2.0]] * 2), np.array([1, 2, 1, 2, 5, 7.0])
    fitted = TargetMeans(smooth=2.0, target_type="continuous").fit(buckets, target)
    expected = [[(6 + 2 * 3) / 6], [(12 + 2 * 3) / 4], [3.0]]  # two more rows with the overall mean, 3
    np.testing.assert_allclose(fitted.transform(np.array([[1.0], [2.0], [9.0]])), expected, rtol=1e-6)


def loss_of(encoding, names, labels, new):
    """Return the log loss on new rows of trees that were fitted on the others."""
    wrapped = with_target_means(BoostedClassifier(**TREES), encoding, 0)
    wrapped.fit(encoded(encoding, names), labels)
    return log_loss(new[1], wrapped.predict_proba(encoded(encoding, new[0], 1)))


@pytest.mark.parametrize("k", [2, 3])
def test_many_names_are_told_apart_where_hashed_columns_cannot(k):
    (names, labels), new = drawn(k), drawn(k, seed=1)
    assert loss_of(ENCODING, names, labels, new) < 0.8 * loss_of(TableEncoding(Before), names, labels, new)


def test_names_that_tell_nothing_cost_nothing():
    rng = np.random.default_rng(3)
    names = [f"name {each}" for each in rng.integers(0, ROWS // 2, ROWS)]  # two rows each
    labels = rng.integers(2, size=ROWS)
    trees = BoostedClassifier(max_iter=10, learning_rate=0.1, early_stopping=False)
    fitted = with_target_means(trees, ENCODING, 0).fit(encoded(ENCODING, names), labels)
    chance = rng.integers(2, size=ROWS)
    assert log_loss(chance, fitted.predict_proba(encoded(ENCODING, names, 4))) < np.log(2) + 0.02


def test_without_such_columns_the_estimator_stays_as_it_is():
    tree = DecisionTreeClassifier()
    assert with_target_means(tree, SimpleNamespace(buckets=()), 0) is tree


def service_of(row):
    """Return the toy service with these instances."""

    class Record(row):  # pylint: disable=missing-class-docstring
        churned: str = category("Left", "no", "yes", example="yes")

    return replace(SERVICE, instance=row, record=Record, encoding=TableEncoding(row))


def test_a_model_of_hashed_columns_is_refused_in_a_sentence_where_the_schema_has_buckets(tmp_path):
    names, labels = drawn(2)
    before = service_of(Before)
    fitted = BoostedClassifier(**TREES).fit(encoded(before.encoding, names), labels)
    model = export(fitted, len(before.encoding.names))
    artifact.save(before, tmp_path / "model", model, name="candidate", decision=before.decision())
    assert artifact.load(before, tmp_path / "model").manifest.name == "candidate"
    with pytest.raises(artifact.ArtifactError, match="was trained for another schema.py; run `make pipeline`"):
        artifact.load(service_of(Instance), tmp_path / "model")
