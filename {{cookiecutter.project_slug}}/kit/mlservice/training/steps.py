"""Steps of training: fit, validate, export with a check, store."""

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from mlservice.data.dataset import Dataset
from mlservice.model import artifact, onnx_export
from mlservice.model.scorer import ONNX
from mlservice.paths import CANDIDATES, MODELS, SPLITS
from mlservice.service import D, Service
from mlservice.training import explanations, mlflow_run
from mlservice.training_spec import Q, Training

MANY = 200_000  # rows, below which several threads mostly wait for each other


def parse_arguments() -> None:
    """Accept `--help` and refuse every other argument of the command line."""
    argparse.ArgumentParser(
        description="Fit the baseline and the candidates."
    ).parse_args()


def origin(packages: Iterable[str]) -> dict[str, Any]:
    """Return the origin of a model: hash of the data, code revision, libraries."""
    return {
        "data_sha256": hashlib.sha256(SPLITS["train"].read_bytes()).hexdigest(),
        "revision": mlflow_run.revision(),
        "versions": mlflow_run.versions(packages),
    }


def fit(name: str, estimator: Any, train: Dataset) -> Any:
    """Fit an estimator, on one thread if there are few rows; return it."""
    print(f"fitting the {name} on {len(train.rows)} rows …", flush=True)
    with threadpool_limits(limits=None if len(train.rows) > MANY else 1):
        fitted = estimator.fit(train.matrix, train.target)
    for choice, note in notes_of(fitted).items():
        print(f"  {choice}: {note}")
    return fitted


def notes_of(estimator: Any) -> dict[str, str]:
    """Return what an estimator says of its choices: its `notes_`, if it has any."""
    return dict(getattr(estimator, "notes_", {}))


def validate(
    training: Training[Q, D], estimator: Any, validation: Dataset, params: Any
) -> tuple[D, dict[str, float]]:
    """Choose the decision on the validation rows; return it with every metric there."""
    scores = onnx_export.fitted_scores(estimator, validation.matrix)
    decision = training.choose_decision(validation.target, scores, params.decision)
    metrics = training.metrics(params.decision, decision)
    return decision, {
        name: metric.compute(validation.target, scores)
        for name, metric in metrics.items()
    }


def folder_of(name: str) -> Path:
    """Return the folder of a model: of the baseline, of a sole or a named candidate."""
    alone = name in ("baseline", "candidate")
    return (MODELS if alone else CANDIDATES) / name


def store(
    service: Service[Any, D],
    name: str,
    estimator: Any,
    test: Dataset,
    metrics: dict[str, float],
    **facts: Any,
) -> None:
    """Export a fitted estimator, check the export on the test rows, save the artifact.

    What explains its scores is saved with it, if that is known: see `explanations`.
    `metrics` are those of the validation rows; `facts` are further manifest fields.
    """
    file, exported = onnx_export.stored_form(estimator, test.matrix.shape[1])
    folder = folder_of(name)
    scorer = artifact.start(service, file, exported, str(folder))
    share = onnx_export.agreement(estimator, scorer, test.matrix)
    form = "ONNX" if file == ONNX else file
    print(f"  {form} agrees with it on {share:.1%} of the test rows → {folder}")
    print("  validation:", ", ".join(f"{k} {v:.4f}" for k, v in metrics.items()))
    facts = {"notes": notes_of(estimator), "model_file": file, **facts}
    files = explanations.files_of(service, estimator, test.matrix)
    artifact.save(service, folder, exported, files, name=name, metrics=metrics, **facts)
