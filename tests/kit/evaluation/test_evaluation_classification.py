"""What is measured, told and drawn of classes, however many there are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from {{ cookiecutter.package_name }} import (
    charts,
    classes,
    details,
)
from {{ cookiecutter.package_name }}.config import Gate
from {{ cookiecutter.package_name }}.parts import Part
from {{ cookiecutter.package_name }}.prediction import Decision
from {{ cookiecutter.package_name }}.schema import TARGET

NAMES = ("0", "$a$ | $", "été", "x" * 60, "no yes")
K = len(NAMES)
LABELS = np.array([0, 0, 1, 2])
FOUR = np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.35, 0.65, 0.0], [0.0, 0.1, 0.9]])
GATE = Gate(
    metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=()
)


@pytest.fixture
def named(monkeypatch):
    """Let the target have the classes NAMES, whatever the schema says."""
    for module in (charts, details):
        monkeypatch.setattr(module, "TARGET", replace(TARGET, categories=NAMES))


def drawn(rows=400, seed=0, k=K):
    """Draw calibrated scores, and labels by them."""
    rng = np.random.default_rng(seed)
    given_ = rng.dirichlet(np.full(k, 0.3), rows)
    labels = [rng.choice(k, p=row) for row in given_]
    return np.array(labels, dtype=np.int64), given_


def part(labels):
    """Return a part with these labels, each row a group of its own."""
    matrix = np.zeros((len(labels), 1), dtype=np.float32)
    return Part(pd.DataFrame({"x": labels}), matrix, labels, np.arange(len(labels)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("roc_auc", (3 / 4 + 2 / 3 + 1) / 3),  # the second row is out of order
        ("macro_f1", (2 / 3 + 2 / 3 + 1) / 3),  # the second row is taken for class 1
        ("accuracy", 3 / 4),
        ("log_loss", -np.log([0.7, 0.1, 0.65, 0.9]).mean()),
        ("calibration_error", (0.2 + 0.2 + 0.35 + 0.1) / 4),  # two rows promise 0.7
    ],
)
def test_a_figure_has_the_value_found_by_hand(name, expected):
    found = getattr(classes, name)(LABELS, FOUR)
    assert found == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(2, 6))
def test_f1_accuracy_and_confusion_equal_scikit_learn_s(seed, rows, k):
    labels, given_ = drawn(rows, seed, k)
    best = given_.argmax(axis=1)
    f1 = sk.f1_score(labels, best, average="macro")
    assert classes.macro_f1(labels, given_) == pytest.approx(f1, abs=1e-12)
    assert classes.accuracy(labels, given_) == sk.accuracy_score(labels, best)
    table = sk.confusion_matrix(labels, best, labels=range(k))
    np.testing.assert_array_equal(classes.confusion(labels, given_), table)


def test_log_loss_equals_scikit_learn_s():
    labels, given_ = drawn()
    expected = sk.log_loss(labels, given_, labels=range(K))
    assert classes.log_loss(labels, given_) == pytest.approx(expected)


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(2, 6))
def test_the_area_equals_scikit_learn_s_even_with_ties(seed, rows, k):
    labels, given_ = drawn(rows, seed, k)
    labels = np.append(labels, range(k))  # each class occurs
    given_ = np.vstack([given_, np.eye(k)]).round(1)
    own = range(1, 2) if k == 2 else range(k)
    areas = [sk.roc_auc_score(labels == c, given_[:, c]) for c in own]
    assert classes.roc_auc(labels, given_) == pytest.approx(np.mean(areas), abs=1e-12)


def test_a_class_without_rows_has_no_area():
    assert classes.roc_auc(np.array([0, 1, 0, 1]), FOUR) == (1 + 1 / 2) / 2
    assert classes.roc_auc(np.array([1, 1, 1, 1]), FOUR) == 0.5


def test_certainty_in_what_did_not_happen_costs_much_but_not_infinity():
    wrong = np.eye(3)[[1, 1, 2, 0]]
    assert 15 < classes.log_loss(LABELS, wrong) < 17


def test_promises_that_are_kept_have_no_calibration_error():
    labels = np.array([0, 0, 0, 1] * 5 + [0, 1, 1, 1] * 5)
    promised = np.array([0.25] * 20 + [0.75] * 20)
    assert classes.gap_of(promised, labels, bins=2) == pytest.approx(0)
    assert classes.gap_of(1 - promised, labels, bins=2) == pytest.approx(0.5)


@pytest.mark.parametrize("bins", [1, 2, 10, 100])
def test_the_order_of_rows_with_equal_promises_plays_no_part(bins):
    labels, promised = np.array([0] * 30 + [1] * 10), np.full(40, 0.3)
    assert classes.gap_of(promised, labels, bins) == pytest.approx(0.05)
    promised[30:] = 0.4
    order = np.random.default_rng(0).permutation(40)
    found = classes.gap_of(promised[order], labels[order], bins)
    assert found == pytest.approx(classes.gap_of(promised, labels, bins))


def test_two_classes_are_told_by_promised_beside_observed_rates():
    labels, given_ = drawn(1_000, k=2)
    ((_, rows),) = details.tables(part(labels), given_, Decision(), GATE).items()
    assert [row["rows"] for row in rows] == [200] * 5
    promised = [row["promised"] for row in rows]
    assert promised == sorted(promised)
    for row in rows:
        observed = row["observed"]
        assert observed["low"] - 0.01 < row["promised"] < observed["high"] + 0.01


@pytest.mark.usefixtures("named")
def test_each_class_is_told_as_scikit_learn_does():
    labels, given_ = drawn()
    best = given_.argmax(axis=1)
    found = details.tables(part(labels), given_, Decision(), GATE)["By class"]
    expected = sk.precision_recall_fscore_support(labels, best, labels=range(K))
    assert [row["class"] for row in found] == list(NAMES)
    for row, precision, recall, f1, rows in zip(found, *expected, strict=True):
        values = [row[name]["value"] for name in ("precision", "recall", "f1")]
        assert values == pytest.approx([precision, recall, f1])
        assert row["f1"]["low"] < f1 < row["f1"]["high"] and row["rows"] == rows


@pytest.mark.usefixtures("named")
def test_confusions_are_told_from_the_most_frequent_and_no_right_answer():
    labels, given_ = drawn()
    title, table = "Most frequent confusions", classes.confusion(labels, given_)
    found = details.tables(part(labels), given_, Decision(), GATE)[title]
    rows = [row["rows"] for row in found]
    assert rows == sorted(rows, reverse=True) and len(rows) == details.SHOWN
    for row in found:
        actual, taken = (NAMES.index(row[k]) for k in ("class", "taken for"))
        assert actual != taken and table[actual, taken] == row["rows"] > 0
    perfect = np.eye(K)[labels]
    assert not details.tables(part(labels), perfect, Decision(), GATE)[title]


@pytest.mark.usefixtures("named")
def test_every_name_can_be_drawn(tmp_path):
    labels, given_ = drawn()
    scores = {"candidate": given_, "trivial": np.full_like(given_, 1 / K)}
    figures = charts.of_classes(labels, scores)
    for name, figure in figures.items():
        figure.savefig(tmp_path / f"{name}.png")
    (axes,) = figures["confusion"].axes
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert shown[:3] == list(NAMES[:3]) and len(shown[3]) == charts.LONGEST
    counts = [int(text.get_text()) for text in axes.texts]
    assert counts == classes.confusion(labels, given_).ravel().tolist()
