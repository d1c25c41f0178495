"""Errors of endpoints, middleware and handlers of the user's own: no stack trace, no echo of the input."""

import json

import pytest
from fastapi.responses import PlainTextResponse

from own_endpoints import KEY, SENT, extend
from toys.classification import SERVICE


def test_a_defect_is_a_500_without_details_and_is_logged(opened, log_lines):
    answer = opened.get("/own/defect", headers={"x-request-id": "abc"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "abc")
    assert "secret" not in answer.text and "Traceback" not in answer.text
    failure, request = log_lines()
    assert "RuntimeError: the inner secret" in failure["exception"]
    assert (request["route"], request["status"]) == ("/own/{name}", 500)


def test_its_own_refusal_reaches_the_client(opened):
    answer = opened.get("/own/none")
    assert (answer.status_code, answer.json()) == (404, {"detail": "no such name"})


@pytest.mark.parametrize("value", ['"secret-value"', "NaN", "1e999", '{"secret-value": NaN}'])
@pytest.mark.parametrize("path", ["/order", "/routed/order"])
def test_a_wrong_body_is_refused_in_json_without_echo(path, value, opened):
    sent = {"content-type": "application/json"}
    answer = opened.post(path, content='{"amount": [%s]}' % value, headers=sent)
    assert answer.status_code == 422 and "secret-value" not in answer.text
    (fault,) = json.loads(answer.text, parse_constant=pytest.fail)["detail"]
    assert fault["loc"] == ["body", "amount"] and fault["msg"]


def test_middleware_of_one_s_own_wraps_every_endpoint(serving):
    def wrapped(app):
        extend(app)

        @app.middleware("http")
        async def mark(request, call_next):
            answer = await call_next(request)
            answer.headers["x-mine"] = "yes"
            return answer

    with serving(extend=wrapped, api_keys=KEY) as client:
        answers = [client.post("/predict", json={"instances": [SERVICE.example]}, headers=SENT)]
        answers += [client.get(path, headers=SENT) for path in ("/own/x", "/healthz", "/model")]
        refused = client.get("/own/x")
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.headers["x-mine"] for answer in answers} == {"yes"}
    assert refused.status_code == 401 and "x-mine" not in refused.headers and "x-request-id" in refused.headers


def test_a_defect_of_its_middleware_is_a_500_without_details(serving):
    def broken(app):
        @app.middleware("http")
        async def fail(_request, _call_next):
            raise RuntimeError("the inner secret")

    with serving(extend=broken) as client:
        answer = client.get("/model")
    assert (answer.status_code, "secret" in answer.text) == (500, False)


def test_its_handler_of_an_exception_of_its_own_answers(serving):
    def handled(app):
        @app.exception_handler(LookupError)
        async def conflict(_request, error):
            return PlainTextResponse(str(error), 409)

        @app.get("/lost")
        async def lost():
            raise LookupError("it is lost")

    with serving(extend=handled) as client:
        answer = client.get("/lost")
    assert (answer.status_code, answer.text) == (409, "it is lost")
