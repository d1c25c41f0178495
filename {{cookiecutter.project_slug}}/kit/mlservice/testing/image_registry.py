"""Check of a container without a model: it fetches the champion from MLflow."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import mlflow
import pytest

from mlservice.model import artifact
from mlservice.paths import CURRENT
from mlservice.service import Service
from mlservice.testing.built_image import Check, Image
from mlservice.testing.container import engine_host
from mlservice.training import mlflow_run


def check_container_fetches_the_champion(image: Image) -> None:
    """Start before MLflow does: the container waits for the champion and serves it."""
    port, model = _free_port(), image.root / CURRENT
    options = [
        f"--add-host=mlflow:{_this_host()}",
        f"--env=MLFLOW_TRACKING_URI=http://mlflow:{port}",
        "--env=SERVE_MODEL_ALIAS=champion",
        "--env=SERVE_MODEL_DIR=/nowhere",
        "--env=SERVE_RETRY_AFTER_SECONDS=1",
    ]
    name = image.service.name
    with image.running(*options) as container, ExitStack() as stack:
        container.wait_until(lambda: container.request("/healthz")[0] == 200, "alive")
        status, answer = container.request("/readyz")
        assert status == 503 and "no MLflow answers at" in answer["detail"]
        stack.enter_context(_mlflow_server(port))
        container.wait_until(
            lambda: f"no {name}@champion" in container.request("/readyz")[1]["detail"],
            "refused by a registry without models",
        )
        _register(image.service, model, f"http://127.0.0.1:{port}")
        served = container.wait_until_ready()
    manifest = artifact.load(image.service, model).manifest
    assert served == manifest.model_version


def _register(service: Service[Any, Any], model: Path, uri: str) -> None:
    """Register a model as champion, as `make pipeline` does against a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        before = mlflow.get_tracking_uri()
        mlflow.set_tracking_uri(uri)
        try:
            with mlflow_run.run(service.name) as run_id:
                mlflow_run.register(service.name, model, service.encode_example())
                mlflow_run.set_champion(service.name, run_id)
        finally:
            mlflow.set_tracking_uri(before)


@contextmanager
def _mlflow_server(port: int) -> Iterator[None]:
    """Run an MLflow server with an empty store, which every network can reach."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "0.0.0.0"]
        command += ["--port", str(port), "--workers", "1", "--allowed-hosts", "*"]
        command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
        command += ["--artifacts-destination", f"{folder}/artifacts"]
        quiet = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        with (Path(folder) / "log").open("w", encoding="utf-8") as log:
            with subprocess.Popen(command, env=quiet, stdout=log, stderr=log) as server:
                try:
                    yield
                finally:
                    server.terminate()


def _this_host() -> str:
    """Return the address by which a container reaches this machine."""
    host = engine_host()
    if host == "127.0.0.1":
        return "host-gateway"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((host, 9))  # sends nothing: it only looks up the route
        return str(probe.getsockname()[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CHECKS: list[Check] = [check_container_fetches_the_champion]
