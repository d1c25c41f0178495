"""A typo never means "the default": each is an error that names it."""

import copy

import pytest
import yaml

from mlservice.errors import UserError
from toys.training import VALUES, Params


@pytest.fixture
def values():
    """The contents of a good params.yaml, to be changed."""
    return copy.deepcopy(VALUES)


def load(values, folder):
    """Write parameters to a file and load it."""
    path = folder / "params.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return Params.load(path)


def test_good_parameters_are_loaded(values, tmp_path):
    assert load(values, tmp_path).gate.seed == values["gate"]["seed"]


def test_a_parameter_that_nobody_declared_is_named(values, tmp_path):
    values["gate"]["confidense"] = 0.9
    with pytest.raises(UserError, match=r"params\.yaml: gate\.confidense"):
        load(values, tmp_path)


def test_a_parameter_that_is_absent_is_named(values, tmp_path):
    del values["gate"]["metric"]
    with pytest.raises(UserError, match=r"gate\.metric: Field required"):
        load(values, tmp_path)


def test_each_value_out_of_range_is_named_in_one_line(values, tmp_path):
    values["gate"] |= {"confidence": 1.5, "seed": -1}
    with pytest.raises(UserError) as caught:
        load(values, tmp_path)
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


def test_params_cannot_be_changed_after_loading(values, tmp_path):
    params = load(values, tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        params.prepare.seed = 1
