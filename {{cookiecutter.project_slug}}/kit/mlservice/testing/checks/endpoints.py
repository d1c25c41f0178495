"""Checks of the other endpoints: documentation, model, readiness, metrics."""

import re
from tempfile import TemporaryDirectory
from typing import Any

from mlservice.service import Service
from mlservice.serving.messages import Refusal, response_of
from mlservice.testing.toy_app import toy_client, toy_predictor

REFUSALS = {"413", "415", "422", "503"}
ELSEWHERE = re.compile(r"(?:https?:)?//(?!127\.0\.0\.1)[\w.]+\.\w")
LINK = re.compile(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""")


def check_documented_example_is_accepted(service: Service[Any, Any]) -> None:
    """Check that the example of the OpenAPI document is answered."""
    with toy_client(service) as client:
        post = client.get("/openapi.json").json()["paths"]["/predict"]["post"]
        example = post["requestBody"]["content"]["application/json"]["example"]
        answer = client.post("/predict", json=example)
    assert answer.status_code == 200, answer.text
    response_of(service).model_validate_json(answer.content)


def check_every_column_is_documented(service: Service[Any, Any]) -> None:
    """Check that the OpenAPI document has each column's meaning and example."""
    post = _document(service)["paths"]["/predict"]["post"]
    content = post["requestBody"]["content"]["application/json"]
    row = content["schema"]["properties"]["instances"]["items"]
    assert list(row["properties"]) == [f.column for f in service.features]
    required = [f.column for f in service.features if not f.optional]
    assert row.get("required", []) == required
    assert row["additionalProperties"] is False
    for feature in service.features:
        described = row["properties"][feature.column]
        assert described.get("description") == feature.meaning
        assert described.get("examples") == [feature.example]


def check_every_body_is_documented(service: Service[Any, Any]) -> None:
    """Check that the OpenAPI document has every kind of body, and every refusal."""
    post = _document(service)["paths"]["/predict"]["post"]
    assert {"application/json", *service.bodies} == set(post["requestBody"]["content"])
    assert REFUSALS <= set(post["responses"])


def check_documentation_needs_no_network(service: Service[Any, Any]) -> None:
    """Check that the page of the documentation loads nothing from elsewhere."""
    with toy_client(service) as client:
        answer = client.get("/docs")
        assert answer.status_code == 200, answer.text
        assert not ELSEWHERE.search(answer.text)
        for link in LINK.findall(answer.text):
            assert client.get(link).status_code == 200, link


def check_model_is_described(service: Service[Any, Any]) -> None:
    """Check that /model gives the version, the target and every column."""
    with toy_client(service) as client:
        found = client.get("/model").json()
    assert found["model_version"] == toy_predictor(service).version
    assert found["target"]["column"] == service.target.column
    columns = [feature["column"] for feature in found["features"]]
    assert columns == [feature.column for feature in service.features]


def check_service_is_ready_with_a_model(service: Service[Any, Any]) -> None:
    """Check that with a model the service is ready, and gives its version."""
    with toy_client(service) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.json()["model_version"] == toy_predictor(service).version


def check_service_without_a_model_is_not_ready(service: Service[Any, Any]) -> None:
    """Check that a service without a model answers 503 with Retry-After."""
    with TemporaryDirectory() as empty, toy_client(service, model_dir=empty) as client:
        assert client.get("/healthz").status_code == 200
        for answer in (
            client.get("/readyz"),
            client.get("/model"),
            client.post("/predict", json={"instances": [service.example]}),
        ):
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 0
            Refusal.model_validate_json(answer.content)


def check_predictions_are_counted_by_label(service: Service[Any, Any]) -> None:
    """Check that /metrics counts predictions by the service's label."""
    with toy_client(service) as client:
        client.post("/predict", json={"instances": [service.example] * 3})
        text = client.get("/metrics").text
    (prediction,) = toy_predictor(service).predict(
        [service.instance.model_validate(service.example)]
    )
    label = service.label_of(prediction)
    label = label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    assert 'predictions_total{label="' + label + '"} 3.0' in text


def _document(service: Service[Any, Any]) -> dict[str, Any]:
    with toy_client(service) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
        return found
