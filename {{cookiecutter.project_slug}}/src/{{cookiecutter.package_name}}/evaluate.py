"""The gate: a candidate ships only if it beats the baseline, and beats it surely.

The test rows are judged through the ONNX files that would be served. The interval of
the gain must lie above `gate.min_gain` against the baseline and against the trivial
model; against the champion the candidate must not be surely worse.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

from . import (
    NAME,
    artifact,
    data,
    details,
    intervals,
    metrics,
    model,
    plots,
    report,
    tracking,
)
from .artifact import Artifact, ArtifactError
from .config import BASELINE, CANDIDATE, CURRENT, REPORTS
from .errors import UserError, run
from .export import fitted_scores
from .intervals import Interval, Metric, Scores
from .params import Gate, Params
from .parts import Part
from .prediction import Decision

SHIP_BASELINE = "ship the baseline"


@dataclass(frozen=True)
class Verdict:
    """What the gate decided, and on which evidence."""

    metric: str
    gains: dict[str, Interval]  # over each rival
    passed: bool
    reason: str


def judge(
    test: Part,
    scores: dict[str, Scores],
    measures: dict[str, dict[str, Metric]],
    gate: Gate,
) -> Verdict:
    """Compare the candidate with every other model; `scores` (n, outputs) are by name.

    `measures` are by name, too: a cost depends on the decision that each model has.
    """
    ours, metric = scores["candidate"], measures["candidate"][gate.metric]
    gains = {
        name: intervals.gain(
            metric, test, ours, rival, gate, theirs=measures[name][gate.metric]
        )
        for name, rival in scores.items()
        if name != "candidate"
    }
    for name, gain in gains.items():
        shown = f"{gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"
        if name == "champion" and gain.high < 0:
            reason = f"worse than the champion by {shown}: keep the champion"
            return Verdict(gate.metric, gains, False, reason)
        if name != "champion" and not gain.low > gate.min_gain:
            reason = f"the gain over the {name} model, {shown}, is not surely above "
            reason += f"{gate.min_gain:g}: {SHIP_BASELINE}"
            return Verdict(gate.metric, gains, False, reason)
    return Verdict(gate.metric, gains, True, "the candidate beats every rival: ship it")


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
    fitted = model.trivial().fit(train.matrix, train.target)
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
    _check_gate(params.gate, measures["candidate"], test)
    verdict = judge(test, scores, measures, params.gate)
    measured = report.measure(test, scores, measures, params.gate)
    tables = details.tables(
        test, scores["candidate"], decisions["candidate"], params.gate
    )
    facts = {"gate": asdict(verdict), **measured, "details": tables}
    figures = plots.draw(test, scores, decisions, params.decision)
    report.write(REPORTS, facts, candidate.manifest, figures)
    for name, figures in measured["models"].items():
        values = {metric: figure["value"] for metric, figure in figures.items()}
        tracking.log_metrics(values, f"test.{name}")
    return verdict


def _check_gate(gate: Gate, measures: dict[str, Metric], test: Part) -> None:
    known = [k for k, m in measures.items() if m.greater_is_better is not None]
    if gate.metric not in known:
        raise UserError(f"params.yaml: gate.metric is none of {', '.join(known)}")
    if unknown := set(gate.slices).difference(test.rows.columns):
        raise UserError(f"params.yaml: gate.slices: no column {', '.join(unknown)}")


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
