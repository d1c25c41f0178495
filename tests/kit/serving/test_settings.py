"""A typo never means "the default": each wrong setting is an error that names it."""

from pathlib import Path

import pytest

from mlservice.errors import UserError
from mlservice.serving.settings import Settings


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "9001")
    monkeypatch.setenv("SERVE_MODEL_DIR", "elsewhere")
    settings = Settings.load()
    assert (settings.port, settings.model_dir) == (9001, Path("elsewhere"))


def test_a_variable_that_is_no_setting_gets_a_suggestion(monkeypatch):
    monkeypatch.setenv("SERVE_MAX_BODY_BYTE", "10")
    with pytest.raises(UserError, match="SERVE_MAX_BODY_BYTE .*SERVE_MAX_BODY_BYTES"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("MAX_INSTANCES", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_setting_with_a_wrong_value_is_named(name, value, monkeypatch):
    monkeypatch.setenv(f"SERVE_{name}", value)
    with pytest.raises(UserError, match=f"environment, SERVE_…: {name.lower()}"):
        Settings.load()
