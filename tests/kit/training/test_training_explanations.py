"""What a fitted estimator's explanation says sums to its raw score, by column of the user's."""

from functools import partial
from types import SimpleNamespace
from typing import Annotated

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlservice.data.dataset import columns_of
from mlservice.encoding.table import TableEncoding
from mlservice.encoding.text import encode_texts, pieces_of, width_of
from mlservice.model import explanation, onnx_export
from mlservice.model.boosted_trees import BoostedClassifier, BoostedRegressor
from mlservice.model.calibration import Calibrated
from mlservice.model.explanation import NoExplanationError
from mlservice.model.per_level import PerLevel
from mlservice.model.scorer import Scorer
from mlservice.model.side_by_side import SideBySide
from mlservice.model.target_means import with_target_means
from mlservice.model.text_weights import words_and_numbers
from mlservice.schema.declare import Row, category, coded, number
from mlservice.schema.encoder import Encoder
from mlservice.schema.encoders import Bucketed, DateTime
from mlservice.training.explanations import explanation_of, files_of

RNG = np.random.default_rng(0)
ROWS = 500
BOOST = {"max_iter": 15, "min_samples_leaf": 5, "random_state": 0, "early_stopping": False}


def logit(share):
    """Return the log odds of a share."""
    return np.log(share / (1 - share))


class Instance(Row):
    """A row with columns that are encoded as one, several and looked up."""

    size: float | None = number("Size", 0, 10, unit="m", example=1.0)
    kind: str = category("Kind", "a", "b", "c", example="a")
    day: DateTime = coded("Day", example="2026-01-31")
    shop: Bucketed = coded("Shop", example="s1")


class Service:
    """What an explanation needs of a service."""

    encoding = TableEncoding(Instance, {"twice": lambda values: 2 * values["size"]})
    features = encoding.features


TABLE = pd.DataFrame(
    {
        "size": np.where(RNG.random(ROWS) < 0.2, np.nan, RNG.uniform(0, 10, ROWS).round(2)),
        "kind": RNG.choice([*"abc"], ROWS),
        "day": pd.date_range("2025-01-01", periods=ROWS).strftime("%Y-%m-%d"),
        "shop": [f"s{at}" for at in RNG.integers(0, 30, ROWS)],
    }
)
MATRIX = Service.encoding.matrix_of(columns_of(TABLE, Service.features))
NUMBER = np.nan_to_num(MATRIX[:, 0]) + 3 * MATRIX[:, 1] + np.sin(MATRIX[:, 5]) + RNG.normal(0, 0.5, ROWS) + 10
TWO = (NUMBER > np.median(NUMBER)).astype(int)
THREE = np.digitize(NUMBER, np.quantile(NUMBER, [0.3, 0.7]))
PLAYERS = ["size", "kind", "day", "shop", "twice"]
with_means = partial(with_target_means, encoding=Service.encoding, seed=0)
explain = partial(explanation_of, Service)


def imputed(*steps):
    """Return a pipeline of estimators that take no missing numbers."""
    return make_pipeline(SimpleImputer(strategy="median"), *steps)


REGRESSORS = {
    "boosting": BoostedRegressor(**BOOST),
    "median and ends": with_means(SideBySide([BoostedRegressor(loss="absolute_error", **BOOST), Ridge()][:1])),
    "target means": with_means(BoostedRegressor(**BOOST)),
    "linear": imputed(StandardScaler(), Ridge()),
    "linear with means": with_means(imputed(StandardScaler(), Ridge())),
    "one column's tree": with_means(imputed(SelectKBest(f_regression, k=1), DecisionTreeRegressor(max_leaf_nodes=8))),
}
CLASSIFIERS = {
    "boosting": BoostedClassifier(**BOOST),
    "target means": with_means(BoostedClassifier(**BOOST)),
    "linear": with_means(imputed(StandardScaler(), LogisticRegression())),
    "calibrated": Calibrated(with_means(BoostedClassifier(**BOOST))),
}


