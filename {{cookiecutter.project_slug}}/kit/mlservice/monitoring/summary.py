"""Summary of monitoring as Markdown: the windows, their evidence, the worst columns."""

from collections.abc import Mapping
from typing import Any

from mlservice.monitoring.detector import State
from mlservice.monitoring.findings import Findings, time_of

WORST = 5  # columns that are named
LAST = 30  # windows that are listed
EXPECTED = (
    "Expected is what the probabilities promise without labels: it follows a shift of "
    "the inputs, and cannot see that the same inputs mean something else."
)


def summary(found: Findings) -> str:
    """Return the summary."""
    windows, alarms = found.history.windows, found.alarms
    threshold = alarms.threshold
    number = sum(state.alarm for state in alarms.drift.values())
    lines = [
        f"# Drift of model `{found.history.model_version}`",
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
            f"| {time_of(start)} | {rows:,} | {state.evidence:.3g} | {_alarm(state)} "
            f"| {_most(state)} |"
        )
    if windows:
        lines += ["", *_worst(windows[[*windows][-1]])]
    lines += _performance(found)
    if sentences := found.skipped.sentences():
        lines += ["", "Not read:", "", *(f"- {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _alarm(state: State | None) -> str:
    return "**alarm**" if state and state.alarm else ""


def _performance(found: Findings) -> list[str]:
    """Return the metric of each window: as labels show it, and as scores promise it."""
    if not found.performed:
        return []
    sentences = [EXPECTED] * found.any_expected
    if validated := found.reference.metrics.get(found.metric):
        sentences.append(f"On the validation rows it was {_interval(validated)}.")
    lines = [
        "",
        f"## {found.metric}",
        "",
        " ".join(sentences),
        "",
        "| window | expected | with labels | labels | gain over the baseline | alarm |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for start in [*found.performed][-LAST:]:
        performance = found.performed[start].get("performance", {})
        lines.append(
            f"| {time_of(start)} | {_interval(found.expected(start))} "
            f"| {_interval(found.measured(start))} | {performance.get('rows', 0):,} "
            f"| {_interval(performance.get('gain'))} "
            f"| {_alarm(found.alarms.metric.get(start))} |"
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
