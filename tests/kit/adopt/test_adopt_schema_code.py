"""schema.py, as adopt writes it: clean, and saying what the plan says of a column."""

import ast
import json
from types import SimpleNamespace

import pytest
from adopt_helpers import Package
from black import Mode, format_str
from hypothesis import given, settings
from hypothesis import strategies as st

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.project import Project
from mlservice.adopt.tasks.table import outputs
from mlservice.adopt.writers import literals, schema_code

TEXT = Reading("text")


def column(name, declared, **facts):
    """Make a column of a plan; what it leaves out does not matter here."""
    known = {"column": name, "kind": "number", "why": "", "reading": TEXT} | facts
    return Column(name=name, declared=declared, **known)


TARGET = column("left", "category", categories=("no", "yes"), example="yes")
FEATURES = [
    column("age", "number", low=0.0, high=120.0, example=28.0, missing=0.1),
    column("calls", "number", low=-5, high=123_456, whole=True, example=7.0),
    column("tiny", "number", low=1e-06, high=12.5, example=3),
    column("alone", "flag", example=False, column="Alone?"),
    column("town", "category", categories=("A", "B"), example="B", missing=0.5),
    column("cut", "ordered", categories=("Fair", "Ideal"), example="Fair"),
    column("city", "hashed", example="value-1", missing=0.01),
    column("joined", "date_time", example="2026-01-31T09:30:00"),
    column("notes", "bag_of_words", example="some words"),
]


def plan_of(features, target=TARGET, source="my.csv", problem="two classes"):
    return Plan(source, "CSV", 1_000, problem, target, tuple(features), ())


def loaded(code):
    """Run the code as a module of a package; `columns`, `features` and `example` are SERVICE's."""
    with pytest.MonkeyPatch.context() as patch:
        package = Package(patch)
        module = package.add("schema", code)
        service = package.service("classification", module)
    return SimpleNamespace(
        Instance=service.instance, columns=service.columns, features=service.features, example=service.example
    )


@pytest.fixture(scope="module")
def code():
    return schema_code.write(plan_of(FEATURES))


def test_every_column_is_declared_as_planned(code):
    found = {f.column: f for f in loaded(code).columns}
    assert [*found] == [c.column for c in (*FEATURES, TARGET)]
    assert (found["age"].low, found["age"].high, found["age"].whole) == (0, 120, False)
    assert (found["calls"].low, found["calls"].high) == (-5, 123_456)
    assert (found["tiny"].low, found["tiny"].high) == (1e-06, 12.5)
    assert found["cut"].ordered and found["cut"].categories == ("Fair", "Ideal")
    assert not found["town"].ordered and found["town"].categories == ("A", "B")
    assert [c for c, f in found.items() if f.nullable] == ["age", "town", "city"]
    assert [c for c, f in found.items() if f.encoder] == ["city", "joined", "notes"]


@pytest.mark.parametrize(
    ("model", "encoder"),
    [(None, "Bucketed"), ("with_target_means(trees, ENCODING, 0)", "Bucketed"), ("candidate = trees", "Hashed")],
)
def test_many_categories_become_buckets_where_the_model_looks_up_their_means(model, encoder):
    project = Project("shop", "classification")
    project.source.mkdir(parents=True)
    if model:
        (project.source / "model.py").write_text(model, encoding="utf-8")
    plan = outputs.encodable(plan_of(FEATURES), project)
    assert f"city: {encoder} | None = coded(" in schema_code.write(plan)


def test_the_example_is_one_that_a_request_may_hold(code):
    module = loaded(code)
    assert module.Instance.model_validate_json(json.dumps(module.example))
    kinds = {name: type(value) for name, value in module.example.items()}
    assert (kinds["calls"], kinds["tiny"], kinds["Alone?"]) == (int, float, bool)


def test_it_is_formatted_and_has_no_line_that_a_linter_refuses(code):
    assert format_str(code, mode=Mode()) == code
    assert max(map(len, code.splitlines())) <= 88


def test_it_imports_what_it_uses_and_nothing_else(code):
    for features in (FEATURES, FEATURES[:1], FEATURES[3:4]):
        tree = ast.parse(schema_code.write(plan_of(features)))
        imports = [n for n in tree.body if isinstance(n, ast.ImportFrom)]
        names = {alias.name for node in imports for alias in node.names}
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert names <= used
    assert "from mlservice.schema.encoders import BagOfWords, Bucketed, DateTime" in code


def test_two_classes_say_which_is_the_positive_one(code):
    assert '"yes",  # the last is the positive class' in code
    several = schema_code.write(plan_of(FEATURES[:1], problem="several classes"))
    assert "positive" not in several


def test_a_column_that_has_its_own_name_needs_no_other(code):
    assert code.count("column=") == 1 and 'column="Alone?"' in code


def test_each_meaning_asks_a_person_to_fill_it_in(code):
    assert code.count(f'{schema_code.ASK}"') == len(FEATURES) + 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("petalLength_mm", "Petal length mm"),
        ("Total charges ($)", "Total charges"),
        ("ID", "ID"),
        ("été", "Été"),
        ("", "Column without a name"),
        ("x" * 80, "X" + "x" * 48 + "…"),
    ],
)
def test_a_column_s_name_becomes_readable(name, words):
    assert schema_code.meaning(name) == words


@settings(max_examples=8)
@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=90))
def test_any_text_comes_back_as_it_was(value, name):
    odd = column("odd", "category", categories=(value,), example=value, column=name)
    text = schema_code.write(plan_of([odd]))
    (found,) = loaded(text).features
    assert (found.column, found.categories, found.example) == (name, (value,), value)
    assert max(map(len, text.splitlines())) <= 88


def test_long_names_fit_and_a_long_file_says_why_it_is_long(monkeypatch):
    monkeypatch.setattr(literals, "MANY", 30)
    long = [column("x" * 48 + f"_{n}", "flag", example=True) for n in range(5)]
    text = schema_code.write(plan_of(long))
    assert f'"""\n\n{literals.LINT}\n\nfrom ' in text
    assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize("source", ['a"""b.csv', "a\\b.csv", "x" * 300, " "])
def test_a_name_of_data_that_would_break_a_docstring_stays_out(source):
    text = schema_code.write(plan_of(FEATURES[:1], source=source))
    assert "One row of a table" in text and loaded(text)
