"""Steps of evaluation: score every rival, write the report, ship a model.

The test rows are scored through the ONNX files that would be served.
"""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation import gate, importance, report
from mlservice.evaluation.comparison import Comparison
from mlservice.evaluation.gate import Verdict
from mlservice.evaluation.importance_plots import importance_plots
from mlservice.evaluation.pages.report_page import report_page
from mlservice.evaluation.pages.run import Run
from mlservice.evaluation.pages.summary_page import summary_page
from mlservice.evaluation.slices import Facts, measure
from mlservice.model import artifact
from mlservice.model.artifact import Artifact, ArtifactError
from mlservice.model.onnx_export import fitted_scores
from mlservice.paths import BASELINE, CANDIDATES, CURRENT, REPORTS
from mlservice.service import D, Service
from mlservice.training_spec import Q, Training


def ship_baseline_argument() -> bool:
    """Return whether the command line asks to serve the baseline instead."""
    parser = argparse.ArgumentParser(description="Let the candidate through, or not.")
    parser.add_argument(
        "--ship-baseline", action="store_true", help="serve the baseline instead"
    )
    return bool(parser.parse_args().ship_baseline)


def compare(
    training: Training[Q, D], params: Any, test: Dataset, candidate: Artifact
) -> Comparison[D]:
    """Score the test rows with the candidate and each rival.

    Raise UserError if the rows are too few or params.yaml names no metric or column.
    """
    if not training.enough(test):
        raise UserError(f"too few test rows ({training.needed}); bring more rows")
    service = training.service
    models = {"candidate": candidate, "baseline": artifact.load(service, BASELINE)}
    if (served := _champion(service)) is not None:
        models["champion"] = served
    scores: dict[str, Scores] = {
        name: model.scorer.run(test.matrix) for name, model in models.items()
    }
    decisions = {name: model.manifest.decision for name, model in models.items()}
    scores["trivial"], decisions["trivial"] = _trivial(training, params, test)
    metrics = {
        name: training.metrics(params.decision, decision)
        for name, decision in decisions.items()
    }
    gate.check(params.gate, metrics["candidate"], test)
    return Comparison(scores, decisions, metrics)


def _champion(service: Service[Any, Any]) -> Artifact | None:
    """Load the served model; return None if there is none for today's schema."""
    try:
        return artifact.load(service, CURRENT)
    except ArtifactError as error:
        known = CURRENT.exists()
        print(f"champion not compared: {error}" if known else "no champion yet")
        return None


def _trivial(training: Training[Q, D], params: Any, test: Dataset) -> tuple[Scores, D]:
    """Score the test rows with the trivial model, which never ships."""
    train = training.read("train")
    fitted = training.trivial(params.train).fit(train.matrix, train.target)
    known = fitted_scores(fitted, train.matrix)
    decision = training.choose_decision(train.target, known, params.decision)
    return fitted_scores(fitted, test.matrix), decision


def write_report(
    training: Training[Q, D],
    params: Any,
    test: Dataset,
    compared: Comparison[D],
    verdict: Verdict,
    candidate: Artifact,
) -> Facts:
    """Write metrics.json, model card, pages and plots; return the first."""
    facts, plots = _measured(training, params, test, compared, candidate)
    facts = {"gate": asdict(verdict), **facts}
    train = training.read("train")
    run = Run(training, params, train, test, compared, candidate, facts, plots)
    pages = {"report.html": report_page(run), "summary.html": summary_page(run)}
    manifest = candidate.manifest
    report.write(training.service, REPORTS, facts, manifest, plots, pages)
    return facts


def _measured(
    training: Training[Q, D],
    params: Any,
    test: Dataset,
    compared: Comparison[D],
    candidate: Artifact,
) -> tuple[Facts, dict[str, Figure]]:
    """Return metrics, tables and importance, and the plots by name."""
    scores, decisions = compared.scores, compared.decisions
    measured = measure(test, scores, compared.metrics, params.gate, training.enough)
    known = scores["candidate"], decisions["candidate"]
    tables = training.tables(test, *known, params.gate)
    plots = training.plots(test, scores, decisions, params.decision)
    explained, figures = _importance(training, params, test, compared, candidate)
    details = {**tables, **explained.pop("tables")}
    measured |= {"candidates": _candidates(training.service), "details": details}
    return {**measured, **explained}, {**plots, **figures}


def _importance(
    training: Training[Q, D],
    params: Any,
    test: Dataset,
    compared: Comparison[D],
    candidate: Artifact,
) -> tuple[Facts, dict[str, Figure]]:
    """Return importance and partial dependence of the columns, and their plots."""
    service, name = training.service, params.gate.metric
    metric = compared.metrics["candidate"][name]
    if len(service.encoding.blocks) < 2:  # there is nothing to compare
        return {"tables": {}}, {}
    worse = importance.permutation_importance(
        service, test, candidate.scorer, metric, params.gate
    )
    dependence = importance.partial_dependence(
        service, test, candidate.scorer, [*worse]
    )
    title = f"Importance: {name} if a column is permuted"
    facts = {"tables": {title: importance.as_rows(worse)}, "dependence": dependence}
    return facts, importance_plots(service, name, worse, dependence)


def _candidates(service: Service[Any, Any]) -> dict[str, dict[str, float]]:
    """Return the validation metrics of each candidate in `models/candidates`."""
    folders = sorted(path for path in CANDIDATES.glob("[!.]*") if path.is_dir())
    found = [artifact.load(service, folder).manifest for folder in folders]
    return {manifest.name: manifest.metrics for manifest in found}


def on_refusal(
    service: Service[Any, Any], params: Any, test: Dataset, compared: Comparison[Any]
) -> int:
    """Do what `gate.on_refusal` says when a candidate is refused; return the exit code.

    `ship_baseline` serves the baseline, unless the champion is significantly better.
    """
    if params.gate.on_refusal == "fail":
        return gate.REFUSED
    known = (test, compared.scores, compared.metrics, params.gate)
    champion = "champion" in compared.scores
    if champion and gate.gain_over("champion", "baseline", *known).high < 0:
        print("the champion is significantly better than the baseline, and stays")
    else:
        ship(service, BASELINE)
    return 0


def ship(service: Service[Any, Any], folder: Path) -> None:
    """Make the model in `folder` the served one."""
    artifact.promote(service, folder, CURRENT)
    print(f"{folder} → {CURRENT}: this model is served from now on")
