"""`make monitor` on a log of the toy service: quiet, alarm, and what cannot be judged."""

import json
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.monitoring.__main__ import main
from mlservice.monitoring.command import ALARM, HISTORY, NOT_JUDGED, QUIET, SUMMARY
from mlservice.monitoring.log_files import LogFiles, Rotation
from mlservice.monitoring.prediction_log import Answered, LogOptions, Record, header_of
from mlservice.paths import CURRENT
from toys import training
from toys.regression import SERVICE

START = datetime(2026, 3, 1, tzinfo=UTC)
ROWS = 150  # a day


def instances(rows, seed, far=False):
    """Draw requests as the sample has them; `far` moves the distance of each by a tenth of the range."""
    frame = training.sample(rows, seed).drop(columns="price")
    if far:
        frame["distance"] += 4.0
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [SERVICE.instance.model_validate(row, strict=False) for row in plain]


@pytest.fixture
def write(own_project):
    """Return `write(days, first, far)`, which logs the answers of some days into the folder `log`."""
    model = Predictor(SERVICE, artifact.load(SERVICE, CURRENT))
    record = Record(SERVICE, LogOptions(own_project / "log"))

    def days_of(days, first=0, *, rows=ROWS, far=False, version=model.version):
        files = LogFiles(own_project / "log", header_of(SERVICE), Rotation())
        for day in range(first, first + days):
            asked = instances(rows, 1_000 + day, far)
            predictions, scores = model.predict_with_scores(asked)
            noon = (START + timedelta(days=day, hours=12)).timestamp()
            files.append(
                record.lines(Answered(noon, f"day-{day}", None, "champion", version, asked, predictions, scores))
            )
        files.close()

    return days_of


@pytest.fixture
def monitor(own_project, monkeypatch):
    """Return `monitor(*options)`, which runs the command on the folder `log` and returns its exit code."""

    def run(*options):
        monkeypatch.setattr(
            "sys.argv", ["monitoring", "drift", "--package", "toys", *options, str(own_project / "log")]
        )
        return main()

    return run


def test_without_drift_it_is_quiet_and_a_shift_is_an_alarm(write, monitor, capsys):
    write(10)
    assert monitor() == QUIET
    assert "10 windows, 0 alarms" in capsys.readouterr().out
    write(6, first=10, far=True)
    assert monitor() == ALARM
    text = SUMMARY.read_text("utf-8")
    assert "**alarm**" in text and "| distance |" in text and "16 windows" in text


def test_running_again_changes_nothing(write, monitor):
    write(5, far=True)
    found = monitor()
    before = HISTORY.read_text("utf-8"), SUMMARY.read_text("utf-8")
    assert monitor() == found
    assert (HISTORY.read_text("utf-8"), SUMMARY.read_text("utf-8")) == before


def test_windows_whose_log_is_gone_stay_in_the_history(write, monitor, own_project):
    write(4)
    monitor()
    for path in (own_project / "log").iterdir():
        path.unlink()
    write(1, first=4)
    monitor()
    assert len(json.loads(HISTORY.read_text("utf-8"))["windows"]) == 5


def test_what_was_not_read_is_counted_and_named(write, monitor, own_project, capsys):
    write(1)
    write(1, first=1, rows=7, version="another")
    far_future = (datetime.now(UTC) + timedelta(days=9) - START).days
    write(1, first=far_future, rows=3)
    [first] = [path for path in (own_project / "log").iterdir() if path.read_bytes().count(b"day-0/")]
    lines = first.read_bytes().splitlines(keepends=True)
    lines[5] = lines[5][:40] + b"\n"
    first.write_bytes(b"".join(lines) + b'{"time":"2026-03-01T')
    (own_project / "log/predictions-foreign.jsonl").write_bytes(b'{"prediction_log":{"service":"other"}}\n')
    (own_project / "log/predictions-old.jsonl").write_bytes(
        header_of(SERVICE).replace(SERVICE.schema_hash.encode(), b"another")
    )
    (own_project / "log/predictions-mine.jsonl").write_bytes(b"hello\n")
    assert monitor() == QUIET
    said = capsys.readouterr().out
    for expected in (
        "7 lines: they are of another model",
        "3 lines: their time is in the future",
        "1 lines: they are damaged",
        "1 lines: they are not complete",
        "predictions-foreign.jsonl: it is the log of other",
        "predictions-old.jsonl: it was written with another schema.py",
        "predictions-mine.jsonl: it is no prediction log",
    ):
        assert expected in said
    [window] = json.loads(HISTORY.read_text("utf-8"))["windows"].values()
    assert window["rows"] == ROWS - 1


