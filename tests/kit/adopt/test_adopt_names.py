import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mlservice.adopt.columns import names


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Total charges ($)", "total_charges"),
        ("PassengerId", "passenger_id"),
        ("été", "ete"),
        ("Straße", "strasse"),
        ("class", "class_"),
        ("copy", "copy_"),
        ("model_config", "model_config_"),
        ("number", "number_"),
        ("float", "float_"),
        ("", "column_3"),
        ("名前", "column_3"),
        ("2nd floor", "column_2nd_floor"),
        ("A", "a_2"),
    ],
)
def test_a_column_gets_a_name_one_would_give(column, name):
    assert names.name_of(column, ["a", "b"]) == name


@given(st.lists(st.text(max_size=50), max_size=4))
def test_every_name_is_valid_public_and_unique(columns):
    taken = []
    for column in columns:
        name = names.name_of(column, taken)
        assert name.isidentifier() and name.islower() and name.isascii()
        assert not keyword.iskeyword(name) and not name.startswith("_")
        assert name not in taken and not hasattr(BaseModel, name)
        taken.append(name)


def test_the_nearest_column_is_found_whatever_its_case_and_punctuation():
    columns = ["Total charges ($)", "tenure", "Churn"]
    said = names.nearest("total charges", columns)
    assert said == "did you mean 'Total charges ($)'?"
    assert "'Churn'" in names.nearest("churned", columns)
    assert names.nearest("xyz", columns) == ("the columns are 'Total charges ($)', 'tenure', 'Churn'")
    assert "(30 in all)" in names.nearest("xyz", [f"{n}" for n in range(30)])
