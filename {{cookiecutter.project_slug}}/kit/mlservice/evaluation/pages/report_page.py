"""The report: one page in HTML with everything about one evaluation."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from mlservice.evaluation.pages.data_summary import data_summary
from mlservice.evaluation.pages.errors import worst_rows
from mlservice.evaluation.pages.first_screen import first_screen
from mlservice.evaluation.pages.interval_chart import interval_chart
from mlservice.evaluation.pages.learning_curve import (
    answer,
    learning_curve,
    learning_plot,
)
from mlservice.evaluation.pages.occlusion import occlusion_plot
from mlservice.evaluation.pages.render import render
from mlservice.evaluation.pages.residuals import residual_plot
from mlservice.evaluation.pages.run import Run
from mlservice.evaluation.pages.svg import inline
from mlservice.evaluation.pages.thresholds import threshold_table
from mlservice.paths import TUNING

SLICES = 30  # shown, the worst ones
LIBRARY = ("importance", "dependence")  # plots with sections of their own
DERIVED = ("Importance",)  # tables that are drawn
SEARCH = {
    "history": "Value of each trial, and the best one so far",
    "importance": "How much each searched parameter changes the value",
}


def report_page(run: Run[Any, Any]) -> str:
    """Return the page."""
    return render(
        "report.html",
        first=first_screen(run),
        candidates=_candidates(run),
        search=[*_search()],
        models=run.facts["models"],
        meanings={
            name: metric.meaning
            for name, metric in run.compared.metrics["candidate"].items()
        },
        plots=[*_plots(run)],
        thresholds=threshold_table(run),
        chosen=getattr(run.decision, "threshold", None),
        currency=run.currency,
        slices=_slices(run),
        explained=_explained(run),
        residuals=_residuals(run),
        worst=worst_rows(run),
        occlusion=_occlusion(run),
        classes=run.categories,
        learning=_learning(run),
        columns=data_summary(run),
        rows={"train": len(run.train.rows), "test": len(run.test.rows)},
        details=_details(run),
        origin=_origin(run),
    )


def _candidates(run: Run[Any, Any]) -> dict[str, Any]:
    """Return the candidates' validation metrics, and how one was chosen."""
    manifest = run.candidate.manifest
    found = run.facts["candidates"]
    note = manifest.notes.get("candidate", manifest.name)
    return {"metrics": found, "chosen": note, "name": manifest.name}


def _search() -> Iterator[dict[str, str]]:
    """Yield the plots of the last `make tune` as addresses of pictures."""
    for name, alt in SEARCH.items():
        path = TUNING / f"{name}.svg"
        if path.exists():
            held = base64.b64encode(path.read_bytes()).decode()
            yield {"alt": alt, "address": f"data:image/svg+xml;base64,{held}"}


def _plots(run: Run[Any, Any]) -> Iterator[dict[str, str]]:
    """Yield the plots of the user's report.py."""
    for name, figure in run.figures.items():
        if name not in LIBRARY:
            yield {"name": name, "svg": inline(name, figure)}


def _slices(run: Run[Any, Any]) -> dict[str, Any] | None:
    """Return the slices, the worst first, as a chart and a table."""
    metric = run.params.gate.metric
    found = {
        f"{column} = {value}": {"rows": each["rows"], **each[metric]}
        for column, values in run.facts["slices"].items()
        for value, each in values.items()
    }
    if not found:
        return None
    sign = 1 if run.metric.greater_is_better else -1
    order = sorted(found, key=lambda name: sign * found[name]["value"])[:SLICES]
    worst = {name: found[name] for name in order}
    whole = run.facts["models"]["candidate"][metric]["value"]
    figure = interval_chart(worst, metric, whole)
    alt = f"{metric} with its interval by slice, the worst first: {order[0]}"
    return {"svg": inline("slices", figure, alt), "table": worst, "metric": metric}


def _explained(run: Run[Any, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "svg": inline(name, run.figures[name])}
        for name in LIBRARY
        if name in run.figures
    ]


def _residuals(run: Run[Any, Any]) -> str:
    """Return the plot of residuals; empty for classes."""
    if run.categories:
        return ""
    alt = "Quantiles of the residuals over the predicted value"
    return inline("residuals-spread", residual_plot(run), alt)


def _occlusion(run: Run[Any, Any]) -> str:
    """Return the occlusion maps of some pictures; empty without pictures."""
    figure = occlusion_plot(run)
    alt = "Test pictures, with the parts marked that their answers rest on"
    return inline("occlusion", figure, alt) if figure else ""


def _learning(run: Run[Any, Any]) -> dict[str, Any] | None:
    points, metric = learning_curve(run), run.params.gate.metric
    if not points:
        return None
    alt = f"{metric} on the test rows over the number of training rows"
    return {
        "points": points,
        "svg": inline("learning", learning_plot(points, metric), alt),
        "answer": answer(points, bool(run.metric.greater_is_better)),
    }


def _details(run: Run[Any, Any]) -> list[dict[str, Any]]:
    """Return the tables of the user's report.py."""
    return [
        {"title": title, "head": [*rows[0]] if rows else [], "rows": rows}
        for title, rows in run.facts["details"].items()
        if not title.startswith(DERIVED)
    ]


def _origin(run: Run[Any, Any]) -> Iterable[tuple[str, Any]]:
    manifest = run.candidate.manifest
    yield "model", f"{manifest.name}, version {manifest.model_version}"
    yield "trained", f"{manifest.created:%Y-%m-%d %H:%M} UTC"
    yield "code revision", manifest.revision
    yield "training data, SHA-256", manifest.data_sha256
    yield "MLflow run", manifest.run_id
    yield "decision", manifest.decision
    yield from manifest.notes.items()
    yield from manifest.versions.items()
