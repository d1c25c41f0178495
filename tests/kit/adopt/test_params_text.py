"""params.yaml, as adopt writes it: what params.py takes, each knob with its comment."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }} import params, schema
from {{ cookiecutter.package_name }}.adopt import (
    examples,
    params_text,
    task,
)
from {{ cookiecutter.package_name }}.adopt.plan import (
    Column,
    Plan,
    Reading,
)

KNOBS = {"max_iter": 60, "learning_rate": 0.06} | {
    "max_leaf_nodes": 6,
    "min_samples_leaf": 10,
}
OWN = (Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8")
CLASSES = {"two classes": ("no", "yes: 'sure'"), "several classes": tuple("abc")}


def column(name, declared, categories=()):
    return Column(
        name, "x", "category", declared, "", Reading("text"), categories=categories
    )


def plan_of(problem, *features, rows=1_000):
    classes = CLASSES.get(problem, ())
    target = column("y", "category" if classes else "number", classes)
    return Plan("my.csv", "CSV", rows, problem, target, features, ())


@pytest.fixture(params=task.PROBLEMS)
def problem(request):
    return request.param


def test_it_is_what_the_stages_take(problem, monkeypatch, tmp_path):
    classes = CLASSES.get(problem, ())
    target = replace(schema.TARGET, categories=classes)
    monkeypatch.setattr(params, "TARGET", target, raising=False)
    path = tmp_path / "params.yaml"
    text = params_text.write(plan_of(problem), KNOBS) + examples.kept(OWN)
    path.write_text(text, encoding="utf-8")
    found = params.Params.load(path)
    assert found.train.model_dump().items() >= KNOBS.items()
    assert found.gate.metric == task.METRIC


def test_metrics_are_reported_by_columns_of_few_values(problem):
    features = [
        column("many", "category", tuple("abcdefghi")),
        column("length", "number"),
        column("sex", "category", tuple("mf")),
        column("alone", "flag"),
        column("cut", "ordered", tuple("abc")),
    ]
    text = params_text.write(plan_of(problem, *features), KNOBS)
    assert yaml.safe_load(text)["gate"]["slices"] == ["sex", "alone"]


@pytest.mark.parametrize("name", ["yes", "a: b # c", "[", "été 😀", "'", '"', "", "7"])
def test_any_column_s_name_survives(name, problem):
    text = params_text.write(plan_of(problem, column(name, "flag")), KNOBS)
    assert yaml.safe_load(text)["gate"]["slices"] == [name]


def test_few_rows_leave_enough_for_the_test(problem):
    shares = [
        yaml.safe_load(params_text.write(plan_of(problem, rows=rows), KNOBS))["prepare"]
        for rows in (150, 5_000)
    ]
    assert [each["test_share"] for each in shares] == [0.3, 0.2]


def test_every_knob_of_the_gate_has_its_comment(problem):
    text = params_text.write(plan_of(problem), KNOBS)
    assert "$" not in text and text.count("#") > 10


@pytest.mark.parametrize("after", ["", "\nmine:\n  seed: 1\n"], ids=["last", "before"])
def test_the_budget_stays_as_it_is(after):
    budget = "budget: # ours\n  p99_ms: 7.5 # agreed\n\n  # and\n  users: 3\n"
    assert examples.kept("gate:\n  seed: 7\n\n" + budget + after) == "\n" + budget
    assert examples.kept("gate:\n  seed: 7\n") == ""
