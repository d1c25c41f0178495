"""MLflow runs: parameters, metrics, plots, the model and its origin.

The store is `sqlite:///mlflow.db`, or any server that MLFLOW_TRACKING_URI names.
"""

import logging
import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
import onnx
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from requests import RequestException

from mlservice.arrays import Matrix
from mlservice.errors import UserError
from mlservice.model.manifests import FILE, Manifest
from mlservice.model.scorer import ONNX, OnnxScorer
from mlservice.proxies import exempt_loopback
from mlservice.training.mlflow_store import follow_folder

REQUIREMENTS = [f"onnxruntime=={version('onnxruntime')}"]


@contextmanager
def run(name: str, run_id: str | None = None) -> Iterator[str]:
    """Continue a run, or start a new one if none is given or the store has it not.

    Yield the id of the active run. A store of somebody else does not know our runs.
    """
    logging.getLogger("mlflow.store").setLevel(
        "CRITICAL"
    )  # its traces: see UserError below
    exempt_loopback()
    uri = os.environ.setdefault("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    os.environ.setdefault(
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2"
    )  # fail soon if it is gone
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")  # or hangs; else 120 s
    try:
        follow_folder(uri)
        mlflow.set_experiment(name)
        found = mlflow.search_runs(
            filter_string=f"attributes.run_id = '{run_id}'", output_format="list"
        )
        with mlflow.start_run(run_id=run_id if found else None) as active:
            yield str(active.info.run_id)
    except (MlflowException, RequestException, sqlite3.Error) as error:
        reason = str(error).splitlines()[0][:200]
        raise UserError(
            f"MLflow at {uri} refused ({reason}); start it, or unset "
            "MLFLOW_TRACKING_URI to use a local file"
        ) from error


def log_nested(
    name: str, metrics: Mapping[str, float], params: Mapping[str, Any] | None = None
) -> None:
    """Log metrics, and parameters, in a run of this name within the active run."""
    with mlflow.start_run(run_name=name, nested=True):
        mlflow.log_params(dict(params or {}))
        mlflow.log_metrics(dict(metrics))


def log_params(
    params: Mapping[str, Mapping[str, Any]], origin: Mapping[str, Any]
) -> None:
    """Log every parameter as `section.name`, and the origin of the model as tags."""
    mlflow.log_params(
        {f"{section}.{k}": v for section, of in params.items() for k, v in of.items()}
    )
    mlflow.set_tags({name: str(value) for name, value in origin.items()})


def log_metrics(metrics: Mapping[str, float], prefix: str) -> None:
    """Log metrics as `prefix.name`."""
    mlflow.log_metrics({f"{prefix}.{name}": value for name, value in metrics.items()})


def log_gate(passed: bool, reason: str, reports: Path) -> None:
    """Log the verdict of the gate, and the files of the report."""
    mlflow.set_tags({"gate": "passed" if passed else "refused", "gate.reason": reason})
    mlflow.log_artifacts(str(reports), "reports")


def register(name: str, folder: Path, matrix: Matrix) -> None:
    """Register the model in `folder` as a new version, an ONNX file with its signature.

    All files of the artifact are logged with it: a service fetches and verifies them.
    Of other files than ONNX, MLflow keeps the bytes and knows no way to run them.
    """
    manifest = Manifest.model_validate_json((folder / FILE).read_bytes())
    onnx_file = manifest.model_file == ONNX
    logged: Any = (
        _log_onnx(name, (folder / ONNX).read_bytes(), matrix)
        if onnx_file
        else mlflow.initialize_logged_model(name="model")
    )
    client = mlflow.MlflowClient()
    for file in sorted(folder.iterdir()):  # their exact bytes: the manifest has hashes
        client.log_model_artifact(logged.model_id, str(file))
    if not onnx_file:
        mlflow.finalize_logged_model(logged.model_id, "READY")
        mlflow.register_model(f"models:/{logged.model_id}", name)


def _log_onnx(name: str, model: bytes, matrix: Matrix) -> Any:
    return mlflow.onnx.log_model(
        onnx.load_from_string(model),
        name="model",
        signature=infer_signature(matrix, OnnxScorer(model).run(matrix)),
        registered_model_name=name,
        pip_requirements=REQUIREMENTS,  # inferring them would take 10 s
    )


def set_champion(name: str, run_id: str) -> None:
    """Point the alias `champion` at the version that the run registered."""
    client = mlflow.MlflowClient()
    found = client.search_model_versions(f"run_id='{run_id}'")
    if not found:
        raise MlflowException(f"run {run_id} registered no model")
    client.set_registered_model_alias(name, "champion", found[0].version)
    print(f"champion: version {found[0].version} of {name}")


def revision() -> str:
    """Return the code's revision by `git describe`, `unknown` outside a repository."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of these packages."""
    return {package: version(package) for package in packages}


def log_test(models: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """Log the test metrics of each model, given as intervals by name."""
    for name, metrics in models.items():
        values = {metric: found["value"] for metric, found in metrics.items()}
        log_metrics(values, f"test.{name}")
