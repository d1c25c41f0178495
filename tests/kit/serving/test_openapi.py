"""The documentation that the service gives of itself is true and needs no network."""

import re

import pytest
from mlservice.serving.messages import (
    Refusal,
    response_of,
)
from toys.classification import SERVICE

FEATURES = SERVICE.features

LINK = re.compile(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""")


@pytest.fixture
def document(client):
    """The OpenAPI document."""
    return client.get("/openapi.json").json()


@pytest.fixture
def body(document):
    """What the document says of the body of POST /predict."""
    request = document["paths"]["/predict"]["post"]["requestBody"]
    return request["content"]["application/json"]


def test_the_page_needs_nothing_from_elsewhere(client):
    html = client.get("/docs").text
    links = LINK.findall(html)
    assert len(links) >= 3
    assert not re.search(r"(?:https?:)?//(?!127\.0\.0\.1)[\w.]+\.\w", html)
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_document_describes_what_is_answered(document):
    described = document["components"]["schemas"]["PredictResponse"]
    assert described["description"] == "One prediction for each instance, in their order."
    answer = document["paths"]["/model"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["type"] == "object"


def test_the_document_s_example_is_accepted(client, body):
    answer = client.post("/predict", json=body["example"])
    assert answer.status_code == 200
    response_of(SERVICE).model_validate_json(answer.content)


def test_the_document_describes_every_feature(body):
    row = body["schema"]["properties"]["instances"]["items"]
    assert list(row["properties"]) == [feature.column for feature in FEATURES]
    assert row["required"] == [feature.column for feature in FEATURES if not feature.optional]
    assert row["additionalProperties"] is False
    for feature in FEATURES:
        described = row["properties"][feature.column]
        assert described["description"] == feature.meaning
        assert described["examples"] == [feature.example]


def test_the_document_tells_the_limit_that_is_set(serving):
    with serving(max_instances=3) as client:
        path = client.get("/openapi.json").json()["paths"]["/predict"]["post"]
    schema = path["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["instances"]["maxItems"] == 3
    assert {"200", "413", "415", "422", "503"} <= set(path["responses"])


def test_refusals_have_the_documented_shape(client, serving, tmp_path):
    answers = [
        client.post("/predict", content=b"{}"),
        client.post("/predict", content=b"{}", headers={"content-type": "text/plain"}),
        client.get("/no/such/path"),
    ]
    with serving(model_dir=tmp_path) as without:
        answers.append(without.get("/readyz"))
    assert [answer.status_code for answer in answers] == [422, 415, 404, 503]
    for answer in answers:
        Refusal.model_validate_json(answer.content)


def test_every_reference_in_the_document_resolves(document):
    known = document["components"]["schemas"]
    names = re.findall(r"'#/components/schemas/(\w+)'", str(document))
    assert names and set(names) <= set(known)
    assert "$defs" not in str(document)
