"""The command `make monitor`: a log against the reference, with its labels if any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from mlservice.atomic import replace_file
from mlservice.data import reference
from mlservice.data.reference import Reference
from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.model.artifact import Artifact, ArtifactError
from mlservice.monitoring import history, monitor
from mlservice.monitoring.findings import Findings
from mlservice.monitoring.history import History
from mlservice.monitoring.labels import Labels, read_labels
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.performance import Performance
from mlservice.monitoring.report_page import report_page
from mlservice.monitoring.summary import summary
from mlservice.paths import BASELINE, CURRENT, LABELS, REPORTS
from mlservice.training_spec import Training

FOLDER = REPORTS / "monitor"
HISTORY, SUMMARY = FOLDER / "history.json", FOLDER / "summary.md"
REPORT = FOLDER / "report.html"
QUIET, ALARM, NOT_JUDGED = 0, 1, 2  # exit codes


@dataclass(frozen=True)
class Options:
    """What is asked of a log."""

    log: Path
    since: datetime | None = None
    until: datetime | None = None
    incomplete: bool = False  # whether a window is judged that is not over
    labels: Path | None = None  # LABELS by default, if there are any


def drift(training: Training[Any, Any], options: Options) -> int:
    """Judge the windows of a log; return the exit code. Raise UserError for none."""
    params = training.params.load()
    model = artifact.load(training.service, CURRENT)
    known, skipped = _reference(model), Skipped()
    asked = monitor.Asked(
        options.log,
        model.manifest.model_version,
        params.monitoring.window_hours * 3_600,
        options.since,
        options.until,
        _labels(training, options.labels, skipped),
    )
    read = monitor.read_windows(training.service, known, asked, skipped)
    baseline = _baseline(training) if asked.labels else None
    performance = Performance(training, params, model, baseline, known.metrics)
    judged = _judged(performance, known, read, options)
    before = history.load(HISTORY, asked.model_version)
    after = before.with_windows(judged)
    found = Findings(
        training.service,
        params.gate.metric,
        after,
        after.alarms(
            monitor.weights(known),
            params.monitoring.expected_windows_between_false_alarms,
        ),
        known,
        read.windows,
        skipped,
    )
    _write(found)
    return _result(before, found)


def _labels(
    training: Training[Any, Any], path: Path | None, skipped: Skipped
) -> Labels | None:
    """Read the labels that were asked for, or those that `make labels` has kept."""
    service = training.service
    if path is None and not LABELS.exists():
        return None
    if any(feature.kind == "series" for feature in service.features):
        raise UserError("labels of forecasts are not compared: leave LABELS out")
    return read_labels(path or LABELS, service.target, skipped)


def _baseline(training: Training[Any, Any]) -> Artifact | None:
    """Return the baseline of the last training; None if it cannot be compared."""
    try:
        return artifact.load(training.service, BASELINE)
    except ArtifactError as error:
        print(f"not compared with the baseline: {error}")
        return None


def _judged(
    performance: Performance,
    known: Reference,
    read: monitor.Read,
    options: Options,
) -> list[monitor.Judged]:
    """Judge the windows that are complete and have enough rows; name the others."""
    service, params = performance.training.service, performance.params.monitoring
    length, found = timedelta(hours=params.window_hours), []
    until = options.until or datetime.now(UTC)
    for start, window in read.windows.items():
        if start + length > until and not options.incomplete:
            print(f"{start:%Y-%m-%d %H:%M}: not complete, {window.rows:,} rows so far")
        elif window.rows < monitor.FEWEST:
            print(f"{start:%Y-%m-%d %H:%M}: {window.rows} rows are too few to judge")
        else:
            judged = monitor.judge(service, known, start, window, params.seed)
            expected = performance.expected(window.sample)
            labelled = _with_labels(performance, read, start)
            found.append(replace(judged, expected=expected, performance=labelled))
    return found


def _with_labels(
    performance: Performance, read: monitor.Read, start: datetime
) -> Mapping[str, Any]:
    """Return the metrics of a window's labelled lines; none without labels."""
    if read.labelled.empty:
        return {}
    lines = read.labelled[read.labelled["start"] == start].reset_index(drop=True)
    return performance.with_labels(lines, lines["label"]) if len(lines) else {}


def _write(found: Findings) -> None:
    """Write the history, the summary and the report."""
    history.save(HISTORY, found.history)
    for path, text in ((SUMMARY, summary(found)), (REPORT, report_page(found))):
        replace_file(path, partial(_write_text, text))


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _result(before: History, found: Findings) -> int:
    """Print what is new; return the exit code."""
    found.skipped.tell()
    windows, threshold = found.history.windows, found.alarms.threshold
    drifted, metric = found.alarms.drift, found.alarms.metric
    asked = found.history.news_since(before) or [*windows][-1:]
    if not asked:
        print("no window could be judged")
        return NOT_JUDGED
    alarms = [start for start in asked if drifted[start].alarm]
    worse = [start for start in asked if start in metric and metric[start].alarm]
    print(
        f"{len(asked)} windows, {len(alarms)} alarms; evidence "
        f"{drifted[asked[-1]].evidence:.3g} of {threshold:g} → {REPORT}"
    )
    if metric:
        *_, last = metric.values()
        print(
            f"{found.metric} with labels: {len(metric)} windows, {len(worse)} new "
            f"alarms; evidence {last.evidence:.3g} of {threshold:g}"
        )
    return ALARM if alarms or worse else QUIET


def _reference(model: Artifact) -> Reference:
    found = reference.from_files(model.files)
    if found is None:
        raise UserError(
            f"the model in {CURRENT} has no drift reference: an older version has "
            "trained it; run `make pipeline`"
        )
    return found
