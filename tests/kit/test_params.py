"""A typo never means "the default": each is an error that names it."""

from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }}.config import Settings
from {{ cookiecutter.package_name }}.errors import UserError, run
from {{ cookiecutter.package_name }}.params import Params

ROOT = Path(__file__).parents[2]


@pytest.fixture
def knobs():
    """The project's own params.yaml as plain data."""
    return yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def load(knobs, folder):
    """Write the knobs to a file and load it."""
    path = folder / "params.yaml"
    path.write_text(yaml.safe_dump(knobs), encoding="utf-8")
    return Params.load(path)


def test_the_project_s_own_params_are_valid(knobs, tmp_path):
    assert load(knobs, tmp_path).gate.seed == knobs["gate"]["seed"]


def test_a_knob_that_nobody_declared_is_named(knobs, tmp_path):
    knobs["gate"]["confidense"] = 0.9
    with pytest.raises(UserError, match=r"params\.yaml: gate\.confidense"):
        load(knobs, tmp_path)


def test_a_knob_that_is_absent_is_named(knobs, tmp_path):
    del knobs["gate"]["metric"]
    with pytest.raises(UserError, match=r"gate\.metric: Field required"):
        load(knobs, tmp_path)


def test_each_value_out_of_range_is_named_in_one_line(knobs, tmp_path):
    knobs["gate"] |= {"confidence": 1.5, "seed": -1}
    with pytest.raises(UserError) as caught:
        load(knobs, tmp_path)
    assert "gate.confidence" in str(caught.value)
    assert "gate.seed" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["prepare: [1", "a: b: c", "\t- x"])
def test_a_file_that_is_no_yaml_says_so(text, tmp_path):
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="is not valid YAML") as caught:
        Params.load(tmp_path / "params.yaml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "- a list"])
def test_a_file_without_sections_is_refused(text, tmp_path):
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"params\.yaml"):
        Params.load(tmp_path / "params.yaml")


def test_an_absent_file_says_where_to_be(tmp_path):
    with pytest.raises(UserError, match="run this in"):
        Params.load(tmp_path / "params.yaml")


def test_params_cannot_be_changed_after_loading(knobs, tmp_path):
    params = load(knobs, tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        params.prepare.seed = 1


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


def _fail(error):
    raise error


def test_a_command_ends_with_its_code_or_one_line():
    with pytest.raises(SystemExit) as ended:
        run(lambda: 3)
    assert ended.value.code == 3
    with pytest.raises(SystemExit) as ended:
        run(lambda: _fail(UserError("what to do")))
    assert ended.value.code == "error: what to do"
    with pytest.raises(SystemExit) as ended:
        run(lambda: _fail(KeyboardInterrupt()))
    assert ended.value.code == 130


def test_a_defect_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)
