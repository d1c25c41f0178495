"""The report: metrics with intervals by slice, a card of Markdown, one page with its plots inside, plain JSON."""

import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from mlservice.data.dataset import Dataset
from mlservice.evaluation import report
from mlservice.evaluation.bootstrap import Metric, interval
from mlservice.evaluation.regression import mae
from mlservice.evaluation.slices import measure
from mlservice.model.artifact import Manifest
from mlservice.params import Gate
from toys.regression import SERVICE

GATE = Gate(metric="mae", min_gain=0, confidence=0.95, resamples=100, seed=3, slices=("vehicle", "minutes"))
METRICS = {"mae": Metric(mae, False, "mean distance")}
RNG = np.random.default_rng(0)
VEHICLE = np.array(["economy", "comfort", "rare | one"]).repeat([60, 38, 2])
ROWS = pd.DataFrame({"vehicle": VEHICLE, "minutes": np.where(np.arange(100) % 4, 1.0, np.nan)})
TEST = Dataset(ROWS, np.zeros((100, 1), np.float32), RNG.normal(10, 3, 100), np.arange(100))
SCORES = (TEST.target + RNG.normal(0, 1, 100))[:, np.newaxis]


def facts(**more):
    """Return the facts of an evaluation."""
    models = {"candidate": SCORES, "baseline": SCORES * 0}
    measured = measure(TEST, models, dict.fromkeys(models, METRICS), GATE, lambda rows: len(rows.target) >= 10)
    gains = {"baseline": {"value": 9.0, "low": 8.0, "high": 10.0}}
    verdict = {"metric": "mae", "gains": gains, "passed": True, "reason": "the candidate beats every rival: ship it"}
    return {
        "gate": verdict,
        **measured,
        "candidates": {},
        "details": {"Nothing": [], "By | bar": [{"name": "a|b", "mae": gains["baseline"]}]},
    } | more


def test_every_metric_of_every_model_has_its_interval():
    found = facts()
    assert found["rows"] == 100
    for name, scores in {"candidate": SCORES, "baseline": SCORES * 0}.items():
        expected = interval(METRICS["mae"], TEST, scores, GATE)
        assert found["models"][name]["mae"] == vars(expected)


def test_slices_are_measured_where_they_have_enough_rows_and_missing_values_are_one():
    slices = facts()["slices"]
    assert {value: of["rows"] for value, of in slices["vehicle"].items()} == {"economy": 60, "comfort": 38}
    assert {value: of["rows"] for value, of in slices["minutes"].items()} == {"1.0": 75, "missing": 25}
    at = np.flatnonzero(VEHICLE == "comfort")
    assert slices["vehicle"]["comfort"]["mae"] == vars(interval(METRICS["mae"], TEST.take(at), SCORES[at], GATE))


@pytest.fixture
def written(tmp_path):
    """The folder of a report that replaced another one."""
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots/old.png").write_bytes(b"old")
    (tmp_path / "mine.txt").write_text("kept")
    manifest = Manifest(
        name="candidate",
        model_version="abc",
        sha256="a" * 64,
        schema_hash="b" * 64,
        created=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
        decision=SERVICE.decision(),
        revision="v1-2-gabc",
        versions={"numpy": "2.0"},
    )
    pages = {"report.html": "<p>r</p>", "summary.html": "<p>s</p>"}
    report.write(SERVICE, tmp_path, facts(), manifest, {"predicted": Figure(figsize=(1, 1))}, pages)
    return tmp_path


def test_the_files_of_a_report_replace_the_older_ones(written):
    found = {str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()}
    assert found == {"metrics.json", "model-card.md", "report.html", "summary.html", "plots/predicted.png", "mine.txt"}


def test_the_figures_are_plain_json(written):
    assert json.loads((written / "metrics.json").read_text(encoding="utf-8")) == facts()


def test_the_card_names_target_model_gate_features_and_origin(written):
    card = (written / "model-card.md").read_text(encoding="utf-8")
    assert card.startswith("# Model card: price\n\nPrice of the ride. Version `abc`, trained 2026-01-31 09:30 UTC.")
    assert "**Passed**: the candidate beats every rival: ship it." in card
    for line in (
        "## On 100 test rows",
        "| baseline | 9.0000 [8.0000, 10.0000] |",
        "| vehicle = comfort | 38 | ",
        "| minutes = missing | 25 | ",
        "## Nothing\n\nNone.",
        r"| a\|b | 9.0000 [8.0000, 10.0000] |",
        "| distance | Length of the route | a number in 0.2 … 80 km |",
        "| minutes | Time in traffic | a number in 1 … 240 min, or missing |",
        "| code revision | v1-2-gabc |",
        "| numpy | 2.0 |",
    ):
        assert line in card, line


def test_the_pages_are_written_as_given(written):
    assert [(written / f"{name}.html").read_text(encoding="utf-8") for name in ("report", "summary")] == [
        "<p>r</p>",
        "<p>s</p>",
    ]


def test_a_value_that_json_does_not_have_is_never_written(tmp_path):
    manifest = Manifest(name="candidate", model_version="a", sha256="a", schema_hash="b", decision=SERVICE.decision())
    with pytest.raises(ValueError, match="JSON compliant"):
        report.write(SERVICE, tmp_path, facts(rows=float("nan")), manifest, {}, {})
    assert not (tmp_path / "metrics.json").exists()
