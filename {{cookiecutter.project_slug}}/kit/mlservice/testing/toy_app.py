"""Any service with a toy model: a predictor, and a client of its application."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient

from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.service import Service
from mlservice.serving.app import create_app
from mlservice.serving.extension import Extend, no_endpoints
from mlservice.serving.settings import Settings
from mlservice.testing.toy_models import save_toy


@contextmanager
def toy_folder(service: Service[Any, Any]) -> Iterator[Path]:
    """Save a toy model in a temporary folder; give the folder."""
    with TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        save_toy(service, model)
        yield model


def toy_predictor(service: Service[Any, Any]) -> Predictor[Any, Any]:
    """Return a predictor with a toy model."""
    with toy_folder(service) as model:
        return Predictor(service, artifact.load(service, model))


@contextmanager
def toy_client(
    service: Service[Any, Any], extend: Extend = no_endpoints, **settings: Any
) -> Iterator[TestClient]:
    """Start the application with a toy model; give a client. Settings are by name."""
    with toy_folder(service) as model:
        given = {"model_dir": model} | settings
        with TestClient(create_app(service, Settings(**given), extend)) as client:
            yield client
