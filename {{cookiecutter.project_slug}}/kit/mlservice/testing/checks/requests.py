"""Checks of `POST /predict`: the model's answer, or a refusal with its reason."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from mlservice.service import Service
from mlservice.serving.messages import response_of
from mlservice.testing.comparison import leaves, same
from mlservice.testing.rows import (
    UNKNOWN,
    Row,
    instances_of,
    valid_rows,
    without,
)
from mlservice.testing.toy_app import toy_client, toy_predictor

JSON = {"content-type": "application/json"}
SECRET = "secret-value"
FEW = 4  # rows of a request


def check_example_is_predicted(service: Service[Any, Any]) -> None:
    """Check that the example gets the model's prediction, in the documented shape."""
    with toy_client(service) as client:
        answer = _post(client, service.example)
    assert answer.status_code == 200, answer.text
    body = response_of(service).model_validate_json(answer.content)
    predictor = toy_predictor(service)
    instances = instances_of(service, [service.example])
    assert body.predictions == predictor.predict(instances)
    assert body.model_version == predictor.version


def check_predictions_keep_the_order(service: Service[Any, Any]) -> None:
    """Check that the predictions of a request come in the order of its instances."""
    rows = valid_rows(service)[: FEW * FEW]
    predictor = toy_predictor(service)
    alone = [predictor.predict([one])[0] for one in instances_of(service, rows)]
    with toy_client(service) as client:
        for given, expected in ((rows, alone), (rows[::-1], alone[::-1])):
            answer = _post(client, *given)
            assert answer.status_code == 200, answer.text
            body = response_of(service).model_validate_json(answer.content)
            found = [list(leaves(one.model_dump())) for one in body.predictions]
            assert same(found, [list(leaves(one.model_dump())) for one in expected])


def check_unknown_column_is_named(service: Service[Any, Any]) -> None:
    """Check that a column that nobody declared is refused by row and name."""
    with toy_client(service) as client:
        fault = _only_fault(client, service.example, service.example | {UNKNOWN: 1})
    assert (fault["row"], fault["column"]) == (1, UNKNOWN)


def check_absent_column_is_named(service: Service[Any, Any]) -> None:
    """Check that a required column that is not sent is named by row and name."""
    example, needed = service.example, (f for f in service.features if not f.optional)
    with toy_client(service) as client:
        for feature in needed:
            fault = _only_fault(client, example, without(example, feature.column))
            assert (fault["row"], fault["column"]) == (1, feature.column)


def check_column_that_is_left_out_is_null(service: Service[Any, Any]) -> None:
    """Check that a column that may be left out is predicted for as if it were null."""
    columns = [feature.column for feature in service.features if feature.optional]
    with toy_client(service) as client:
        for column in columns:
            null = service.example | {column: None}
            answer = _post(client, without(service.example, column), null)
            assert answer.status_code == 200, answer.text
            body = response_of(service).model_validate_json(answer.content)
            one, other = (list(leaves(each.model_dump())) for each in body.predictions)
            assert same(one, other), column


def check_wrong_type_is_named(service: Service[Any, Any]) -> None:
    """Check that a value of another type is named by row and column, with a message."""
    example = service.example
    with toy_client(service) as client:
        for column in example:
            fault = _only_fault(client, example, example | {column: {"a": 1}})
            assert (fault["row"], fault["column"]) == (1, column)
            assert fault["message"]


def check_refusal_holds_no_input(service: Service[Any, Any]) -> None:
    """Check that a refusal never repeats what was sent: it may be personal."""
    with toy_client(service) as client:
        for column in service.example:
            row = service.example | {column: {SECRET: SECRET}}
            answer = _post(client, row)
            assert answer.status_code == 422
            assert SECRET not in answer.text


def check_other_json_is_refused(service: Service[Any, Any]) -> None:
    """Check that a body of another shape, or none, gets 422 and a message."""
    with toy_client(service) as client:
        for body in (
            b"",
            b"{",
            b"null",
            b"[]",
            b"{}",
            b'{"instances": []}',
            b"[" * 9999,
        ):
            answer = client.post("/predict", content=body, headers=JSON)
            assert answer.status_code == 422, body
            assert answer.json()["detail"][0]["message"]


def check_large_body_is_refused(service: Service[Any, Any]) -> None:
    """Check that a body above the limit gets 413, with and without a length."""
    body = b" " * 101
    with toy_client(service, max_body_bytes=100) as client:
        for content in (body, iter([body])):
            answer = client.post("/predict", content=content, headers=JSON)
            assert answer.status_code == 413, answer.text


def check_many_instances_are_refused(service: Service[Any, Any]) -> None:
    """Check that more instances than the limit get 413, and not as many as it."""
    with toy_client(service, max_instances=2) as client:
        for count, status in ((2, 200), (3, 413)):
            body = {"instances": [service.example] * count}
            assert client.post("/predict", json=body).status_code == status


def check_other_content_type_is_refused(service: Service[Any, Any]) -> None:
    """Check that another content type gets 415, which names the accepted ones."""
    with toy_client(service) as client:
        for kind in ("text/plain", "application/xml"):
            answer = client.post(
                "/predict", content=b"{}", headers={"content-type": kind}
            )
            assert answer.status_code == 415
            assert "application/json" in answer.json()["detail"]


def _post(client: TestClient, *rows: Row) -> Response:
    return client.post("/predict", json={"instances": rows})


def _only_fault(client: TestClient, good: Row, row: Row) -> dict[str, Any]:
    """Ask for a good row and another one; return the one fault that is named."""
    answer = _post(client, good, row)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["detail"]
    found: dict[str, Any] = fault
    return found
