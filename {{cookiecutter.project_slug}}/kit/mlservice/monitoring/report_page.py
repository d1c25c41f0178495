"""The report of monitoring: one page in HTML, in the design of the evaluation's."""

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mlservice.evaluation.pages.render import render
from mlservice.evaluation.pages.svg import inline
from mlservice.monitoring import report_plots
from mlservice.monitoring.findings import Findings, time_of

WORST = 6  # columns whose distributions are drawn
HERE = Path(__file__).parent


def report_page(found: Findings) -> str:
    """Return the page."""
    last = next(reversed(found.history.windows), None)
    return render(
        "report.html",
        HERE,
        service=found.service,
        version=found.history.model_version,
        alarms=found.alarms,
        windows=found.history.windows,
        last=last,
        began=time_of(last) if last else "",
        any_expected=found.any_expected,
        metric=found.metric,
        validated=found.reference.metrics.get(found.metric),
        evidence=_evidence(found) if last else "",
        performance=_performance(found),
        heat=_heat(found) if last else "",
        distributions=_distributions(found, last) if last else [],
        columns=_columns(found, last) if last else [],
        performed=_performed(found),
        skipped=found.skipped.sentences(),
    )


def _evidence(found: Findings) -> str:
    alt = "Evidence of drift after each window, and the threshold of an alarm"
    return inline("evidence", report_plots.evidence(found), alt)


def _performance(found: Findings) -> str:
    if not found.performed:
        return ""
    alt = f"{found.metric} of each window with its interval"
    return inline("performance", report_plots.performance(found), alt)


def _heat(found: Findings) -> str:
    alt = "Smallest p-value of each column in each window, as a heat map"
    return inline("heat", report_plots.heat_map(found), alt)


def _distributions(found: Findings, last: str) -> list[str]:
    """Return the plots of the columns that differ most in the last window."""
    profiles = found.profiles_of(last)
    return [
        inline(f"distribution-{number}", figure, f"Distribution of {name}")
        for number, (name, figure) in enumerate(_figures(found, profiles, last))
    ]


def _figures(
    found: Findings, profiles: dict[str, Any], last: str
) -> list[tuple[str, Figure]]:
    known = {**found.reference.columns, **found.reference.scores}
    p_values = report_plots.by_column(found.history.windows[last]["p_values"])
    worst = sorted(profiles, key=lambda name: p_values.get(name, 1.0))[:WORST]
    return [
        (name, report_plots.distribution(name, known[name], profiles[name]))
        for name in worst
        if name in known
    ]


def _columns(found: Findings, last: str) -> list[dict[str, Any]]:
    """Return the columns of the last window, those with most evidence first."""
    window = found.history.windows[last]
    p_values = report_plots.by_column(window["p_values"])
    rows = [
        {
            "column": name,
            "p-value": f"{p_values.get(name, 1.0):.2g}",
            "PSI": f"{each['psi']:.3f}",
            "PSI without drift": f"{each['psi_without_drift']:.3f}",
            "shift": "–" if each["shift"] is None else f"{each['shift']:.3g}",
            "missing": f"{each['missing']:.1%}",
            "unknown": f"{each['unknown']:.1%}",
        }
        for name, each in window["columns"].items()
    ]
    return sorted(rows, key=lambda row: float(row["p-value"]))


def _performed(found: Findings) -> list[dict[str, Any]]:
    """Return a row for each window whose metric is known or expected, newest first."""
    rows, any_expected = [], found.any_expected
    for start, each in found.performed.items():
        performance = each.get("performance", {})
        alarm = found.alarms.metric.get(start)
        expected = {"expected": found.expected(start)} if any_expected else {}
        rows.append(
            {
                "window": time_of(start),
                **expected,
                "with labels": found.measured(start),
                "labels": f"{performance.get('rows', 0):,}",
                "gain over the baseline": performance.get("gain"),
                "alarm": "alarm" if alarm and alarm.alarm else "",
            }
        )
    return rows[::-1]
