"""The first screen of the report: verdict, target, worth, origin."""

from typing import Any

from mlservice.evaluation.pages.interval_chart import interval_chart
from mlservice.evaluation.pages.run import Run
from mlservice.evaluation.pages.svg import inline
from mlservice.evaluation.pages.thresholds import flagged_right, worth

MODELS = ("candidate", "baseline", "champion", "trivial")  # in this order


def first_screen(run: Run[Any, Any]) -> dict[str, Any]:
    """Return the values that the first screen and the summary show."""
    service, manifest = run.training.service, run.candidate.manifest
    gate = run.facts["gate"]
    metric = gate["metric"]
    models = run.facts["models"]
    found = {name: models[name][metric] for name in MODELS if name in models}
    unit = run.unit_of(metric)
    return {
        "name": service.name,
        "target": service.target.column,
        "meaning": service.target.meaning,
        "passed": gate["passed"],
        "reason": gate["reason"],
        "metric": metric,
        "metric_meaning": run.metric.meaning,
        "better": "more" if run.metric.greater_is_better else "less",
        "unit": unit,
        "values": found,
        "gains": gate["gains"],
        "svg": _picture(metric, unit, found),
        "worth": worth(run),
        "currency": run.currency,
        "right": flagged_right(run),
        "positive": run.categories[-1] if run.categories else "",
        "shares": _shares(run),
        "rows": run.facts["rows"],
        "trained": f"{manifest.created:%Y-%m-%d %H:%M} UTC",
        "version": manifest.model_version,
        "data": manifest.data_sha256[:12] or "unknown",
        "revision": manifest.revision or "unknown",
    }


def _picture(metric: str, unit: str, found: dict[str, dict[str, float]]) -> str:
    label = f"{metric}, {unit}" if unit else metric
    values = ", ".join(f"{name} {each['value']:.4g}" for name, each in found.items())
    chart = interval_chart(found, label, found["candidate"]["value"])
    return inline("rivals", chart, f"{label} of each model: {values}")


def _shares(run: Run[Any, Any]) -> list[tuple[str, float]]:
    """Return how many of 100 answers are right, where the metrics say so."""
    known = run.facts["models"]["candidate"]
    wording = {
        "accuracy": "answers name the right class",
        "unaided_accuracy": "answers that no person checks are right",
        "coverage": "intervals hold the true value",
    }
    return [
        (text, 100 * known[name]["value"])
        for name, text in wording.items()
        if name in known
    ]
