"""Fetch the model of an alias in MLflow's registry, over plain HTTP.

MLflow's own client would add 300 MB to the image; two requests and a few files do not
need it (https://mlflow.org/docs/latest/api_reference/rest-api.html).
"""

import base64
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, IncompleteRead
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mlservice.model import artifact
from mlservice.model.artifact import Artifact, ArtifactError
from mlservice.proxies import exempt_loopback
from mlservice.service import Service

TIMEOUT = 5  # seconds of silence
LONGEST = 60  # seconds for one file: a slow server must not block us for ever


def fetch(
    service: Service[Any, Any],
    alias: str,
    environment: Mapping[str, str] = os.environ,
) -> Artifact:
    """Fetch and verify the model; raise ArtifactError if it must not be served.

    `environment` holds MLFLOW_TRACKING_URI and, where the server asks for them,
    MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
    """
    exempt_loopback()
    server = environment.get("MLFLOW_TRACKING_URI", "").rstrip("/")
    if not server.startswith(("http://", "https://")):
        raise ArtifactError(
            f"SERVE_MODEL_ALIAS={alias} needs MLFLOW_TRACKING_URI to name a server, "
            f"http://… or https://…, not {server or 'nothing'}"
        )
    api, headers = f"{server}/api/2.0", _authorization(environment)
    name = service.name
    try:
        folder = _folder(f"{api}/mlflow", name, alias, headers)
        url = f"{api}/mlflow-artifacts/artifacts/{quote(folder)}"
        return artifact.verify(
            service, lambda file: _get(f"{url}/{file}", headers), f"{name}@{alias}"
        )
    except urllib.error.HTTPError as error:
        raise ArtifactError(
            f"{server} has no {name}@{alias}, or does not hand it out ({error.code} "
            f"{error.reason}); run `make pipeline` against that server"
        ) from error
    except (OSError, HTTPException, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"no MLflow answers at {server} ({error})") from error


def _folder(api: str, name: str, alias: str, headers: dict[str, str]) -> str:
    """Return the server's path of the files of the version that has the alias."""
    names = urlencode({"name": name, "alias": alias})
    found = json.loads(_get(f"{api}/registered-models/alias?{names}", headers))
    version = found["model_version"]["version"]
    names = urlencode({"name": name, "version": version})
    where = f"{api}/model-versions/get-download-uri?{names}"
    uri = urlsplit(json.loads(_get(where, headers))["artifact_uri"])
    if uri.scheme != "mlflow-artifacts":
        raise ArtifactError(
            f"version {version} of {name} lies in {uri.geturl()}, which {api} does not "
            "hand out; start it with --serve-artifacts, and register the model anew"
        )
    return str(uri.path).strip("/")


def _get(url: str, headers: dict[str, str]) -> bytes:
    request = urllib.request.Request(url, headers=headers)
    content, end = bytearray(), time.monotonic() + LONGEST
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        while chunk := answer.read1():
            content += chunk
            if time.monotonic() > end:
                raise TimeoutError(f"more than {LONGEST} s for one file")
        if answer.length:  # bytes that are missing
            raise IncompleteRead(bytes(content), answer.length)
    return bytes(content)


def _authorization(environment: Mapping[str, str]) -> dict[str, str]:
    if token := environment.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if user := environment.get("MLFLOW_TRACKING_USERNAME"):
        pair = f"{user}:{environment.get('MLFLOW_TRACKING_PASSWORD', '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}