@pytest.fixture(name="text_service")
def _text_service():
    """What an explanation needs of a service with texts."""
    keywords = {"billing": ("bill",), "delivery": ("parcel", "late")}
    encoder = Encoder(
        form="a text",
        longest=100,
        width=width_of(keywords),
        read=str,
        encode=partial(encode_texts, keywords=keywords),
        pieces=partial(pieces_of, keywords=keywords),
    )

    class Ticket(Row):
        """A text and a number beside it."""

        text: Annotated[str, encoder] = coded("Text", example="a bill")
        size: float | None = number("Size", 0, 10, unit="m", example=1.0)

    encoding = TableEncoding(Ticket)
    return SimpleNamespace(encoding=encoding, features=encoding.features)


def through_file(found):
    """Return an explanation as the file beside the model holds it."""
    return explanation.load(explanation.dump(found))


def sums(found, scores):
    """Return the sum of base and contributions for each row."""
    explained = through_file(found).explain(MATRIX, scores)
    assert explained.contributions.shape == (ROWS, len(PLAYERS)) and found.players == PLAYERS
    return explained.base + explained.contributions.sum(axis=1)


@pytest.mark.parametrize("name", REGRESSORS)
def test_contributions_sum_to_the_predicted_number(name):
    fitted = REGRESSORS[name].fit(MATRIX, NUMBER)
    scores = Scorer(onnx_export.export(fitted, MATRIX.shape[1])).run(MATRIX)
    found = explain(fitted, MATRIX)
    np.testing.assert_allclose(sums(found, scores), scores[:, 0], rtol=1e-5)
    assert found.scale == "prediction"


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_of_two_classes_they_sum_to_the_log_odds_of_the_last(name):
    fitted = CLASSIFIERS[name].fit(MATRIX, TWO)
    given = fitted.predict_proba(MATRIX)
    found = explain(fitted, MATRIX)
    assert found.scale.startswith("log odds")
    if found.scale == "log odds":
        np.testing.assert_allclose(sums(found, given), logit(given[:, 1]), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("method", ["none", "sigmoid", "isotonic"])
def test_calibration_by_a_sigmoid_keeps_the_sum_the_answer_s_log_odds(method, monkeypatch):
    kept = {name: each for name, each in Calibrated.fit.__globals__["CALIBRATORS"].items() if name == method}
    monkeypatch.setitem(Calibrated.fit.__globals__, "CALIBRATORS", kept)
    fitted = Calibrated(BoostedClassifier(**BOOST)).fit(MATRIX, TWO)
    found = explain(fitted, MATRIX)
    if method == "isotonic":
        expected = fitted.classifier_.decision_function(MATRIX)
        assert found.scale == "log odds, before calibration"
    else:
        expected = logit(fitted.predict_proba(MATRIX)[:, 1])
        assert found.scale == "log odds"
    np.testing.assert_allclose(sums(found, fitted.predict_proba(MATRIX)), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_of_several_classes_the_most_probable_one_is_explained(name):
    fitted = CLASSIFIERS[name].fit(MATRIX, THREE)
    inner = getattr(fitted, "classifier_", fitted)
    scores = fitted.predict_proba(MATRIX)
    raw = inner.decision_function(MATRIX)
    found = explain(fitted, MATRIX)
    expected = raw[np.arange(ROWS), scores.argmax(axis=1)]
    np.testing.assert_allclose(sums(found, scores), expected, rtol=1e-4, atol=1e-4)
    assert (through_file(found).explain(MATRIX, scores).output == scores.argmax(axis=1)).all()


def test_a_single_tree_s_are_in_probabilities():
    fitted = imputed(DecisionTreeClassifier(max_leaf_nodes=3)).fit(MATRIX, TWO)
    found = explain(fitted, MATRIX)
    np.testing.assert_allclose(sums(found, fitted.predict_proba(MATRIX)), fitted.predict_proba(MATRIX)[:, 1], atol=1e-6)
    assert found.scale == "probability"


def test_words_of_a_linear_model_sum_to_their_text(text_service):
    encoding = text_service.encoding
    words = RNG.choice(["refund", "parcel", "late", "lost", "bill", "thanks"], (ROWS, 3))
    texts = [" ".join(each) for each in words]
    table = {"text": texts, "size": TABLE["size"].to_numpy()}
    matrix = encoding.matrix_of(table)
    labels = np.array([("bill" in text) + 2 * ("late" in text) for text in texts])
    fitted = make_pipeline(words_and_numbers(encoding), LogisticRegression()).fit(matrix, labels)
    scores = fitted.predict_proba(matrix)
    found = through_file(explanation_of(text_service, fitted, matrix)).explain(matrix, scores)
    margin = fitted.decision_function(matrix)[np.arange(ROWS), scores.argmax(axis=1)]
    np.testing.assert_allclose(found.base + found.contributions.sum(axis=1), margin, rtol=1e-4, atol=1e-4)
    text = found.columns[:, encoding.blocks["text"]]
    np.testing.assert_allclose(text.sum(axis=1), found.contributions[:, 0], atol=1e-9)
    assert not text[matrix[:, encoding.blocks["text"]] == 0].any()  # an absent word adds nothing


def test_a_linear_model_s_are_coefficients_times_the_distance_from_the_mean():
    fitted = imputed(Ridge()).fit(MATRIX, NUMBER)
    filled = fitted[0].transform(MATRIX).astype(np.float64)
    each = fitted.steps[1][1].coef_ * (filled - filled.mean(axis=0))
    found = explain(fitted, MATRIX).explain(MATRIX, MATRIX[:, :1])
    for name, values in zip(PLAYERS, found.contributions.T, strict=True):
        block = Service.encoding.blocks[name]
        np.testing.assert_allclose(values, each[:, block].sum(axis=1), rtol=1e-3, atol=1e-3)
    assert found.base[0] == pytest.approx(fitted.predict(MATRIX).mean(), rel=1e-4)


@pytest.mark.parametrize("regressor", [BoostedRegressor(**BOOST), Ridge()])
def test_per_level_they_are_in_units(regressor):
    matrix = np.column_stack([RNG.uniform(1, 100, ROWS).astype(np.float32), np.nan_to_num(MATRIX[:, 1:])])
    target = np.column_stack([NUMBER * matrix[:, 0], np.ones(ROWS)])
    fitted = PerLevel(regressor).fit(matrix, target)
    found = through_file(explain(fitted, matrix)).explain(matrix, target)
    units = found.base + found.contributions.sum(axis=1)
    np.testing.assert_allclose(units, fitted.predict(matrix), rtol=1e-5)
    assert not found.contributions[:, 0].any()  # the level itself is no player


NOT = {
    "GaussianNB has none": imputed(GaussianNB()),
    "a step names no columns|a step mixes columns": imputed(PCA(3), Ridge()),
    "the contributions do not sum to the model's score": imputed(StandardScaler(), PoissonRegressor()),
    "do not sum": HistGradientBoostingRegressor(loss="poisson", early_stopping=False, max_iter=15),
}


@pytest.mark.parametrize("why", NOT)
def test_what_cannot_be_explained_is_said_and_has_no_file(why, capsys):
    fitted = NOT[why].fit(MATRIX, TWO if "Gauss" in why else NUMBER)
    with pytest.raises(NoExplanationError, match=why):
        explain(fitted, MATRIX)
    assert not files_of(Service, fitted, MATRIX)
    assert "no explanation: " in capsys.readouterr().out


def test_the_same_model_has_the_same_file_and_another_format_is_refused():
    fitted = BoostedRegressor(**BOOST).fit(MATRIX, NUMBER)
    first, second = (files_of(Service, fitted, MATRIX)[explanation.FILE] for _ in range(2))
    assert first == second and len(first) < 20_000
    for other in (b"", b"PK", first[:100]):
        with pytest.raises(NoExplanationError, match="run `make pipeline`"):
            explanation.load(other)
