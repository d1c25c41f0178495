"""Checks of `POST /predict`: the model's answer, or a refusal that says what to change."""

import json
from typing import Any

from httpx2 import Response

from mlservice.service import Service
from mlservice.serving.messages import response_of
from mlservice.testing.rows import (
    UNKNOWN,
    Row,
    instances_of,
    valid_rows,
)
from mlservice.testing.toy_app import toy_client, toy_predictor

JSON = {"content-type": "application/json"}
SECRET = "secret-value"
FEW = 4  # rows of a request


def check_example_is_predicted(service: Service[Any, Any]) -> None:
    """The example gets the model's prediction, in the documented shape."""
    answer = _post(service, service.example)
    assert answer.status_code == 200, answer.text
    body = response_of(service).model_validate_json(answer.content)
    predictor = toy_predictor(service)
    instances = instances_of(service, [service.example])
    assert body.predictions == predictor.predict(instances)
    assert body.model_version == predictor.version


def check_predictions_keep_the_order(service: Service[Any, Any]) -> None:
    """The predictions of a request come in the order of its instances."""
    rows = valid_rows(service)[: FEW * FEW]
    predictor = toy_predictor(service)
    for given in (rows, rows[::-1]):
        answer = _post(service, *given)
        assert answer.status_code == 200, answer.text
        body = response_of(service).model_validate_json(answer.content)
        assert body.predictions == predictor.predict(instances_of(service, given))


def check_unknown_column_is_named(service: Service[Any, Any]) -> None:
    """A column that nobody declared is refused by row and name."""
    fault = _only_fault(service, service.example | {UNKNOWN: 1})
    assert (fault["row"], fault["column"]) == (1, UNKNOWN)


def check_absent_column_is_named(service: Service[Any, Any]) -> None:
    """A column that is not sent is named by row and name."""
    for column in service.example:
        row = {name: v for name, v in service.example.items() if name != column}
        fault = _only_fault(service, row)
        assert (fault["row"], fault["column"]) == (1, column)


def check_wrong_type_is_named(service: Service[Any, Any]) -> None:
    """A value of another type is named by row and column, with a message."""
    for column in service.example:
        fault = _only_fault(service, service.example | {column: {"a": 1}})
        assert (fault["row"], fault["column"]) == (1, column)
        assert fault["message"]


def check_refusal_holds_no_input(service: Service[Any, Any]) -> None:
    """A refusal never repeats what was sent: it may be personal."""
    for column in service.example:
        row = service.example | {column: {SECRET: SECRET}}
        answer = _post(service, row)
        assert answer.status_code == 422
        assert SECRET not in answer.text


def check_other_json_is_refused(service: Service[Any, Any]) -> None:
    """A body of another shape, or none, is refused with 422 and a message."""
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
    """A body above the limit gets 413."""
    with toy_client(service, max_body_bytes=100) as client:
        answer = client.post("/predict", content=b" " * 101, headers=JSON)
    assert answer.status_code == 413, answer.text


def check_many_instances_are_refused(service: Service[Any, Any]) -> None:
    """More instances than the limit get 413; as many as the limit are answered."""
    with toy_client(service, max_instances=2) as client:
        for count, status in ((2, 200), (3, 413)):
            body = {"instances": [service.example] * count}
            assert client.post("/predict", json=body).status_code == status


def check_other_content_type_is_refused(service: Service[Any, Any]) -> None:
    """A body that is declared as something else gets 415, with what is taken."""
    with toy_client(service) as client:
        for kind in ("text/plain", "application/xml"):
            answer = client.post(
                "/predict", content=b"{}", headers={"content-type": kind}
            )
            assert answer.status_code == 415
            assert "application/json" in answer.json()["detail"]


def _post(service: Service[Any, Any], *rows: Row) -> Response:
    with toy_client(service) as client:
        return client.post("/predict", json={"instances": rows})


def _only_fault(service: Service[Any, Any], row: Row) -> dict[str, Any]:
    """Ask for a good row and this one; return the one fault that is named."""
    answer = _post(service, service.example, row)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["detail"]
    found: dict[str, Any] = fault
    return found
