"""The service's OpenAPI document is valid, and a client that is generated from it predicts."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mlservice.serving.app import create_app
from mlservice.serving.settings import Settings
from own_endpoints import ADMIN, KEY
from own_endpoints import extend as own
from toys import SERVICES, TASKS

PREDICT = Path(__file__).with_name("clients") / "generated.py"
SECRETS = {"api_keys": KEY, "admin_keys": ADMIN}
TWO_MEDIA_TYPES = pytest.mark.xfail(reason="a defect of openapi-python-client, its issue 1451", strict=True)


def run(command, **more):
    """Run a command; return what it prints, or fail with that."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.parametrize("more", [{}, SECRETS, SECRETS | {"extend": own}], ids=["open", "keys", "own endpoints"])
def test_the_document_is_valid_openapi(more, program, tmp_path):
    extend = {"extend": more["extend"]} if "extend" in more else {}
    settings = Settings(model_dir=tmp_path, **{name: more[name] for name in more if name != "extend"})
    for task in TASKS:
        answer = TestClient(create_app(SERVICES[task], settings, **extend)).get("/openapi.json")
        assert answer.json()["info"]["title"] == SERVICES[task].name
        (tmp_path / f"{task}.json").write_bytes(answer.content)
    printed = run([program("openapi-spec-validator"), *sorted(map(str, tmp_path.glob("*.json")))])
    assert printed.count("OK") == len(TASKS)


@pytest.fixture(scope="module", params=["classification", "forecasting", pytest.param("image", marks=TWO_MEDIA_TYPES)])
def served(request, started):
    """The name of a task, and a service of it that asks for keys."""
    with started(request.param, **SECRETS) as service:
        yield request.param, service


@pytest.fixture
def generated(served, program, tmp_path):
    """The folder of the client that is generated from the live document."""
    settings, folder = tmp_path / "settings.yml", tmp_path / "generated"
    settings.write_text("post_hooks: []", encoding="utf-8")  # nobody reads it: it needs no formatting
    words = ["generate", "--url", f"{served[1].url}/openapi.json", "--config", settings, "--output-path", folder]
    run([program("openapi-python-client"), *words, "--meta", "none", "--fail-on-warning"])
    return folder


def predicted(url, given):
    """Return the answer to a request that no client library wrote."""
    headers = {"Content-Type": "application/json", "X-API-Key": KEY}
    request = urllib.request.Request(f"{url}/predict", json.dumps(given).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_a_generated_client_predicts(served, generated, program):
    task, service = served
    given = {"instances": [SERVICES[task].example] * 2}
    python = Path(program("openapi-python-client")).with_name("python")  # has what its clients import
    printed = run([python, PREDICT, generated, service.url, KEY], input=json.dumps(given))
    answered, unknown, empty = map(json.loads, printed.splitlines())
    assert answered == [200, predicted(service.url, given)] and len(answered[1]["predictions"]) == 2
    assert unknown == [401, {"detail": "the key in the header X-API-Key is not known"}]
    assert empty[0] == 422 and [fault["column"] for fault in empty[1]["detail"]] == [None]
