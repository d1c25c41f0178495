"""Steps of evaluation: score every rival, write the report, ship a model.

The test rows are scored through the ONNX files that would be served.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation import gate, report
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.gate import Verdict
from mlservice.evaluation.slices import Facts, measure
from mlservice.model import artifact
from mlservice.model.artifact import Artifact, ArtifactError
from mlservice.model.onnx_export import fitted_scores
from mlservice.paths import BASELINE, CURRENT, REPORTS
from mlservice.service import D, Service
from mlservice.training_spec import Q, Training


@dataclass(frozen=True)
class Comparison(Generic[D]):
    """The scores of each model on the test rows, its decision and its metrics."""

    scores: dict[str, Scores]  # (n, outputs) by model
    decisions: dict[str, D]
    metrics: dict[str, dict[str, Metric]]  # by model, then by name


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
    """Write metrics.json, model card, report and plots; return the first."""
    measured = measure(
        test, compared.scores, compared.metrics, params.gate, training.enough
    )
    tables = training.tables(
        test,
        compared.scores["candidate"],
        compared.decisions["candidate"],
        params.gate,
    )
    facts = {"gate": asdict(verdict), **measured, "details": tables}
    plots = training.plots(test, compared.scores, compared.decisions, params.decision)
    report.write(training.service, REPORTS, facts, candidate.manifest, plots)
    return facts


def ship(service: Service[Any, Any], folder: Path) -> None:
    """Make the model in `folder` the served one."""
    artifact.promote(service, folder, CURRENT)
    print(f"{folder} → {CURRENT}: this model is served from now on")
