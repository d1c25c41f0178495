"""The models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest
from mlservice.model import onnx_export

RNG = np.random.default_rng(0)
ROWS, WIDTH = 400, 3
MATRIX = RNG.normal(size=(ROWS, WIDTH)).astype(np.float32).round(1)
MATRIX[::7, 1] = np.nan
NOISY = MATRIX[:, 0] + RNG.normal(size=ROWS)


@pytest.fixture
def labels(service):
    """A class for each row, which follows from the first column and noise."""
    k = len(service.target.categories)
    return np.digitize(NOISY, np.quantile(NOISY, np.arange(1, k) / k))


@pytest.fixture
def models(training, params):
    """Every model by name, not fitted."""
    makers = {"trivial": training.trivial, "baseline": training.baseline}
    makers |= training.candidates
    return {name: make(params.train) for name, make in makers.items()}


def scores_of(fitted):
    """Return the probabilities of every row."""
    return onnx_export.fitted_scores(fitted, MATRIX)


def test_every_model_gives_probabilities_and_its_export_agrees(models, labels, service):
    for name, estimator in models.items():
        fitted = estimator.fit(MATRIX, labels)
        scores = scores_of(fitted)
        assert scores.shape == (ROWS, len(service.target.categories)), name
        assert scores.sum(axis=1) == pytest.approx(1), name
        if name != "trivial":  # which never ships
            exported = onnx_export.export(fitted, WIDTH)
            assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0, name


def test_a_column_without_any_value_breaks_no_model(models, labels):
    matrix = MATRIX.copy()
    matrix[:, 1] = np.nan
    for name, estimator in models.items():
        assert np.isfinite(scores_of(estimator.fit(matrix, labels))).all(), name


def test_the_trivial_model_gives_everyone_the_training_rates(models):
    fitted = models["trivial"].fit(MATRIX[:4], [0, 0, 0, 1])
    np.testing.assert_array_equal(scores_of(fitted), [[0.75, 0.25]] * ROWS)


def test_the_baseline_has_at_most_an_answer_for_each_class(models, labels, service):
    answers = np.unique(scores_of(models["baseline"].fit(MATRIX, labels)), axis=0)
    assert 2 <= len(answers) <= len(service.target.categories)


def test_without_a_question_that_helps_the_baseline_is_the_trivial_model(
    models, labels
):
    fitted = models["baseline"].fit(np.ones((ROWS, WIDTH)), labels)
    assert scores_of(fitted)[:, 1] == pytest.approx(np.mean(labels == 1))


def test_the_candidate_ranks_the_rows(models, labels):
    last = scores_of(models["candidate"].fit(MATRIX, labels))[:, -1]
    highest = labels == labels.max()
    assert last[highest].mean() > last[labels == 0].mean() + 0.1


def losses(maker, train, rows, labels, positions):
    """Return the log loss of each other row, fitted on the rows at these positions."""
    fitted = maker(train).fit(rows[positions], labels[positions])
    other = np.setdiff1d(np.arange(len(rows)), positions)
    given = onnx_export.fitted_scores(fitted, rows[other])
    return -np.log(given[np.arange(len(other)), labels[other]].clip(1e-7))


def test_a_sorted_file_is_calibrated_as_well_as_a_shuffled_one(
    training, params, service
):
    """Classes come and go along the file, as the seasons do along one of days."""
    k, rng, rows = len(service.target.categories), np.random.default_rng(1), 1_200
    day = np.sort(rng.uniform(0, 6, rows))
    noisy = rng.random(rows) < 0.1
    labels = np.where(noisy, rng.integers(k, size=rows), (day * k).astype(int) % k)
    matrix = np.column_stack([day, rng.normal(size=rows)]).astype(np.float32)
    train = params.train.model_copy(update={"max_iter": 20, "learning_rate": 0.2})
    fitted = np.arange(0, rows, 2)
    maker = training.candidates["candidate"]
    in_order = losses(maker, train, matrix, labels, fitted)
    shuffled = losses(maker, train, matrix, labels, rng.permutation(fitted))
    worse = in_order - shuffled
    assert worse.mean() < 2 * worse.std() / np.sqrt(len(worse)) + 0.02