def test_a_log_is_written_as_parquet(write, own_project, monkeypatch, capsys):
    write(2)
    words = ["monitoring", "parquet", "--package", "toys", str(own_project / "log"), str(own_project / "log.parquet")]
    monkeypatch.setattr("sys.argv", words)
    assert main() == 0 and f"{2 * ROWS} rows → " in capsys.readouterr().out
    found = pd.read_parquet(own_project / "log.parquet")
    assert len(found) == 2 * ROWS and found["id"].is_unique and found["time"].dt.tz is not None
    table = training.sample(ROWS, 1_000)
    assert found["instance.distance"][:ROWS].tolist() == table["distance"].tolist()
    assert found["instance.minutes"][:ROWS].isna().tolist() == table["minutes"].isna().tolist()
    (own_project / "log.parquet").write_bytes(b"mine")
    monkeypatch.setattr("sys.argv", [*words[:4], str(own_project / "nowhere"), words[5]])
    with pytest.raises(UserError, match="holds no prediction log"):
        main()
    assert (own_project / "log.parquet").read_bytes() == b"mine"


def test_too_few_rows_and_an_incomplete_window_are_not_judged(write, monitor, capsys):
    write(1, rows=29)
    assert monitor("--until", "2026-03-02") == NOT_JUDGED
    assert "29 rows are too few to judge" in capsys.readouterr().out
    write(1, first=1)
    assert monitor("--since", "2026-03-02", "--until", "2026-03-02T18:00") == NOT_JUDGED
    assert f"not complete, {ROWS} rows so far" in capsys.readouterr().out


def test_a_model_without_reference_says_what_to_do(write, monitor, capsys):
    write(1)
    manifest = CURRENT.resolve() / "manifest.json"
    plain = json.loads(manifest.read_text())
    plain["files"] = {}
    manifest.write_text(json.dumps(plain))
    assert monitor() == NOT_JUDGED
    assert re.search("error: .*no drift reference.*`make pipeline`", capsys.readouterr().err)


def test_a_folder_without_a_log_says_how_to_write_one(monitor, capsys):
    assert monitor() == NOT_JUDGED
    assert "holds no prediction log; serve with SERVE_PREDICTION_LOG=" in capsys.readouterr().err


def test_a_damaged_history_is_not_overwritten(write, monitor, capsys):
    write(1)
    HISTORY.parent.mkdir(parents=True)
    HISTORY.write_text("{}")
    assert monitor() == NOT_JUDGED
    assert "is no history of `make monitor`" in capsys.readouterr().err
    assert HISTORY.read_text() == "{}"


def test_another_model_begins_a_history_of_its_own(write, monitor):
    write(2)
    monitor()
    plain = json.loads(HISTORY.read_text("utf-8")) | {"model_version": "older"}
    HISTORY.write_text(json.dumps(plain))
    assert monitor() == QUIET
    assert HISTORY.with_name("history-older.json").exists()
    assert len(json.loads(HISTORY.read_text("utf-8"))["windows"]) == 2


