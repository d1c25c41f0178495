"""Deployment files of a project, and the service that they deploy."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI

from mlservice.service import Service
from mlservice.serving.app import create_app
from mlservice.serving.extension import Extend, no_endpoints
from mlservice.serving.settings import Settings

PORT = re.compile(r"SERVE_PORT=(\d+)")


@dataclass(frozen=True)
class Deployment:
    """A service, the folder of its project, and endpoints that the project adds."""

    service: Service[Any, Any]
    root: Path
    extend: Extend = no_endpoints

    def text(self, path: str) -> str:
        """Read a text file of the project."""
        return (self.root / path).read_text(encoding="utf-8")

    def yaml(self, path: str) -> Any:
        """Read a YAML file of the project."""
        return yaml.safe_load(self.text(path))

    def json(self, path: str) -> Any:
        """Read a JSON file of the project."""
        return json.loads(self.text(path))

    def image_port(self) -> int:
        """Return the port on which the image serves."""
        (port,) = PORT.findall(self.text("Dockerfile"))
        return int(port)

    def app(self, settings: Settings) -> FastAPI:
        """Build the application of the service."""
        return create_app(self.service, settings, self.extend)

    def routes(self) -> dict[str, Any]:
        """Return the paths of the service's OpenAPI document."""
        paths: dict[str, Any] = self.app(Settings()).openapi()["paths"]
        return paths


Check = Callable[[Deployment], None]  # raises AssertionError; its name says what holds
