"""A server holds none of training's packages: they would double its memory and its start."""

import json
import subprocess
import sys

import pytest

from toys import SERVICES
from toys.explained import save_explained

HEAVY = {"matplotlib", "mlflow", "pandas", "pyarrow", "scipy", "shap", "sklearn", "skops", "torch"}
SERVE = """
import json, sys
from pathlib import Path
from fastapi.testclient import TestClient
from mlservice.serving.app import create_app
from mlservice.serving.settings import Settings
from toys import SERVICES

service, folder = SERVICES[sys.argv[1]], Path(sys.argv[2])
with TestClient(create_app(service, Settings(model_dir=folder, explain=True))) as client:
    answer = client.post("/predict", json={"instances": [service.example], "explain": service.task != "image"})
    assert ("contributions" in answer.text) == (service.task != "image")
    metrics, page = client.get("/metrics"), client.get("/model")
    assert (answer.status_code, metrics.status_code, page.status_code) == (200, 200, 200), answer.text
print(json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""


def modules(*command):
    """Return the names of the top-level modules that a script has loaded at its end."""
    done = subprocess.run(
        (sys.executable, "-c", *command),
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("task", SERVICES)
def test_a_server_that_has_answered_holds_no_package_of_training(task, tmp_path):
    save_explained(SERVICES[task], tmp_path)
    loaded = modules(SERVE, task, str(tmp_path))
    assert {"fastapi", "mlservice", "numpy", "onnxruntime"} <= loaded
    assert loaded & HEAVY == set()


def test_a_package_of_training_would_be_seen(tmp_path):
    save_explained(SERVICES["regression"], tmp_path)
    assert "pyarrow" in modules(f"import pyarrow\n{SERVE}", "regression", str(tmp_path))
