"""The command that starts the service, with the server itself replaced."""

import signal

import pytest
import uvicorn

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.errors import UserError


@pytest.fixture
def started(monkeypatch, log_lines):
    """Return what uvicorn would have been started with; nothing listens."""
    found = {"log_lines": log_lines}
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(
        uvicorn, "run", lambda app, **options: found.update(options, app=app)
    )
    yield found
    signal.signal(signal.SIGTERM, before)


def test_the_command_serves_as_the_environment_says(started, call, monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "9001")
    monkeypatch.setenv("SERVE_GRACE_SECONDS", "3")
    assert call(serve.main) == 0
    assert (started["host"], started["port"]) == ("127.0.0.1", 9001)
    assert started["timeout_graceful_shutdown"] == 3
    assert started["app"].state.settings.port == 9001


def test_being_told_to_stop_is_a_success(started, call):
    call(serve.main)
    assert started
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 0


def test_a_wrong_setting_starts_nothing(started, call, monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "none")
    with pytest.raises(UserError, match="port"):
        call(serve.main)
    assert "app" not in started
