"""A container that holds no model of its own fetches the champion from MLflow."""

import os
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest

from {{ cookiecutter.package_name }} import (
    NAME,
    artifact,
    data,
    tracking,
)

ROOT = Path(__file__).parents[2]
CURRENT = ROOT / "models/current"

pytestmark = pytest.mark.docker


@pytest.fixture
def registry(tmp_path, free_port):
    """The address of an MLflow server that does not run yet, and what starts it."""
    command = f"{sys.executable} -m mlflow server --host 0.0.0.0 --port {free_port} "
    command += f"--workers 1 --backend-store-uri sqlite:///{tmp_path}/mlflow.db "
    command += f"--artifacts-destination {tmp_path}/artifacts --allowed-hosts *"
    quiet = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    started = []

    def start():
        with (tmp_path / "log").open("w", encoding="utf-8") as log:
            started.append(  # pylint: disable-next=consider-using-with  # ended below
                subprocess.Popen(command.split(), env=quiet, stdout=log, stderr=log)
            )

    yield free_port, start
    for process in started:
        process.terminate()
        process.wait()


def register_champion(monkeypatch, uri):
    """Register the model that is served, as `make pipeline` does against a server."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.chdir(ROOT)
    mlflow.set_tracking_uri(uri)
    with tracking.run() as run_id:
        tracking.register(CURRENT, data.read("validation").matrix[:100])
        tracking.set_champion(run_id)


def test_it_waits_for_the_registry_and_serves_its_champion(
    running, registry, here, monkeypatch
):
    port, start = registry
    options = [
        f"--add-host=mlflow:{here}",
        f"--env=MLFLOW_TRACKING_URI=http://mlflow:{port}",
        "--env=SERVE_MODEL_ALIAS=champion",
        "--env=SERVE_MODEL_DIR=/nowhere",
        "--env=SERVE_RETRY_AFTER_SECONDS=1",
    ]
    with running(*options) as container:
        container.wait_until(lambda: container.ask("/healthz")[0] == 200, "alive")
        status, answer = container.ask("/readyz")
        assert status == 503 and "no MLflow answers at" in answer["detail"]
        start()
        uri = f"http://127.0.0.1:{port}"
        container.wait_until(
            lambda: f"no {NAME}@champion" in container.ask("/readyz")[1]["detail"],
            "told that the registry is there, and empty",
        )
        register_champion(monkeypatch, uri)
        served = container.wait_until_ready()
    assert served == artifact.load(CURRENT).manifest.model_version
