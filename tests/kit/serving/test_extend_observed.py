"""Logs, metrics, headers and limits apply to endpoints of the user's own."""

import json
import threading

import pytest

from own_endpoints import ENDPOINTS, MOST, SENT, TEMPLATES, extend

each_endpoint = pytest.mark.parametrize(("method", "path", "sent"), ENDPOINTS)


@each_endpoint
def test_each_is_logged_and_counted_by_its_whole_route(method, path, sent, locked, log_lines):
    route = TEMPLATES.get(path, path)
    for headers, status in ((SENT, 200), ({}, 401)):
        label = f'http_requests_total{{method="{method}",route="{route}",status="{status}"}}'

        def count(label=label):
            lines = locked.get("/metrics").text.splitlines()
            return sum(float(line.split()[-1]) for line in lines if line.startswith(label))

        before = count()
        log_lines()
        locked.request(method, path, headers=headers, **sent)
        (line,) = log_lines()
        assert (line["event"], line["route"], line["status"]) == ("request", route, status)
        assert count() == before + 1


@each_endpoint
def test_each_answer_has_an_id_and_the_headers_of_the_library_s(method, path, sent, opened):
    answer = opened.request(method, path, headers={"X-Request-ID": "order-7"}, **sent)
    known = opened.get("/healthz")
    assert answer.headers["x-request-id"] == "order-7"
    for name in ("content-security-policy", "cache-control"):
        assert answer.headers[name] == known.headers[name]


def test_a_real_server_adds_its_headers_and_limits(answering, ask):
    with answering(extend=extend, max_body_bytes=MOST) as [port]:
        answer, _ = ask(port, "GET", "/own/x")
        large, _ = ask(port, "POST", "/raw", b" " * (MOST + 1))
        chunked, text = ask(port, "POST", "/raw", iter([b" " * MOST] * 20))
        assert ask(port, "GET", "/own/x")[0].status == 200
    assert (answer.status, answer.headers["x-content-type-options"]) == (200, "nosniff")
    assert "server" not in answer.headers
    for refused in (large, chunked):
        assert (refused.status, refused.headers["connection"]) == (413, "close")
    assert isinstance(json.loads(text)["detail"], str)


@pytest.mark.parametrize("path", ["/raw", "/order", "/routed/order"])
def test_a_body_in_chunks_is_bounded(path, opened):
    sent = []

    def chunks():
        while len(sent) < 1_000:
            sent.append(1)
            yield b" " * 100

    answer = opened.post(path, content=chunks(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert answer.json()["detail"] and answer.headers["x-request-id"]


def test_a_body_of_the_largest_size_is_read(opened):
    for content in (b" " * MOST, iter([b" " * MOST])):
        assert opened.post("/raw", content=content).json() == MOST


def test_so_many_are_in_flight_and_no_more(serving):
    entered, leave = threading.Event(), threading.Event()

    def slow(app):
        @app.get("/slow")
        def wait():
            entered.set()
            return leave.wait(10)

    with serving(extend=slow, max_in_flight=1, retry_after_seconds=9) as client:
        first = threading.Thread(target=client.get, args=["/slow"])
        first.start()
        assert entered.wait(10)
        answer = client.get("/slow")
        leave.set()
        first.join()
        assert client.get("/slow").status_code == 200
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "9")


@pytest.mark.parametrize("path", ["/order", "/routed/order"])
def test_another_method_on_its_path_is_refused_with_its_label(path, opened, log_lines):
    assert opened.delete(path).status_code == 405
    (line,) = log_lines()
    assert (line["route"], line["status"]) == (path, 405)


def test_of_two_endpoints_on_a_path_the_label_is_that_of_the_method(serving, log_lines):
    def two(app):
        app.get("/both/{first}")(lambda first: first)
        app.post("/both/{second}")(lambda second: second)

    with serving(extend=two) as client:
        assert client.post("/both/x").json() == "x"
        assert client.delete("/both/x").status_code == 405
    routes = [line["route"] for line in log_lines() if line["event"] == "request"]
    assert routes == ["/both/{second}", "/both/{first}"]