def test_a_new_correlation_is_an_alarm_though_no_column_has_changed(monitor, own_project):
    model = Predictor(SERVICE, artifact.load(SERVICE, CURRENT))
    record, files = Record(SERVICE, LogOptions(own_project / "log")), LogFiles(
        own_project / "log", header_of(SERVICE), Rotation()
    )
    rng = np.random.default_rng(3)
    for day in range(8):
        asked = instances(400, 50 + day)
        minutes = rng.permutation([each.minutes for each in asked])  # no longer twice the distance
        asked = [each.model_copy(update={"minutes": m}) for each, m in zip(asked, minutes, strict=True)]
        noon = (START + timedelta(days=day, hours=12)).timestamp()
        answered = model.predict_with_scores(asked)
        files.append(record.lines(Answered(noon, f"day-{day}", None, "champion", model.version, asked, *answered)))
    files.close()
    assert monitor() == ALARM
    history = json.loads(HISTORY.read_text("utf-8"))
    first = next(iter(history["windows"].values()))
    assert first["p_values"]["classifier"] < 1e-3
    assert first["p_values"]["minutes: ranks"] > 0.01


@pytest.fixture
def label(own_project, monkeypatch):
    """Return `label(days, wrong)`, which adds labels of the rows of some days, `wrong` too high each."""

    def add(days, wrong=0.0, rows=ROWS):
        lines = ["id,price"]
        for day in days:
            prices = training.sample(rows, 1_000 + day)["price"] + wrong
            lines += [f"day-{day}/{row},{price:.2f}" for row, price in enumerate(prices)]
        path = own_project / "came-later.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.setattr("sys.argv", ["monitoring", "labels", "--package", "toys", str(path)])
        assert main() == 0

    return add


def windows():
    """Return the windows of the history."""
    return [*json.loads(HISTORY.read_text("utf-8"))["windows"].values()]


def test_labels_that_come_later_give_the_metric_of_each_window_to_the_row(write, monitor, label, own_project):
    write(4)
    assert monitor() == QUIET and "performance" in windows()[0] and not windows()[0]["performance"]
    label([0, 1])
    assert monitor() == QUIET
    model = Predictor(SERVICE, artifact.load(SERVICE, CURRENT))
    for day, window in enumerate(windows()[:2]):
        table = training.sample(ROWS, 1_000 + day)
        predicted = np.array([each.value for each in model.predict(instances(ROWS, 1_000 + day))])
        found = window["performance"]
        assert found["rows"] == ROWS
        assert found["models"]["model"]["mae"]["value"] == pytest.approx(
            np.abs(predicted - table["price"]).mean(), abs=0.02
        )
        assert found["gain"]["low"] > 0 and {*found["slices"]} == {"vehicle", "minutes"}
    assert not windows()[2]["performance"]
    label([2, 3])  # a delay of days: those known before stay
    before = windows()[:2]
    assert monitor() == QUIET and windows()[:2] == before
    assert [each["performance"]["rows"] for each in windows()] == [ROWS] * 4
    assert "## mae" in SUMMARY.read_text("utf-8") and (own_project / "data/labels.csv").exists()


def test_a_model_that_became_wrong_is_an_alarm_though_nothing_drifts(write, monitor, label, capsys):
    write(3)
    label(range(3), wrong=5.0)
    assert monitor() == ALARM
    said = " ".join(capsys.readouterr().out.split())
    assert "3 windows, 0 alarms" in said and "mae with labels: 3 windows, " in said
    assert "**alarm**" in SUMMARY.read_text("utf-8").partition("## mae")[2]
    first = HISTORY.read_text("utf-8")
    monitor()
    assert HISTORY.read_text("utf-8") == first


def test_labels_are_kept_once_and_the_last_one_counts(write, monitor, label, capsys):
    write(2)
    label([0])
    label([0, 1], wrong=5.0)
    assert f"{ROWS:,} new labels, {2 * ROWS:,} in all" in capsys.readouterr().out
    monitor()
    assert windows()[0]["performance"]["models"]["model"]["mae"]["value"] > 4
    label([7])
    monitor()
    assert f"{ROWS:,} labels: they are of no prediction that was read" in capsys.readouterr().out


def test_a_log_that_is_gone_keeps_what_its_labels_showed(write, monitor, label, own_project):
    write(1)
    label([0])
    monitor()
    (own_project / "data/labels.csv").unlink()
    before = windows()[0]["performance"]
    monitor()
    assert windows()[0]["performance"] == before
