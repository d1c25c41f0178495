"""A column that may be missing may also be left out: it is null then. Models of before know the same schema."""

import runpy
from pathlib import Path

import pytest
from pydantic import ValidationError, create_model

from mlservice.schema.declare import Row, category, coded, flag, number
from mlservice.schema.encoders import DateTime, Hashed
from mlservice.schema.features import features_of
from mlservice.service import Service

ROOT = Path(__file__).parents[3]
HASHES = {  # of the schemas of 0.6.0: models that were trained for them must load
    "classification": "0e790835d6c9f2897c071d130e9c8ea84b860d0352a5e8c3515e15eec8f1f84d",
    "regression": "774ab63274b7de9c7b35843fd3d1edbd8035ee12b39ed86bb9713f0b3c4739a3",
    "forecasting": "3321f49692e0c95c49609ccad36647158b0bc88cdb557c5f07d291f300df3133",
}


class Visit(Row):
    """A row with a value of each kind that may be missing, and one that must be there."""

    age: int = number("Age", 0, 120, unit="years", example=30)
    weight: float | None = number("Weight", 0.1, 300, unit="kg", example=71.5, column="Weight (kg)")
    visits: int | None = number("Visits", 0, 99, unit="visits", example=2)
    smokes: bool | None = flag("Whether they smoke", example=False)
    size: str | None = category("Size", "small", "large", example="small")
    joined: DateTime | None = coded("Joined", example="2026-01-31")
    street: Hashed | None = coded("Street", example="Main Street")


GOOD = {feature.column: feature.example for feature in features_of(Visit)}
OPTIONAL = [column for column in GOOD if column != "age"]


def without(*columns):
    """Return the good row without some columns."""
    return {name: value for name, value in GOOD.items() if name not in columns}


@pytest.mark.parametrize("column", OPTIONAL)
def test_a_column_that_may_be_missing_may_be_left_out(column):
    assert Visit.model_validate(without(column)) == Visit.model_validate(GOOD | {column: None})


def test_all_of_them_may_be_left_out_of_json():
    found = Visit.model_validate_json('{"age": 30}')
    assert found.model_dump(by_alias=True) == {"age": 30} | dict.fromkeys(OPTIONAL)
    assert Visit(age=30) == found


def test_a_column_that_must_be_there_is_refused_without_it():
    with pytest.raises(ValidationError, match="Field required") as caught:
        Visit.model_validate(without("age"))
    assert [fault["loc"] for fault in caught.value.errors()] == [("age",)]


@pytest.mark.parametrize("column", OPTIONAL)
def test_a_wrong_value_of_an_optional_column_is_refused(column):
    with pytest.raises(ValidationError):
        Visit.model_validate(GOOD | {column: {"a": 1}})


def test_an_unknown_column_is_refused_still():
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Visit.model_validate(without("Weight (kg)") | {"Weight": 71.5})


def test_the_json_schema_requires_the_others_alone():
    found = Visit.model_json_schema()
    assert found["required"] == ["age"]
    assert list(found["properties"]) == [*GOOD]
    assert all(found["properties"][column]["default"] is None for column in OPTIONAL)


def test_a_subclass_and_a_copy_of_the_fields_behave_alike():
    class Record(Visit):
        """A row of the file, with a column that may be missing again."""

        weight: float = number("Weight", 0.1, 300, unit="kg", example=71.5, column="Weight (kg)")
        note: str | None = category("Note", "a", "b", example="a")
        left: bool = flag("Whether they left", example=True)

    assert Record.model_json_schema()["required"] == ["age", "Weight (kg)", "left"]
    fields = {name: (info.annotation, info) for name, info in Visit.model_fields.items()}
    copy = create_model("Copy", __base__=Row, **fields)
    assert copy.model_validate({"age": 30.0}).model_dump() == Visit(age=30).model_dump()


def test_which_columns_are_optional_is_a_fact_of_the_feature():
    assert [feature.column for feature in features_of(Visit) if feature.optional] == OPTIONAL


@pytest.mark.parametrize("task", HASHES)
def test_models_that_0_6_0_trained_are_of_the_same_schema(task):
    declared = runpy.run_path(str(ROOT / "templates" / task / "schema.py"))
    found = Service(
        name="golden",
        version="0.6.0",
        task=task,
        instance=declared["Instance"],
        record=declared["Record"],
        encoding=type("Encoding", (), {"derived": ()})(),
        prediction=Row,
        decision=Row,
        decide=None,
        tabulate=None,
        label_of=None,
    )
    assert found.schema_hash == HASHES[task]
