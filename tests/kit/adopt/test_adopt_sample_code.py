"""sample.py, as adopt writes it: rows that schema.py allows, with a known truth."""

import numpy as np
import pandas as pd
import pytest
from adopt_helpers import each_problem
from black import Mode, format_str

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.tasks import classification
from mlservice.adopt.tasks.table import sample_code
from mlservice.adopt.writers import schema_code
from mlservice.errors import UserError
from mlservice.schema.features import parse

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
    column("joined", "date_time", example="2026-01-31T09:30:00"),
    column("born", "date_time", example="2026-01-31"),
    column("notes", "bag_of_words", example="some words"),
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


@pytest.fixture
def load(package):
    """Return `load(task, plan)`: SERVICE and sample.py, run as a module of a package."""

    def run(task, plan):
        schema = package.add("schema", schema_code.write(plan))
        service = package.service(task.name, schema)
        return service, package.add("sample", sample_code.write(task, plan))

    return run


@each_problem
def test_every_row_is_one_that_the_schema_allows(task, problem, load, tmp_path):
    service, sample = load(task, plan_of(problem))
    path = tmp_path / "raw.csv"
    sample.sample(50).to_csv(path, index=False)
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)
    for row in texts.to_dict("records"):
        read = {f.column: parse(f, row[f.column]) for f in service.columns}
        assert service.record.model_validate(read)
    assert [*texts] == [feature.column for feature in service.columns]


@each_problem
def test_the_same_seed_gives_the_same_rows(task, problem, load):
    _, sample = load(task, plan_of(problem))
    pd.testing.assert_frame_equal(sample.sample(40, 3), sample.sample(40, 3))
    assert not sample.sample(40, 3).equals(sample.sample(40, 4))


@each_problem
def test_the_command_writes_the_file(task, problem, load, call, tmp_path):
    _, sample = load(task, plan_of(problem))
    path = tmp_path / "new" / "raw.csv"
    assert call(sample.main, "--rows", 5, "--out", path) == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 6


@each_problem
def test_as_many_values_are_missing_as_in_the_table_about(task, problem, load):
    plan = plan_of(problem)
    found = load(task, plan)[1].sample(ROWS).isna().mean()
    wanted = {c.column: c.missing for c in plan.columns}
    assert found.to_dict() == pytest.approx(wanted, abs=0.04)


@each_problem
def test_the_causes_alone_decide_the_truth(task, problem, load):
    service, sample = load(task, plan_of(problem))
    frame = sample.synthetic.draw(service.features, ROWS, np.random.default_rng(1))
    truth = sample.truth(frame)
    assert sample.CAUSES == ["age", "calls", "alone"]
    for name in frame:
        other = frame.assign(**{name: frame[name].to_numpy()[::-1]})
        assert np.array_equal(sample.truth(other), truth) == (name not in sample.CAUSES)


def test_a_cause_raises_the_truth_from_end_to_end_and_sinks_it_in_between(load):
    service, sample = load(classification.TABLE, plan_of("two classes"))
    frame = pd.DataFrame({"age": np.linspace(0.5, 80.0, 100)})
    truth = sample.synthetic.truth(frame, service.features, ["age"])
    assert truth[0] == pytest.approx(-0.5) and truth[-1] == pytest.approx(0.5)
    assert np.sum(np.diff(np.sign(np.diff(truth))) != 0) == 2 * sample.synthetic.WAVES


@pytest.mark.parametrize("feature", FEATURES, ids=lambda one: one.name)
def test_any_kind_of_column_can_be_the_cause(feature, load):
    service, sample = load(classification.TABLE, plan_of("two classes"))
    frame = sample.synthetic.draw(service.features, ROWS, np.random.default_rng(1))
    of = {one.column: one for one in service.features}[feature.column]
    places = sample.synthetic.place(of, frame[feature.column])
    assert 0 <= places.min() < 0.2 and 0.8 < places.max() <= 1
    if feature.declared in ("number", "hashed", "date_time"):
        assert len(np.unique(places)) > 30


@each_problem
def test_the_target_takes_all_its_values(task, problem, load):
    plan = plan_of(problem)
    found = load(task, plan)[1].sample(ROWS)["y"]
    if plan.target.categories:
        even = 1 / len(plan.target.categories)
        shares = found.value_counts(normalize=True)
        assert shares.to_dict() == pytest.approx(dict.fromkeys(plan.target.categories, even), abs=0.01)
    else:
        assert plan.target.low <= found.min() < found.max() <= plan.target.high
        assert found.std() > 0.05 * (plan.target.high - plan.target.low)


@each_problem
def test_it_is_formatted_and_says_what_data_it_is_like(task, problem):
    code = sample_code.write(task, plan_of(problem))
    assert format_str(code, mode=Mode()) == code
    assert max(map(len, code.splitlines())) <= 88
    assert "in the shape of my.csv" in code


@each_problem
def test_too_few_different_rows_are_refused(task, problem):
    few = plan_of(problem, FEATURES[3:4])
    with pytest.raises(UserError, match="allow only 2 different rows"):
        sample_code.write(task, few)
    assert "CAUSES" in sample_code.write(task, plan_of(problem, FEATURES[3:5]))  # 2 × 2: a table of counts
