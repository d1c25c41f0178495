"""Summary of monitoring as Markdown: the windows, their evidence, the worst columns."""

from collections.abc import Mapping
from typing import Any

from mlservice.monitoring.detector import State
from mlservice.monitoring.history import Alarms, History
from mlservice.monitoring.log_reader import Skipped

WORST = 5  # columns that are named
LAST = 30  # windows that are listed


def summary(
    history: History,
    alarms: Alarms,
    metric: str,
    reference: Mapping[str, Mapping[str, float]],
    skipped: Skipped,
) -> str:
    """Return the summary; `reference` has the metrics of the validation rows.

    `metric` is the gate's.
    """
    windows, threshold = history.windows, alarms.threshold
    number = sum(state.alarm for state in alarms.drift.values())
    lines = [
        f"# Drift of model `{history.model_version}`",
        "",
        f"{len(windows)} windows, {number} alarms. There is an alarm when the "
        f"evidence reaches {threshold:g}: if nothing drifts, at least {threshold:g} "
        "windows pass on average between two alarms, given the reference.",
        "",
        "| window | rows | evidence | alarm | most evidence in |",
        "| --- | --- | --- | --- | --- |",
    ]
    for start in [*windows][-LAST:]:
        state = alarms.drift[start]
        rows = windows[start]["rows"]
        lines.append(
            f"| {start} | {rows:,} | {state.evidence:.3g} | {_alarm(state)} "
            f"| {_most(state)} |"
        )
    if windows:
        lines += ["", *_worst(windows[[*windows][-1]])]
    lines += _performance(windows, alarms.metric, metric, reference)
    if sentences := skipped.sentences():
        lines += ["", "Not read:", "", *(f"- {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _alarm(state: State | None) -> str:
    return "**alarm**" if state and state.alarm else ""


def _performance(
    windows: Mapping[str, Mapping[str, Any]],
    alarms: Mapping[str, State],
    metric: str,
    reference: Mapping[str, Mapping[str, float]],
) -> list[str]:
    """Return the metric of each window: as labels show it, and as scores promise it."""
    known = {
        start: each
        for start, each in windows.items()
        if each.get("expected") or each.get("performance")
    }
    if not known:
        return []
    validated = f" On the validation rows it was {_interval(reference.get(metric))}."
    lines = [
        "",
        f"## {metric}",
        "",
        "Expected is what the probabilities promise without labels: it follows a shift "
        "of the inputs, and cannot see that the same inputs mean something else."
        + validated * (metric in reference),
        "",
        "| window | expected | with labels | labels | gain over the baseline | alarm |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for start in [*known][-LAST:]:
        promised, found = known[start].get("expected", {}), known[start]["performance"]
        measured = found.get("models", {}).get("model", {}).get(metric)
        lines.append(
            f"| {start} | {_interval(promised.get(metric))} | {_interval(measured)} "
            f"| {found.get('rows', 0):,} | {_interval(found.get('gain'))} "
            f"| {_alarm(alarms.get(start))} |"
        )
    return lines


def _interval(found: Mapping[str, float] | None) -> str:
    if not found:
        return "–"
    return f"{found['value']:.4g} ({found['low']:.4g} to {found['high']:.4g})"


def _most(state: State) -> str:
    """Return the test with the largest share of the evidence."""
    if not state.shares:
        return ""
    name = max(state.shares, key=lambda test: state.shares[test])
    return f"{name} ({state.shares[name]:.0%})"


def _worst(window: Mapping[str, Any]) -> list[str]:
    """Return a table of the columns of the last window that differ most."""
    columns = window["columns"]
    by_psi = sorted(columns, key=lambda name: -_excess(columns[name]))[:WORST]
    head = [
        "The last window's columns that differ most from the reference:",
        "",
        "| column | PSI | PSI without drift | shift | missing | unknown |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return head + [_row(name, columns[name]) for name in by_psi]


def _excess(column: Mapping[str, Any]) -> float:
    return float(column["psi"] - column["psi_without_drift"])


def _row(name: str, column: Mapping[str, Any]) -> str:
    shift = "–" if column["shift"] is None else f"{column['shift']:.3g}"
    return (
        f"| {name} | {column['psi']:.3f} | {column['psi_without_drift']:.3f} | {shift} "
        f"| {column['missing']:.1%} | {column['unknown']:.1%} |"
    )
