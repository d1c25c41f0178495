"""Metrics with labels that come later, and without: to the row, and by simulation."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from mlservice.errors import UserError
from mlservice.evaluation import classification
from mlservice.evaluation.bootstrap import Interval, Metric
from mlservice.monitoring.expected_metrics import expected_metrics
from mlservice.monitoring.labels import Labels, read_labels
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.performance import Performance, worse_p_value
from mlservice.params import Gate
from toys.classification import SERVICE
from toys.regression import SERVICE as RIDES

METRICS = {
    "log_loss": Metric(classification.log_loss, False, "nats"),
    "roc_auc": Metric(classification.roc_auc, True, "rank"),
}
GATE = Gate(metric="log_loss", min_gain=0, confidence=0.95, resamples=100, seed=1, slices=())


def lines_of(scores, unit=None):
    """Return lines of a log with these scores (n, 2)."""
    names = [f"request/{number}" for number in range(len(scores))]
    lines = pd.DataFrame({"id": names, "unit": unit, "time": pd.NaT, "scores": list(scores)})
    contract = np.where(np.arange(len(scores)) % 3, "monthly", "yearly")
    known = {f"instance.{column}": value for column, value in SERVICE.example.items()}
    return lines.assign(**known | {"instance.contract": contract})


def drawn(rows, seed):
    """Return calibrated scores (n, 2) and labels that are drawn from them."""
    rng = np.random.default_rng(seed)
    positive = rng.beta(1, 3, rows)
    return np.column_stack([1 - positive, positive]), (rng.random(rows) < positive).astype(int)


class Own(SimpleNamespace):
    """A scorer that answers with what it was given."""

    def run(self, matrix):
        """Return as many rows of the scores."""
        return np.full((len(matrix), 2), 0.5)


def performance(baseline=None, reference=None, service=SERVICE, slices=()):
    """Return what judges windows of the toy classifier."""
    training = SimpleNamespace(
        service=service, metrics=lambda *_: METRICS, enough=lambda data: len({*data.target}) > 1, needed="two classes"
    )
    params = SimpleNamespace(
        gate=GATE.model_copy(update={"slices": slices}), decision=None, monitoring=SimpleNamespace(seed=0)
    )
    model = SimpleNamespace(manifest=SimpleNamespace(decision=None), scorer=Own())
    return Performance(training, params, model, model if baseline else None, reference or {})


def test_metrics_with_labels_are_right_to_the_row():
    scores, labels = drawn(400, 1)
    lines = lines_of(scores)
    names = pd.Series(np.array(SERVICE.target.categories, object)[labels])
    reference = {"log_loss": {"value": 0.1, "low": 0.09, "high": 0.11}}
    found = performance(baseline=True, reference=reference).with_labels(lines, names)
    loss = found["models"]["model"]["log_loss"]
    assert found["rows"] == 400 and loss["low"] < loss["value"] < loss["high"]
    assert loss["value"] == pytest.approx(classification.log_loss(labels, scores))
    assert found["models"]["baseline"]["log_loss"]["value"] == pytest.approx(np.log(2))
    assert found["gain"]["value"] == pytest.approx(np.log(2) - loss["value"])
    assert found["p_value"] < 1e-6
    better = {"log_loss": {"value": 0.9, "low": 0.8, "high": 1.0}}
    assert performance(reference=better).with_labels(lines, names)["p_value"] == 1.0
    assert "gain" not in performance().with_labels(lines, names)


def test_slices_are_of_the_columns_that_the_log_has():
    scores, labels = drawn(400, 1)
    lines = lines_of(scores)
    names = pd.Series(np.array(SERVICE.target.categories, object)[labels])
    found = performance(slices=("contract", "omitted")).with_labels(lines, names)
    assert {*found["slices"]} == {"contract"}
    month = (lines["instance.contract"] == "monthly").to_numpy()
    assert found["slices"]["contract"]["monthly"]["log_loss"]["value"] == pytest.approx(
        classification.log_loss(labels[month], scores[month])
    )


def test_too_few_labels_are_counted_alone():
    scores, _ = drawn(5, 1)
    names = pd.Series([SERVICE.target.categories[0]] * 5)
    assert performance().with_labels(lines_of(scores), names) == {"rows": 5}


def test_rows_of_one_unit_are_no_more_evidence():
    scores, labels = drawn(200, 2)
    names = pd.Series(np.array(SERVICE.target.categories, object)[labels])
    alone = performance().with_labels(lines_of(scores), names)["models"]["model"]["log_loss"]
    copies = pd.concat([lines_of(scores, [str(n) for n in range(200)])] * 4, ignore_index=True)
    found = performance().with_labels(copies, pd.concat([names] * 4, ignore_index=True))
    several = found["models"]["model"]["log_loss"]
    assert several["high"] - several["low"] == pytest.approx(alone["high"] - alone["low"], rel=0.4)


def test_expected_metrics_are_those_of_calibrated_scores():
    """Within the interval in nine of ten samples at least: it is stated at 95 %."""
    inside = {name: 0 for name in METRICS}
    for seed in range(40):
        scores, labels = drawn(600, 100 + seed)
        found = expected_metrics(METRICS, scores, seed)
        for name, metric in METRICS.items():
            inside[name] += found[name].low <= metric.compute(labels, scores) <= found[name].high
    assert min(inside.values()) >= 36


def test_expected_metrics_need_probabilities():
    assert performance(service=RIDES).expected(lines_of(np.ones((40, 3)))) == {}
    scores, _ = drawn(50, 3)
    assert {*performance().expected(lines_of(scores))} == {*METRICS}


def test_a_worse_metric_has_a_small_p_value_and_a_better_one_has_none():
    loss, rank = METRICS["log_loss"], METRICS["roc_auc"]
    reference = Interval(0.40, 0.39, 0.41)
    assert worse_p_value(loss, reference, Interval(0.60, 0.55, 0.65), 0.95) < 1e-6
    assert worse_p_value(loss, reference, Interval(0.30, 0.25, 0.35), 0.95) == 1.0
    assert worse_p_value(rank, reference, Interval(0.30, 0.25, 0.35), 0.95) < 0.01
    assert worse_p_value(loss, reference, Interval(0.41, 0.36, 0.46), 0.95) == 1.0  # the reference's own error
    assert worse_p_value(loss, reference, Interval(0.6, 0.6, 0.6), 0.95) == 1.0


def read(tmp_path, text, target=SERVICE.target):
    """Read a file of labels; return them and what was skipped."""
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    return read_labels(tmp_path / "labels.csv", target, skipped := Skipped()), skipped


def test_labels_by_id_count_once_and_the_last_one_counts(tmp_path):
    column, (no, yes) = SERVICE.target.column, SERVICE.target.categories
    text = f"id,{column}\nrequest/0,{no}\nrequest/0,{yes}\nnobody/0,{no}\nrequest/2,odd\nrequest/1,\n"
    labels, skipped = read(tmp_path, text)
    assert labels.join(lines_of(np.ones((3, 2)))).tolist()[0] == yes
    assert labels.join(lines_of(np.ones((3, 2)))).isna().tolist() == [False, True, True]
    [(why, count)] = skipped.labels.items()
    assert count == 1 and column in why and labels.unknown(lines_of(np.ones((3, 2)))) == 1


def test_labels_by_unit_belong_to_the_last_prediction_before_them(tmp_path):
    column, (no, yes) = SERVICE.target.column, SERVICE.target.categories
    text = f"unit,time,{column}\na,2026-03-02T12:00,{no}\na,2026-03-05,{yes}\nb,2026-02-01,{yes}\nc,2026-03-09,{no}\n"
    labels, _ = read(tmp_path, text)
    times = pd.to_datetime(["2026-03-01", "2026-03-03", "2026-03-03", "2026-03-04"], utc=True)
    lines = pd.DataFrame({"id": list("wxyz"), "unit": ["a", "a", "b", None], "time": times})
    found = labels.join(lines)
    assert found.tolist()[:2] == [no, yes] and found.isna().tolist() == [False, False, True, True]


def test_a_file_that_names_no_prediction_is_refused(tmp_path):
    with pytest.raises(UserError, match="has the columns a, b; labels have `id`, or `unit` and `time`"):
        read(tmp_path, "a,b\n1,2\n")
    with pytest.raises(UserError, match="cannot be read"):
        read_labels(tmp_path / "nowhere.csv", SERVICE.target, Skipped())


def test_numbers_outside_the_schema_s_bounds_are_skipped(tmp_path):
    labels, skipped = read(tmp_path, "id,price\na/0,12.5\nb/0,-3\nc/0,many\n", RIDES.target)
    assert labels.frame["id"].tolist() == ["a/0"] and sum(skipped.labels.values()) == 2


def test_nothing_is_joined_to_an_empty_log():
    labels = Labels(pd.DataFrame({"id": ["a/0"], "unit": None, "time": pd.NaT, "price": [1.0]}), "price")
    assert labels.join(lines_of(np.empty((0, 2)))).empty
