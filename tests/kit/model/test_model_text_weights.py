"""Words and numbers for a linear model: each number in bins, words by TF-IDF, the same in ONNX."""

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline

from mlservice.encoding.table import TableEncoding
from mlservice.model.onnx_export import agreement, export
from mlservice.model.text_weights import words_and_numbers
from mlservice.schema.declare import Row, category, coded, flag, number
from mlservice.schema.encoders import BagOfWords, DateTime

ROWS = 600


class Instance(Row):
    """A text with a little of everything beside it."""

    text: BagOfWords = coded("What they said", example="hello")
    vip: bool = flag("Important", example=True)
    age: int | None = number("Age", 0, 120, unit="years", example=30)
    size: str | None = category("Size", "low", "medium", "high", ordered=True, example="low")
    day: DateTime | None = coded("Day", example="2026-01-31")


class Words(Row):
    """A text alone."""

    text: BagOfWords = coded("What they said", example="hello")


ENCODING = TableEncoding(Instance, derived={"half": lambda values: values["age"] / 2})


def drawn(seed=0):
    """Draw rows, as columns, and labels: most at an age between 30 and 60, which no slope can tell."""
    rng = np.random.default_rng(seed)
    age = rng.integers(0, 90, ROWS)
    labels = np.where(rng.random(ROWS) < 0.1, rng.integers(2, size=ROWS), (age > 30) & (age < 60))
    said = rng.choice(["refund my money", "where is my parcel", "thank you"], ROWS)
    columns = {
        "text": list(said),
        "vip": list(rng.random(ROWS) < 0.5),
        "age": [None if at % 20 == 0 else int(value) for at, value in enumerate(age)],
        "size": list(rng.choice(["low", "medium", "high", None], ROWS)),
        "day": [None] * ROWS,
    }
    return ENCODING.matrix_of(columns), labels


def model(weights):
    """Return the weights with a linear model behind them."""
    return make_pipeline(weights, LogisticRegression(C=5.0, max_iter=300))


def test_numbers_are_amounts_and_neither_words_nor_flags():
    names = [ENCODING.names[at] for at in ENCODING.numbers]
    assert names == ["age", "size", *(f"day#{part}" for part in range(6)), "half"]


def test_onnx_agrees_on_known_missing_and_far_values():
    matrix, labels = drawn()
    fitted = model(words_and_numbers(ENCODING)).fit(matrix, labels)
    exported = export(fitted, matrix.shape[1])
    far = matrix.copy()
    far[:, list(ENCODING.numbers)] = np.random.default_rng(1).choice([-1e30, np.nan, 1e30], (ROWS, 9))
    assert agreement(fitted, exported, matrix) == agreement(fitted, exported, far) == 1.0


def test_a_number_of_any_shape_is_learned():
    (matrix, labels), (new, after) = drawn(), drawn(1)
    fitted = model(words_and_numbers(ENCODING)).fit(matrix, labels)
    assert log_loss(after, fitted.predict_proba(new)) < 0.45  # 0.64 is what the shares of the classes have


def test_words_alone_are_weighed_as_before():
    assert isinstance(words_and_numbers(TableEncoding(Words)), TfidfTransformer)
