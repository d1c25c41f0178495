"""The command that starts the service, with the server itself replaced."""

import socket
from functools import partial

import pytest
import uvicorn
from mlservice.errors import UserError
from mlservice.serving.app import serve
from toys.classification import SERVICE

main = partial(serve, SERVICE)


@pytest.fixture
def started(monkeypatch, log_lines):
    """Return what uvicorn would have been run with; it ends at once."""
    found = {"log_lines": log_lines}

    def run(server, sockets):
        found.update(config=server.config, at=sockets[0].getsockname())

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setenv("SERVE_PORT", "0")  # any that is free
    return found


def test_the_command_serves_as_the_environment_says(started, call, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    monkeypatch.setenv("SERVE_PORT", str(free))
    monkeypatch.setenv("SERVE_GRACE_SECONDS", "3")
    assert call(main) == 0
    assert started["at"] == ("127.0.0.1", free)
    assert started["config"].timeout_graceful_shutdown == 3
    assert started["config"].app.state.settings.port == free


def test_a_port_that_is_taken_is_told_in_one_sentence(started, call, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("SERVE_PORT", str(other.getsockname()[1]))
        with pytest.raises(UserError, match="cannot listen on .*; set SERVE_HOST or"):
            call(main)
    assert "config" not in started


def test_a_wrong_setting_starts_nothing(started, call, monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "none")
    with pytest.raises(UserError, match="port"):
        call(main)
    assert "config" not in started
