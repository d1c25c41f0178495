"""Whatever is sent: never a fault of ours, always JSON that every parser reads."""

import json

from hypothesis import given
from hypothesis import strategies as st
from mlservice.serving.messages import response_of
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def refuse(word):
    """Fail on what json.loads takes although it is no JSON."""
    raise AssertionError(f"{word} in an answer")


def answer_to(client, body):
    """Post a body; return status and content of an answer that is strictly JSON."""
    answer = client.post("/predict", content=body)
    assert answer.status_code in {200, 422}, answer.text
    return answer.status_code, json.loads(answer.text, parse_constant=refuse)


@given(st.binary(max_size=200))
def test_any_bytes(client, body):
    status, content = answer_to(client, body)
    assert status == 422 and content["detail"]


@given(anything)
def test_any_json(client, value):
    answer_to(client, json.dumps(value))
    answer_to(client, json.dumps({"instances": value}))


@given(st.sampled_from(list(EXAMPLE)), anything)
def test_any_value_in_a_column(client, column, value):
    row = EXAMPLE | {column: value}
    status, content = answer_to(client, json.dumps({"instances": [EXAMPLE, row]}))
    if status == 422:
        assert {fault["row"] for fault in content["detail"]} == {1}
        for fault in content["detail"]:  # a column, a place in it, or the whole row
            assert (fault["column"] or column).startswith(column)


@given(st.data())
def test_every_row_that_the_schema_allows_is_predicted(client, any_row, draws):
    rows = draws.draw(st.lists(any_row, min_size=1, max_size=4))
    status, content = answer_to(client, json.dumps({"instances": rows}))
    assert status == 200
    assert len(response_of(SERVICE).model_validate(content).predictions) == len(rows)
