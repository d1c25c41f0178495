"""Every request has an id, a log line and a count; a crash tells the client nothing."""

import asyncio
import re

import pytest
from mlservice.serving.request_metrics import RequestMetrics, RequestMiddleware
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import ClientDisconnect
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

BODY = {"instances": [EXAMPLE, EXAMPLE]}
SCOPE = {"type": "http", "path": "/predict", "method": "POST", "client": None, "headers": [(b"host", b"x")]}
SCOPE |= {"http_version": "1.1"}


def samples(client):
    """Return every Prometheus sample: (name, labels) → value."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }


def moved(client, *request, **options):
    """Return the samples that a request changed, by how much."""
    before = samples(client)
    client.request(*request, **options)
    after = samples(client)
    return {key: value - before.get(key, 0) for key, value in after.items()}


def test_a_safe_request_id_is_sent_back(client):
    sent = {"x-request-id": "order-7_b.2"}
    assert client.get("/healthz", headers=sent).headers["x-request-id"] == "order-7_b.2"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65, '"};', "a\tb", "<b>"])
def test_an_unsafe_request_id_is_replaced(given, client):
    found = client.get("/healthz", headers={"x-request-id": given})
    assert re.fullmatch("[0-9a-f]{32}", found.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/healthz", "/no/such/path", "/predict", "/docs"])
def test_every_answer_has_a_request_id_of_its_own(path, client):
    ids = {client.get(path).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_a_prediction_is_counted_by_route_status_and_label(client, predictor):
    changed = moved(client, "POST", "/predict", json=BODY)
    route = ("route", "/predict")
    counted = ("http_requests_total", ("method", "POST"), route, ("status", "200"))
    assert changed[counted] == 1
    assert changed[("http_request_duration_seconds_count", route)] == 1
    assert changed[("http_request_duration_seconds_sum", route)] > 0
    labels = {k[1][1]: v for k, v in changed.items() if k[0] == "predictions_total"}
    assert sum(labels.values()) == 2
    assert samples(client)[("model_info", ("version", predictor.version))] == 1


def test_a_refusal_is_counted_and_predicts_nothing(client):
    changed = moved(client, "POST", "/predict", content=b"{")
    kind = ("method", "POST"), ("route", "/predict"), ("status", "422")
    assert changed[("http_requests_total", *kind)] == 1
    assert not any(v for k, v in changed.items() if k[0] == "predictions_total")


def test_paths_that_do_not_exist_share_one_route(client):
    for number in range(3):
        client.get(f"/scan/{number}")
    routes = {dict(key[1:]).get("route") for key in samples(client)}
    assert "unmatched" in routes and not any("scan" in str(route) for route in routes)


def test_each_request_is_one_line_of_json(client, log_lines):
    client.post("/predict", json=BODY, headers={"x-request-id": "abc"})
    client.get("/nowhere")
    first, second = log_lines()
    wanted = {"event": "request", "level": "info", "request_id": "abc"}
    wanted |= {"method": "POST", "route": "/predict", "status": 200}
    assert wanted.items() <= first.items()
    assert first["ms"] > 0 and first["timestamp"].endswith("Z")
    assert (second["route"], second["status"]) == ("unmatched", 404)


def test_a_crash_is_a_500_without_details_and_is_logged(client, log_lines, monkeypatch):
    def crash(_):
        raise RuntimeError("the inner secret")

    monkeypatch.setattr(client.app.state.predictor, "predict_with_scores", crash)
    answer = client.post("/predict", json=BODY, headers={"x-request-id": "abc"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "abc"
    assert "secret" not in answer.text and "Traceback" not in answer.text
    failure, request = log_lines()
    assert (failure["level"], failure["request_id"]) == ("error", "abc")
    assert "RuntimeError: the inner secret" in failure["exception"]
    assert (request["event"], request["status"]) == ("request", 500)


def test_starting_and_stopping_are_logged(serving, log_lines, predictor, tmp_path):
    with serving():
        pass
    ready, stopped = log_lines()
    assert (ready["event"], stopped["event"]) == ("ready", "stopped")
    assert ready["model_version"] == predictor.version
    with serving(model_dir=tmp_path / "none"):
        pass
    first, _ = log_lines()
    assert (first["event"], first["level"]) == ("not ready", "error")
    assert "no model in" in first["reason"]


def test_a_client_that_goes_away_is_no_failure_of_ours(log_lines):
    async def left(*_):
        raise ClientDisconnect

    asyncio.run(RequestMiddleware(left, RequestMetrics())(SCOPE, None, None))
    (line,) = log_lines()
    assert (line["level"], line["status"]) == ("info", 499)


def test_a_crash_in_the_middle_of_an_answer_does_not_start_another(log_lines):
    sent = []

    async def keep(message):
        sent.append(message["type"])

    async def break_off(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    asyncio.run(RequestMiddleware(break_off, RequestMetrics())(SCOPE, None, keep))
    assert sent == ["http.response.start"]
    assert [line["event"] for line in log_lines()] == ["request failed", "request"]
