"""Summary of monitoring as Markdown: the windows, their evidence, the worst columns."""

from collections.abc import Mapping
from typing import Any

from mlservice.monitoring.detector import State

WORST = 5  # columns that are named
LAST = 30  # windows that are listed


def summary(
    model_version: str,
    windows: Mapping[str, Mapping[str, Any]],
    states: Mapping[str, State],
    threshold: float,
    skipped: list[str],
) -> str:
    """Return the summary; `windows` and `states` are by the start of each window."""
    alarms = [start for start, state in states.items() if state.alarm]
    lines = [
        f"# Drift of model `{model_version}`",
        "",
        f"{len(windows)} windows, {len(alarms)} alarms. There is an alarm when the "
        f"evidence reaches {threshold:g}: if nothing drifts, at least {threshold:g} "
        "windows pass on average between two alarms, given the reference.",
        "",
        "| window | rows | evidence | alarm | most evidence in |",
        "| --- | --- | --- | --- | --- |",
    ]
    for start in [*windows][-LAST:]:
        state = states[start]
        alarm = "**alarm**" if state.alarm else ""
        rows = windows[start]["rows"]
        lines.append(
            f"| {start} | {rows:,} | {state.evidence:.3g} | {alarm} | {_most(state)} |"
        )
    if windows:
        lines += ["", *_worst(windows[[*windows][-1]])]
    if skipped:
        lines += ["", "Not read:", "", *(f"- {sentence}" for sentence in skipped)]
    return "\n".join(lines) + "\n"


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
