"""The API as clients see it: the real model, and the endpoints of serve.py."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mlservice.serving.app import create_app
from mlservice.serving.messages import response_of
from mlservice.serving.settings import Settings

from {{ cookiecutter.package_name }} import serve

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def client(service, project):
    """A client of the application that `make serve` starts."""
    settings = Settings(model_dir=project / "models/current")
    with TestClient(create_app(service, settings, serve.extend)) as served:
        yield served


@pytest.fixture
def ask(client, service):
    """Return `ask(**change)`: the answer to the example, changed by column."""
    return lambda **change: client.post(
        "/predict", json={"instances": [service.example | change]}
    )


def test_the_request_of_the_readme_gets_the_prediction_of_the_model(
    client, service, predictor
):
    text = README.read_text(encoding="utf-8")
    (body,) = re.findall(r"-d '(\{.*?\})'\n", text, re.DOTALL)
    answer = client.post("/predict", json=json.loads(body))
    assert answer.status_code == 200
    found = response_of(service).model_validate_json(answer.content)
    instance = service.instance.model_validate(service.example)
    assert found.predictions == predictor.predict([instance])
    assert found.model_version == predictor.version


def test_a_value_that_may_be_missing_may_be_null(ask, service):
    for feature in service.features:
        if feature.nullable and feature.kind != "series":
            assert ask(**{feature.column: None}).status_code == 200, feature.column


def test_a_refusal_names_the_column_and_says_why(ask, service):
    for column in service.example:
        answer = ask(**{column: {"secret": 1}})
        assert answer.status_code == 422
        (fault,) = answer.json()["detail"]
        assert (fault["row"], fault["column"]) == (0, column)
        assert "secret" not in answer.text


@pytest.fixture(scope="module")
def own_endpoints(client, service):
    """The endpoints that serve.extend adds: methods by path."""
    known = create_app(service, Settings()).openapi()["paths"]
    every = client.get("/openapi.json").json()["paths"]
    return {path: methods for path, methods in every.items() if path not in known}


def test_an_endpoint_of_serve_answers(client, own_endpoints):
    for path, methods in own_endpoints.items():
        if "get" in methods and "{" not in path:
            assert client.get(path).status_code < 500, path


def test_an_endpoint_of_serve_needs_a_key_where_predictions_do(service, own_endpoints):
    locked = create_app(service, Settings(api_keys="k" * 32), serve.extend)
    for path, methods in own_endpoints.items():
        for method in methods:
            answer = TestClient(locked).request(method, path)
            assert answer.status_code == 401, path
