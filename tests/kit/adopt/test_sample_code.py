"""sample.py, as adopt writes it: rows that schema.py allows, with a known truth."""

import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from black import Mode, format_str

from {{ cookiecutter.package_name }} import columns
from {{ cookiecutter.package_name }}.adopt import (
    sample_code,
    schema_code,
    task,
)
from {{ cookiecutter.package_name }}.adopt.plan import (
    Column,
    Plan,
    Reading,
)
from {{ cookiecutter.package_name }}.errors import UserError

ROWS = 2_000


def column(name, declared, **facts):
    """Make a column of a plan; what it leaves out does not matter here."""
    known = {"column": name, "kind": "number", "why": "", "reading": Reading("text")}
    return Column(name=name, declared=declared, **known | facts)


FEATURES = (
    column("age", "number", low=0.5, high=80.0, example=28.0, missing=0.2),
    column("calls", "number", low=2, high=40, whole=True, example=7, missing=0.004),
    column("fee", "number", low=-1.0, high=1.0, example=0.5, column="Fee ($)"),
    column("alone", "flag", example=False, missing=0.1),
    column("deck", "category", categories=("A", "B"), example="B", missing=0.77),
    column("cut", "ordered", categories=("Fair", "Good", "Ideal"), example="Fair"),
    column("city", "hashed", example="a city", missing=0.5),
    column("joined", "moment", example="2026-01-31T09:30:00"),
    column("born", "moment", example="2026-01-31"),
    column("notes", "words", example="some words"),
)
NUMBER = {"low": -10.0, "high": 500.0, "example": 1.5}
TARGETS = {
    "two classes": column("y", "category", categories=("b", "a"), example="b"),
    "several classes": column("y", "category", categories=tuple("edcba"), example="e"),
    "number": column("y", "number", **NUMBER),
    "count": column("y", "number", low=0, high=9, example=1, whole=True),
}


def plan_of(problem, features=FEATURES):
    return Plan("my.csv", "CSV", 900, problem, TARGETS[problem], tuple(features), ())


@pytest.fixture(params=task.PROBLEMS)
def plan(request):
    return plan_of(request.param)


@pytest.fixture
def load(monkeypatch):
    """Return `load(plan)`: schema.py and sample.py, run as modules of the package."""

    def run(plan):
        for name, writer in (("schema", schema_code), ("sample", sample_code)):
            whole = f"{columns.__package__}.{name}"
            module = ModuleType(whole)
            module.__package__ = columns.__package__
            monkeypatch.setitem(sys.modules, whole, module)
            code = writer.write(plan)
            # pylint: disable-next=exec-used # the code is what is tested
            exec(compile(code, f"{name}.py", "exec"), vars(module))
        return [sys.modules[f"{columns.__package__}.{n}"] for n in ("schema", "sample")]

    return run


def test_every_row_is_one_that_the_schema_allows(plan, load, tmp_path):
    schema, sample = load(plan)
    path = tmp_path / "raw.csv"
    sample.sample(50).to_csv(path, index=False)
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)
    for row in texts.to_dict("records"):
        read = {f.column: columns.parse(f, row[f.column]) for f in schema.COLUMNS}
        assert schema.Record.model_validate(read)
    assert [*texts] == [feature.column for feature in schema.COLUMNS]


def test_the_same_seed_gives_the_same_rows(plan, load):
    _, sample = load(plan)
    pd.testing.assert_frame_equal(sample.sample(40, 3), sample.sample(40, 3))
    assert not sample.sample(40, 3).equals(sample.sample(40, 4))


def test_the_command_writes_the_file(plan, load, call, tmp_path):
    _, sample = load(plan)
    path = tmp_path / "new" / "raw.csv"
    assert call(sample.main, "--rows", 5, "--out", path) == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 6


def test_as_many_values_are_missing_as_in_the_table_about(plan, load):
    found = load(plan)[1].sample(ROWS).isna().mean()
    wanted = {c.column: c.missing for c in plan.columns}
    assert found.to_dict() == pytest.approx(wanted, abs=0.04)


def test_the_causes_alone_decide_the_truth(plan, load):
    schema, sample = load(plan)
    frame = sample.synthetic.draw(schema.FEATURES, ROWS, np.random.default_rng(1))
    truth = sample.truth(frame)
    assert sample.CAUSES == ["age", "calls", "alone"]
    for name in frame:
        other = frame.assign(**{name: frame[name].to_numpy()[::-1]})
        assert np.array_equal(sample.truth(other), truth) == (name not in sample.CAUSES)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda one: one.name)
def test_any_kind_of_column_can_be_the_cause(feature, load):
    problem, *_ = task.PROBLEMS or pytest.skip("this task adopts no table")
    schema, sample = load(plan_of(problem))
    frame = sample.synthetic.draw(schema.FEATURES, ROWS, np.random.default_rng(1))
    of = {one.column: one for one in schema.FEATURES}[feature.column]
    places = sample.synthetic.place(of, frame[feature.column])
    assert 0 <= places.min() < 0.2 and 0.8 < places.max() <= 1
    if feature.declared in ("number", "hashed", "moment"):
        assert len(np.unique(places)) > 30


def test_the_target_takes_all_its_values(plan, load):
    found = load(plan)[1].sample(ROWS)["y"]
    if plan.target.categories:
        even = 1 / len(plan.target.categories)
        shares = found.value_counts(normalize=True)
        assert shares.to_dict() == pytest.approx(
            dict.fromkeys(plan.target.categories, even), abs=0.01
        )
    else:
        assert plan.target.low <= found.min() < found.max() <= plan.target.high
        assert found.std() > 0.05 * (plan.target.high - plan.target.low)


def test_it_is_formatted_and_says_what_data_it_is_like(plan):
    code = sample_code.write(plan)
    assert format_str(code, mode=Mode()) == code
    assert max(map(len, code.splitlines())) <= 88
    assert "in the shape of my.csv" in code


def test_too_few_different_rows_are_refused(plan):
    few = plan_of(plan.problem, FEATURES[3:6])  # 2 × 2 × 3
    with pytest.raises(UserError, match="allow only 12 different rows"):
        sample_code.write(few)
