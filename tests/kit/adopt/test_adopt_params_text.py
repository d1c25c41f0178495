"""params.yaml, as adopt writes it: what params.py takes, each parameter with its comment."""

from types import SimpleNamespace

import pytest
import yaml
from adopt_helpers import each_problem

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.tasks.table import examples, params_text

SIZE = {"max_iter": 60, "learning_rate": 0.06} | {
    "max_leaf_nodes": 6,
    "min_samples_leaf": 10,
}
CLASSES = {"two classes": ("no", "yes: 'sure'"), "several classes": tuple("abc")}


def column(name, declared, categories=()):
    return Column(name, "x", "category", declared, "", Reading("text"), categories=categories)


def plan_of(problem, *features, rows=1_000):
    classes = CLASSES.get(problem, ())
    target = column("y", "category" if classes else "number", classes)
    return Plan("my.csv", "CSV", rows, problem, target, features, ())


@each_problem
def test_it_is_what_the_stages_take(task, problem, package, templates):
    target = SimpleNamespace(categories=CLASSES.get(problem, ()))
    package.add("service", SERVICE=SimpleNamespace(target=target))
    params = package.add("params", (templates / task.name / "params.py").read_text(encoding="utf-8"))
    own = (templates / task.name / "params.yaml").read_text(encoding="utf-8")
    text = params_text.write(task, plan_of(problem), SIZE, several=True) + examples.kept_sections(own)
    found = params.Params.model_validate(yaml.safe_load(text))
    assert found.train.boosting.model_dump().items() >= SIZE.items()
    assert found.gate.metric == task.metric


@each_problem
def test_metrics_are_reported_by_columns_of_few_values(task, problem):
    features = [
        column("many", "category", tuple("abcdefghi")),
        column("length", "number"),
        column("sex", "category", tuple("mf")),
        column("alone", "flag"),
        column("cut", "ordered", tuple("abc")),
    ]
    text = params_text.write(task, plan_of(problem, *features), SIZE, several=True)
    assert yaml.safe_load(text)["gate"]["slices"] == ["sex", "alone"]


@each_problem
@pytest.mark.parametrize("name", ["yes", "a: b # c", "[", "été 😀", "'", '"', "", "7"])
def test_any_column_s_name_survives(name, task, problem):
    text = params_text.write(task, plan_of(problem, column(name, "flag")), SIZE, several=True)
    assert yaml.safe_load(text)["gate"]["slices"] == [name]


@each_problem
def test_few_rows_leave_enough_for_the_test(task, problem):
    texts = [params_text.write(task, plan_of(problem, rows=rows), SIZE, several=True) for rows in (150, 900, 5_000)]
    shares = [yaml.safe_load(text)["prepare"] for text in texts]
    assert [each["test_share"] for each in shares] == [0.3, 0.25, 0.2]


@each_problem
def test_every_parameter_of_the_gate_has_its_comment(task, problem):
    text = params_text.write(task, plan_of(problem), SIZE, several=True)
    assert "$" not in text and text.count("#") > 10


@pytest.mark.parametrize("after", ["", "\nmine:\n  seed: 1\n"], ids=["last", "before"])
def test_the_budget_stays_as_it_is(after):
    budget = "budget: # ours\n  p99_ms: 7.5 # agreed\n\n  # and\n  users: 3\n"
    assert examples.kept_sections("gate:\n  seed: 7\n\n" + budget + after) == "\n" + budget
    assert examples.kept_sections("gate:\n  seed: 7\n") == ""
