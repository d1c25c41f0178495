"""The size of the trees: the one that predicts best rows it was not fitted on."""

import numpy as np
import pandas as pd
import pytest
from adopt_helpers import each_problem

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.tasks import classification
from mlservice.adopt.tasks.table import hyperparameters

ROWS = 300
SMALL, LARGE = (1, 0.01, 2, 20), (15, 0.3, 8, 5)
FORMS = {"number": "number", "date_time": "date-time", "flag": "yes/no"}


def column(name, declared, categories=(), form=""):
    reading = Reading(FORMS.get(declared, "text"), form)
    return Column(name, name, "number", declared, "", reading, categories=categories)


def table(problem, signal):
    """Draw a table of texts and its plan; the target depends on x, or on nothing."""
    rng = np.random.default_rng(0)
    x, chance = rng.normal(size=ROWS), rng.normal(size=ROWS)
    y, kind = np.sin(3 * x) if signal else chance, "number"
    classes = {"two classes": 2, "several classes": 3}.get(problem)
    if classes:
        y, kind = np.digitize(y, [-0.3, 0.3][: classes - 1]), "category"
    categories = tuple("012"[: classes or 0])
    target = column("y", kind, categories, "" if classes else "plain")
    frame = pd.DataFrame({"x": x, "y": y}).astype("string[pyarrow]")
    frame.loc[0, "y"] = None
    features = (column("x", "number", form="plain"),)
    return frame, Plan("my.csv", "CSV", ROWS, problem, target, features, ())


@pytest.fixture(autouse=True)
def two_sizes(monkeypatch):
    monkeypatch.setattr(hyperparameters, "SIZES", [SMALL, LARGE])


@each_problem
def test_a_signal_asks_for_more_trees_and_chance_for_fewer(task, problem):
    for signal, best in ((True, LARGE), (False, SMALL)):
        found = hyperparameters.choose(task, *table(problem, signal))
        assert tuple(found.values()) == best
    assert tuple(found) == hyperparameters.NAMES


@each_problem
def test_the_choice_is_the_same_on_any_run_though_it_sees_some_rows(task, problem, monkeypatch):
    monkeypatch.setattr(hyperparameters, "LEAST", 100)
    monkeypatch.setattr(hyperparameters, "CELLS", 100)
    given = table(problem, True)
    assert hyperparameters.choose(task, *given) == hyperparameters.choose(task, *given)


def test_many_classes_are_not_tried_for_they_take_minutes():
    many = column("y", "category", tuple("abcdefghij"))
    plan = Plan("my.csv", "CSV", ROWS, "several classes", many, (), ())
    found = hyperparameters.choose(classification.TABLE, pd.DataFrame(), plan)
    assert tuple(found.values()) == hyperparameters.DEFAULT


def test_every_kind_of_column_becomes_numbers():
    texts = {
        "n": ["1.5", None, "3"],
        "f": ["true", "false", None],
        "c": ["b", "other", "a"],
        "t": ["2026-01-02", None, "2026-01-01"],
        "w": ["some words", None, "x"],
        "h": ["z", "a", "z"],
    }
    plan = Plan(
        "my.csv",
        "CSV",
        3,
        "number",
        column("y", "number"),
        (
            column("n", "number", form="plain"),
            column("f", "flag", form="true/false"),
            column("c", "category", ("a", "b")),
            column("t", "date_time", form="%Y-%m-%d"),
            column("w", "bag_of_words"),
            column("h", "hashed"),
        ),
        (),
    )
    found = hyperparameters.encoded(pd.DataFrame(texts, dtype="string[pyarrow]"), plan)
    wanted = [[1.5, 1, 1, 20_455, 10, 1], [np.nan] * 5 + [0], [3, np.nan, 0, 20_454, 1]]
    wanted[1][1] = 0
    wanted[2].append(1)
    np.testing.assert_array_equal(found, wanted)
