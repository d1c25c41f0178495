"""POST /predict: the right answer, or a refusal that says what to change."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlservice.serving.messages import (
    MAX_FAULTS,
    response_of,
)
from toys.classification import SERVICE

EXAMPLE = SERVICE.example
FEATURES = SERVICE.features
Instance = SERVICE.instance

COLUMN = next(iter(EXAMPLE))
NUMBERS = [f.column for f in FEATURES if f.kind == "number"]


def post(client, *rows, **more):
    """Ask for predictions of these rows."""
    return client.post("/predict", json={"instances": rows} | more)


def test_the_answer_is_the_model_s_and_has_the_documented_shape(client, predictor):
    answer = post(client, EXAMPLE, EXAMPLE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = response_of(SERVICE).model_validate_json(answer.content)
    rows = [Instance.model_validate(EXAMPLE)] * 2
    assert body.predictions == predictor.predict(rows)
    assert body.model_version == predictor.version


@given(st.data())
def test_predictions_come_in_the_order_of_the_instances(client, predictor, any_row, draws):
    rows = draws.draw(st.lists(any_row, min_size=2, max_size=5))
    for given_ in (rows, rows[::-1]):
        body = response_of(SERVICE).model_validate_json(post(client, *given_).content)
        expected = predictor.predict([Instance.model_validate(row) for row in given_])
        assert body.predictions == expected


def test_values_that_may_be_missing_may_be_null(client):
    gone = {f.column: None for f in FEATURES if f.nullable and f.kind != "series"}
    assert post(client, EXAMPLE | gone).status_code == 200


def test_a_wrong_field_is_named_by_row_and_column_without_echo(client):
    answer = post(client, EXAMPLE, EXAMPLE | {COLUMN: {"secret-value": 1}})
    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert (fault["row"], fault["column"]) == (1, COLUMN)
    assert "valid" in fault["message"]
    assert "secret-value" not in answer.text


def test_an_unknown_and_an_absent_column_are_both_named(client):
    row = {k: v for k, v in EXAMPLE.items() if k != COLUMN} | {"no such column": 1}
    faults = post(client, row).json()["detail"]
    assert {fault["column"] for fault in faults} == {COLUMN, "no such column"}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "-1e400", "1" * 400, '"1"', "true", "[]", "{}"])
@pytest.mark.parametrize("column", NUMBERS[:1])
def test_a_number_that_is_none_is_refused_with_clean_json(column, text, client):
    body = json.dumps({"instances": [EXAMPLE | {column: "@"}]})
    answer = client.post(
        "/predict",
        content=body.replace('"@"', text),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["column"] == column
    assert "NaN" not in answer.text and "Infinity" not in answer.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"\xff", "Invalid JSON"),
        (b"[" * 100_000, "too many lists in the body"),
        (b"1" * 5_000, "Invalid JSON"),
        (b'{"a":1' + b',"a":1' * 9_999 + b"}", "too many keys in an object: 10,000"),
        (b"null", "object"),
        (b"[]", "object"),
        (b"{}", "instances: Field required"),
        (b'{"instances": []}', "instances: List should have at least 1 item"),
        (b'{"instances": [7]}', "object"),
    ],
)
def test_a_body_of_another_shape_is_refused_in_words(body, words, client):
    answer = client.post("/predict", content=body)
    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert words in fault["message"] and fault["column"] is None


def test_a_name_beside_instances_is_refused_by_name(client):
    (fault,) = post(client, EXAMPLE, threshold=0.5).json()["detail"]
    assert "threshold" in fault["message"]


def test_only_the_first_faults_are_told(client):
    answer = post(client, *[{}] * 50)
    *first, last = answer.json()["detail"]
    assert len(first) == MAX_FAULTS and last["row"] is None
    faults = 50 * sum(field.is_required() for field in SERVICE.instance.model_fields.values())
    assert last["message"] == f"{faults} faults; the first {MAX_FAULTS} are shown"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_type_of_body_is_refused(kind, client):
    answer = client.post("/predict", content=b"{}", headers={"content-type": kind})
    assert answer.status_code == 415
    assert answer.json()["detail"].startswith("send the body as application/json")


def test_a_charset_beside_the_type_is_fine(client):
    answer = client.post(
        "/predict",
        content=json.dumps({"instances": [EXAMPLE]}),
        headers={"content-type": "Application/JSON; charset=utf-8"},
    )
    assert answer.status_code == 200
