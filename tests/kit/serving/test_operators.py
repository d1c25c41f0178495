"""Operators have a port of their own: what is theirs answers there alone."""

import json
import socket

import pytest
from mlservice.errors import UserError
from mlservice.serving import app
from mlservice.serving.settings import Settings
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

KEY = "admin-key-0123456789"
BODY = json.dumps({"instances": [EXAMPLE]})


@pytest.fixture(scope="module")
def both(answering):
    """The two ports of a running service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with answering(admin_port=free, admin_keys=KEY) as running:
        yield running


@pytest.mark.parametrize(
    ("words", "on_main", "on_admin"),
    [
        (("GET", "/metrics"), 404, 200),
        (("POST", "/admin/reload"), 404, 401),
        (("GET", "/admin/reload"), 404, 401),
        (("POST", "/predict", BODY), 200, 404),
        (("GET", "/model"), 200, 404),
        (("GET", "/docs"), 200, 404),
        (("GET", "/"), 200, 404),
        (("GET", "/page/page.js"), 200, 404),
        (("GET", "/healthz"), 200, 200),
        (("GET", "/readyz"), 200, 200),
    ],
)
def test_a_path_answers_on_its_port_alone(words, on_main, on_admin, both, ask):
    statuses = [ask(port, *words)[0].status for port in both]
    assert statuses == [on_main, on_admin]


def test_their_address_may_be_another(answering, free_port, ask):
    if not socket.has_ipv6:
        pytest.skip("this machine has one address only")
    with answering(admin_port=free_port, admin_host="::1") as (main, admin):
        assert ask(main, "GET", "/metrics")[0].status == 404
        assert ask(admin, "GET", "/healthz")[0] is None  # on 127.0.0.1
        with socket.create_connection(("::1", admin), timeout=20) as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_both_ports_close_when_it_stops(answering, free_port, ask):
    with answering(admin_port=free_port) as ports:
        assert all(ask(port, "GET", "/readyz")[0].status == 200 for port in ports)
    assert [ask(port, "GET", "/readyz")[0] for port in ports] == [None, None]


def test_their_port_taken_is_told_in_one_sentence(free_port):
    with socket.create_server(("127.0.0.1", free_port)):
        taken = app.listeners(Settings(port=0, admin_port=free_port))
        with next(taken), pytest.raises(UserError, match="set SERVE_ADMIN_HOST or"):
            next(taken)


def test_two_ports_are_two(monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "8000")
    monkeypatch.setenv("SERVE_ADMIN_PORT", "8000")
    with pytest.raises(UserError, match="admin_port is port"):
        Settings.load()
