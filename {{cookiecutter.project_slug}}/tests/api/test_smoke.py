"""The real server with the real model, in a process of its own: `make smoke`."""

import json
import urllib.request
from pathlib import Path

import pytest
from mlservice.serving.messages import response_of
from mlservice.testing.server_process import running

ROOT = Path(__file__).parents[2]
PACKAGE = "{{ cookiecutter.package_name }}"


def ask(url, body=None):
    """Get a page, or post JSON to it; return the answer's bytes."""
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, body and json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


@pytest.mark.smoke
def test_the_service_starts_predicts_and_stops(service, tmp_path, capsys):
    log = tmp_path / "log"
    with running(PACKAGE, ROOT / "models/current", log) as port:
        url = f"http://127.0.0.1:{port}"
        paths = json.loads(ask(f"{url}/openapi.json"))["paths"]
        content = paths["/predict"]["post"]["requestBody"]["content"]
        answer = ask(f"{url}/predict", content["application/json"]["example"])
    body = response_of(service).model_validate_json(answer)
    with capsys.disabled():
        print(f"\nserved prediction: {body.model_dump_json()}")
    events = [json.loads(line)["event"] for line in log.open(encoding="utf-8")]
    assert "ready" in events and "stopped" in events
