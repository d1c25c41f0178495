"""The service. README.md says what it predicts and how to start it."""

import os

NAME = "{{ cookiecutter.project_slug }}"  # of the service and of its model in MLflow
__version__ = "0.1.0"

# Two libraries report their use to their makers unless they are told not to before they
# are imported; this file runs before any of them.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
