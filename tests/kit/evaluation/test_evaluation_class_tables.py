"""Tables and plots of class probabilities, for two classes and for several, whatever they are called."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

from mlservice.data.dataset import Dataset
from mlservice.evaluation import class_plots, class_tables
from mlservice.evaluation import classification as classes
from mlservice.evaluation.class_plots import several_class_plots
from mlservice.evaluation.class_tables import several_class_tables, two_class_tables
from mlservice.evaluation.two_class_plots import two_class_plots
from mlservice.params import Gate
from toys.text import SERVICE

NAMES = ("0", r"$\no$ | pipe", "été", "x" * 60, "no yes")
K = len(NAMES)
TARGET = replace(SERVICE.target, categories=NAMES)
GATE = Gate(metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=())


def drawn(rows=400, seed=0, k=K):
    """Draw calibrated scores, and labels by them."""
    rng = np.random.default_rng(seed)
    given = rng.dirichlet(np.full(k, 0.3), rows)
    labels = [rng.choice(k, p=row) for row in given]
    return np.array(labels, dtype=np.int64), given


def dataset(labels):
    """Return a data set with these labels, each row a group of its own."""
    matrix = np.zeros((len(labels), 1), dtype=np.float32)
    return Dataset(pd.DataFrame({"x": labels}), matrix, labels, np.arange(len(labels)))


def of_several(labels, given, title):
    """Return one of the tables of several classes."""
    return several_class_tables(NAMES, dataset(labels), given, GATE)[title]


def test_two_classes_are_reported_by_promised_beside_observed_rates():
    labels, given = drawn(1_000, k=2)
    ((_, rows),) = two_class_tables(dataset(labels), given, GATE).items()
    assert [row["rows"] for row in rows] == [200] * 5
    promised = [row["promised"] for row in rows]
    assert promised == sorted(promised)
    for row in rows:
        observed = row["observed"]
        assert observed["low"] - 0.01 < row["promised"] < observed["high"] + 0.01


def test_each_class_is_reported_as_scikit_learn_does():
    labels, given = drawn()
    best = given.argmax(axis=1)
    found = of_several(labels, given, "By class")
    expected = sk.precision_recall_fscore_support(labels, best, labels=range(K))
    assert [row["class"] for row in found] == list(NAMES)
    for row, precision, recall, f1, rows in zip(found, *expected, strict=True):
        values = [row[name]["value"] for name in ("precision", "recall", "f1")]
        assert values == pytest.approx([precision, recall, f1])
        assert row["f1"]["low"] < f1 < row["f1"]["high"] and row["rows"] == rows


def test_confusions_are_reported_from_the_most_frequent_and_no_right_answer():
    labels, given = drawn()
    title, table = "Most frequent confusions", classes.confusion(labels, given)
    found = of_several(labels, given, title)
    rows = [row["rows"] for row in found]
    assert rows == sorted(rows, reverse=True) and len(rows) == class_tables.SHOWN
    for row in found:
        actual, taken = (NAMES.index(row[k]) for k in ("class", "taken for"))
        assert actual != taken and table[actual, taken] == row["rows"] > 0
    perfect = np.eye(K)[labels]
    assert not of_several(labels, perfect, title)


def test_every_name_can_be_drawn(tmp_path):
    labels, given = drawn()
    scores = {"candidate": given, "trivial": np.full_like(given, 1 / K)}
    figures = several_class_plots(TARGET, labels, scores)
    for name, figure in figures.items():
        figure.savefig(tmp_path / f"{name}.png")
    (axes,) = figures["confusion"].axes
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert shown[:3] == list(NAMES[:3]) and len(shown[3]) == class_plots.LONGEST
    counts = [int(text.get_text()) for text in axes.texts]
    assert counts == classes.confusion(labels, given).ravel().tolist()


def test_two_classes_are_drawn_with_the_cost_of_the_decision(tmp_path):
    labels, given = drawn(k=2)
    models = {"candidate": given, "trivial": np.full_like(given, 0.5)}

    def cost(of, scores, threshold):
        return classes.cost_per_row(of, scores, threshold, false_negative=5, false_positive=1)

    figures = two_class_plots(labels, models, cost)
    assert set(figures) == {"ranking", "calibration", "cost"}
    for name, figure in figures.items():
        figure.savefig(tmp_path / f"{name}.png")
    (axes,) = figures["cost"].axes
    grid, drawn_ = axes.lines[0].get_data()
    assert drawn_.tolist() == [cost(labels, given, at) for at in grid]
    assert [line.get_label() for line in axes.lines] == ["candidate", "trivial"]


def test_precision_is_drawn_in_steps_as_average_precision_counts_it():
    labels, given = drawn(k=2)
    models = {"candidate": given, "trivial": np.full_like(given, 0.5)}
    _, recall = two_class_plots(labels, models, lambda *_: 0.0)["ranking"].axes
    assert {line.get_drawstyle() for line in recall.lines} == {"steps-post"}
    for line, scores in zip(recall.lines, models.values(), strict=True):
        share, precision = line.get_data()
        under = -np.sum(np.diff(share) * precision[:-1])
        assert under == pytest.approx(classes.pr_auc(labels, scores))
