import numpy as np
import pandas as pd
import pytest

from mlservice.adopt import plan
from mlservice.adopt.columns import kinds, readings, target
from mlservice.errors import UserError

CLASSES, NUMBERS = ("two classes", "several classes"), ("number", "count")


def fitted(cells, problems=CLASSES):
    frame = pd.DataFrame({"y": list(map(str, cells))}).astype("string[pyarrow]")
    return target.fit(kinds.columns_of(frame, plan.Options("y"))[0], frame, problems)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["1"] * 30 + ["0"] * 10, ("0", "1")),
        (["1.0"] * 30 + ["0.0"] * 10, ("0", "1")),
        (["-1"] * 10 + ["1"] * 30, ("-1", "1")),
        (["yes"] * 30 + ["no"] * 10, ("no", "yes")),
        (["True"] * 30 + ["False"] * 10, ("False", "True")),
        (["Died"] * 30 + ["Survivor"] * 10, ("Survivor", "Died")),
        (["malignant"] * 30 + ["benign"] * 10, ("benign", "malignant")),
        (["not fraud"] * 10 + ["fraud"] * 30, ("not fraud", "fraud")),
        (["a"] * 10 + ["b"] * 30, ("b", "a")),  # the rarer one is to be found
        (["2"] * 10 + ["10"] * 10 + ["1"] * 10, ("1", "2", "10")),
        (["b"] * 10 + ["c"] * 10 + ["a"] * 10, ("a", "b", "c")),
        (["high"] * 10 + ["mid"] * 10 + ["low"] * 10, ("low", "mid", "high")),
    ],
)
def test_classes_keep_their_words_and_the_positive_is_last(cells, order):
    problem, made = fitted(cells)
    assert made.categories == order and made.declared == "category"
    assert problem == ("two classes" if len(order) == 2 else "several classes")


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (np.arange(100) * 1.5, "number"),
        (np.arange(300, 900), "number"),
        (np.arange(100) % 30, "count"),
        (np.arange(100) % 4 + 1, "count"),
    ],
)
def test_numbers_are_told_from_counts(cells, problem):
    found, made = fitted(cells, NUMBERS)
    assert found == problem
    assert made.declared == "number" and made.low <= min(cells) <= max(cells) <= made.high


def test_rare_classes_are_left_out_loudly():
    _, made = fitted(["a"] * 20 + ["b"] * 20 + ["c"] * 9)
    assert made.categories == ("a", "b")
    assert "LEFT OUT" in made.warning and "'c'" in made.warning


@pytest.mark.parametrize(
    ("cells", "problems", "said"),
    [
        ([""] * 20, CLASSES, "missing in every row"),
        (["x"] * 20, CLASSES, "same in every row"),
        (["x"] * 20 + ["y"] * 3, CLASSES, "1 class of at least 10 rows"),
        ([f"a{n}" for n in range(200)], CLASSES, "200 different values"),
        (np.arange(200) / 7, CLASSES, "task=regression"),
        (["a", "b"] * 20, NUMBERS, "task=classification"),
        (["0", "1"] * 20, NUMBERS, "task=classification"),
        ([f"a{n}" for n in range(200)], NUMBERS, "choose a column of numbers"),
    ],
)
def test_what_cannot_be_learnt_is_refused_in_one_sentence(cells, problems, said):
    with pytest.raises(UserError, match=said):
        fitted(cells, problems)


@pytest.mark.parametrize(
    ("cells", "classes", "named"),
    [
        (["yes", "Yes", "YES ", " yes"] * 10 + ["no"] * 30, ("no", "yes"), "'YES'"),
        (["yes", "Y", "TRUE", "1"] * 10 + ["no", "N", "FALSE", "0"] * 9, ("no", "yes"), "'TRUE'"),
        (["Ja", "J"] * 20 + ["nein"] * 30, ("nein", "Ja"), "'J'"),
        (["Gold", "gold"] * 10 + ["Silver", "SILVER"] * 9 + ["lead"] * 12, ("Gold", "Silver", "lead"), "'gold'"),
    ],
)
def test_spellings_of_a_class_are_one_class_and_said(cells, classes, named):
    _, made = fitted([*cells, ""])
    assert made.categories == classes and named in made.warning


def test_a_spelling_that_the_sample_does_not_hold_is_of_its_class():
    _, made = fitted(["yes"] * 30 + ["no"] * 30)
    later = readings.apply(made.reading, pd.Series(["YES", "No ", "maybe"], dtype="string[pyarrow]"))
    assert list(later) == ["yes", "no", "maybe"]
