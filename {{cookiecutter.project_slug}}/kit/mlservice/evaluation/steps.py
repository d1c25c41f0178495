"""Judge the candidate on the test rows, report, and serve it if the gate says so.

The test rows are scored through the ONNX files that would be served.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from . import (
    NAME,
    artifact,
    data,
    details,
    gate,
    metrics,
    model,
    plots,
    report,
    tracking,
)
from mlservice.model.artifact import Artifact, ArtifactError
from mlservice.params import BASELINE, CANDIDATE, CURRENT, REPORTS
from mlservice.errors import UserError, run
from mlservice.model.onnx_export import fitted_scores
from mlservice.evaluation.gate import Verdict
from mlservice.evaluation.bootstrap import Scores
from mlservice.evaluation.slices import measure
from .params import Params
from mlservice.data.dataset import Part
from .prediction import Decision


def champion() -> Artifact | None:
    """Load the served model; None where there is none that fits the schema of today."""
    try:
        return artifact.load(CURRENT)
    except ArtifactError as error:
        known = CURRENT.exists()
        print(f"champion not compared: {error}" if known else "no champion yet")
        return None


def compare(
    params: Params, test: Part, candidate: Artifact
) -> tuple[dict[str, Scores], dict[str, Decision]]:
    """Score the test rows with each model; return scores and decisions by model."""
    models = {"candidate": candidate, "baseline": artifact.load(BASELINE)}
    if (served := champion()) is not None:
        models["champion"] = served
    scores = {name: known.scorer.run(test.matrix) for name, known in models.items()}
    decisions = {name: known.manifest.decision for name, known in models.items()}
    scores["trivial"], decisions["trivial"] = _trivial(params, test)
    return scores, decisions


def _trivial(params: Params, test: Part) -> tuple[Scores, Decision]:
    """Score the test rows by the rival that looks at no feature; it never ships."""
    train = data.read("train")
    fitted = model.trivial(params.train).fit(train.matrix, train.target)
    known = fitted_scores(fitted, train.matrix)
    decision = metrics.choose_decision(train.target, known, params.decision)
    return fitted_scores(fitted, test.matrix), decision


def evaluate(params: Params, test: Part, candidate: Artifact) -> Verdict:
    """Judge the candidate on the test rows, write the reports and log the figures."""
    if not metrics.enough(test):
        raise UserError(f"too few test rows ({metrics.NEEDED}); bring more rows")
    scores, decisions = compare(params, test, candidate)
    measures = {
        name: metrics.metrics_for(params.decision, decision)
        for name, decision in decisions.items()
    }
    gate.check(params.gate, measures["candidate"], test)
    verdict = gate.judge(test, scores, measures, params.gate)
    measured = measure(test, scores, measures, params.gate)
    tables = details.tables(
        test, scores["candidate"], decisions["candidate"], params.gate
    )
    facts = {"gate": asdict(verdict), **measured, "details": tables}
    pictures = plots.draw(test, scores, decisions, params.decision)
    report.write(REPORTS, facts, candidate.manifest, pictures)
    for name, figures in measured["models"].items():
        values = {metric: figure["value"] for metric, figure in figures.items()}
        tracking.log_metrics(values, f"test.{name}")
    return verdict


def ship(folder: Path, run_id: str) -> None:
    """Serve the model in `folder` from now on."""
    artifact.promote(folder, CURRENT)
    if folder == CANDIDATE:
        print(f"champion: version {tracking.set_champion(run_id)} of {NAME}")
    print(f"{folder} → {CURRENT}: this model is served from now on")


def main() -> int:
    """Evaluate the candidate; exit 1 if it must not ship."""
    parser = argparse.ArgumentParser(description="Let the candidate through, or not.")
    parser.add_argument(
        "--ship-baseline", action="store_true", help="serve the baseline instead"
    )
    if parser.parse_args().ship_baseline:
        ship(BASELINE, "")
        return 0
    params = Params.load()
    candidate = artifact.load(CANDIDATE)
    with tracking.run(candidate.manifest.run_id) as run_id:
        test = data.read("test")
        verdict = evaluate(params, test, candidate)
        tracking.log_gate(verdict.passed, verdict.reason, REPORTS)
        for name, gain in verdict.gains.items():
            print(f"{verdict.metric} gain over the {name}: {gain.value:+.4f}", end=" ")
            print(f"[{gain.low:+.4f}, {gain.high:+.4f}]")
        print(verdict.reason)
        if verdict.passed:
            if run_id != candidate.manifest.run_id:  # trained elsewhere, and pulled
                tracking.register(CANDIDATE, test.matrix)
            ship(CANDIDATE, run_id)
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    run(main)
