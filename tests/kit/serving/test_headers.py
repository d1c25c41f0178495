"""What every answer tells a browser, and what none tells a stranger."""

import json
import platform
import re
import socket
from importlib.metadata import version

import pytest
from mlservice.errors import UserError
from mlservice.serving import endpoints
from mlservice.serving.settings import Settings
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

KEY = "client-key-0123456789"
BODY = json.dumps({"instances": [EXAMPLE]})
SENT = {"X-API-Key": KEY, "Content-Type": "application/json"}
ASKED = [  # what is asked, and the status of the answer
    (("POST", "/predict", BODY, SENT), 200),
    (("GET", "/healthz"), 200),
    (("GET", "/metrics"), 200),
    (("GET", "/openapi.json"), 200),
    (("GET", "/docs"), 200),
    (("GET", "/"), 200),
    (("GET", "/page/page.js"), 200),
    (("POST", "/predict", BODY), 401),
    (("POST", "/admin/reload"), 403),
    (("GET", "/no/such/path"), 401),
    (("GET", "/no/such/path", None, SENT), 404),
    (("PUT", "/predict", None, SENT), 405),
    (("POST", "/predict", BODY * 1_000, SENT), 413),
    (("POST", "/predict", BODY, SENT | {"Content-Type": "text/plain"}), 415),
    (("POST", "/predict", "{", SENT), 422),
]
SITE, OTHER = "https://shop.example", "https://elsewhere.example"


@pytest.fixture(scope="module")
def port(answering):
    """The port of a real server that asks for a key."""
    with answering(api_keys=KEY, max_body_bytes=100_000) as (port,):
        yield port


def policy(answer):
    """Return the answer's policy by directive."""
    parts = answer.headers["content-security-policy"].split(";")
    return {name: values for name, *values in map(str.split, parts)}


@pytest.mark.parametrize(("words", "status"), ASKED)
def test_each_answer_tells_a_browser_to_guess_nothing(words, status, port, ask):
    answer, _ = ask(port, *words)
    assert answer.status == status
    assert answer.headers.get_all("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_all("referrer-policy") == ["no-referrer"]
    assert len(answer.headers.get_all("content-security-policy")) == 1
    directives = policy(answer)
    assert directives["frame-ancestors"] == directives["default-src"] == ["'none'"]
    page = words[1] in ("/docs", "/") or words[1].startswith("/page/")
    assert ("script-src" in directives) == page
    assert page or answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("words", "status"), ASKED)
def test_no_answer_tells_what_it_is_made_with(words, status, port, ask):
    answer, text = ask(port, *words)
    assert answer.status == status and "server" not in answer.headers
    told = f"{answer.headers} {text}".lower()
    made_with = {platform.python_version(), *map(version, ("uvicorn", "starlette"))}
    assert not [number for number in made_with if number in told]
    if status >= 400:
        assert not re.search(r"uvicorn|starlette|fastapi|python|\d+\.\d+\.\d+", told)


def test_a_defect_and_a_service_without_a_model_tell_it_too(answering, monkeypatch, tmp_path, log_lines, ask):
    with answering(model_dir=tmp_path / "none") as (port,):
        refused, _ = ask(port, "GET", "/readyz")
        monkeypatch.delattr(endpoints, "_predictor")
        failed, _ = ask(port, "GET", "/readyz")
    for answer, status in ((refused, 503), (failed, 500)):
        assert (answer.status, policy(answer)["default-src"]) == (status, ["'none'"])
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["status"] for line in log_lines() if "status" in line][-1] == 500


def test_what_is_no_http_is_told_the_same(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01 as TLS begins\r\n\r\n")
        answer = connection.recv(10_000).lower()
    assert answer.startswith(b"http/1.1 400") and b"server:" not in answer
    assert b"x-content-type-options: nosniff\r\n" in answer


def test_the_page_may_load_what_it_needs_and_nothing_from_elsewhere(port, ask):
    answer, html = ask(port, "GET", "/docs")
    directives = policy(answer)
    sources = re.findall(r"""(?:src|href)=["']([^"']+)""", html)
    assert len(sources) >= 2 and all(source.startswith("/") for source in sources)
    assert directives["script-src"] == ["'self'", "'unsafe-inline'"]
    assert directives["connect-src"] == ["'self'"]
    assert not re.search("http|[*]", answer.headers["content-security-policy"])


def test_other_sites_may_not_ask(client):
    for method in ("GET", "OPTIONS"):
        answer = client.request(method, "/model", headers=preflight(SITE))
        assert not [name for name in answer.headers if "access-control" in name]


def test_a_site_that_is_named_may_ask_with_a_key(serving):
    with serving(cors_origins=f"{SITE}, http://localhost:3000") as client:
        allowed = client.options("/predict", headers=preflight(SITE))
        refused = client.options("/predict", headers=preflight(OTHER))
        answer = client.get("/model", headers={"Origin": SITE})
        strange = client.get("/model", headers={"Origin": OTHER})
    assert (allowed.status_code, refused.status_code) == (200, 400)
    assert allowed.headers["access-control-allow-origin"] == SITE
    assert "x-api-key" in allowed.headers["access-control-allow-headers"].lower()
    assert allowed.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in refused.headers | strange.headers
    assert answer.headers["access-control-allow-origin"] == SITE
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]


def preflight(origin):
    """What a browser asks before a page of `origin` may post JSON with a key."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-api-key",
    }


@pytest.mark.parametrize("origin", ["shop.example", "https://a.example/b", "*", "null"])
def test_what_is_no_site_is_refused(origin, monkeypatch):
    monkeypatch.setenv("SERVE_CORS_ORIGINS", origin)
    with pytest.raises(UserError, match=r"cors_origins: .*like https://shop\.example"):
        Settings.load()
