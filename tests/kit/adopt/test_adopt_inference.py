"""A plan is inferred from a table alone: no project is around it, and no other file is read."""

import builtins
import io
import os
from datetime import date

import pandas as pd
import pytest
from adopt_helpers import TARGETS, table

from mlservice.adopt import Plan, infer_plan
from mlservice.errors import UserError

ROLES = {"forecasting": {"time": "day", "group": "shop"}}


@pytest.mark.parametrize("task", TARGETS)
def test_a_file_and_a_frame_give_the_same_plan_in_an_empty_folder(task, data, tmp_path, monkeypatch):
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    of_file = infer_plan(data, TARGETS[task], task, **ROLES.get(task, {}))
    of_frame = infer_plan(table(), TARGETS[task], task, **ROLES.get(task, {}))
    assert isinstance(of_file, Plan) and os.listdir(folder) == []
    assert of_file.rows == of_frame.rows == 600
    assert (of_file.problem, of_file.target) == (of_frame.problem, of_frame.target)
    assert (of_file.features, of_file.aside) == (of_frame.features, of_frame.aside)
    assert of_file.source == "mine.csv" and of_frame.source == "the data frame"


def test_nothing_but_the_table_is_read(data, monkeypatch):
    infer_plan(data, "left", "classification")  # what is imported late is imported now
    opened, real = [], io.open

    def noted(file, *args, **options):
        opened.append(os.fspath(file))
        return real(file, *args, **options)

    monkeypatch.setattr(io, "open", noted)
    monkeypatch.setattr(builtins, "open", noted)
    infer_plan(str(data), "left", "classification")
    assert opened and {*opened} == {str(data)}


def test_the_plan_holds_kind_treatment_and_evidence_of_each_column():
    found = infer_plan(table(), "left", "classification", drop=("shop",), keep=("id",))
    columns = {one.column: one for one in (*found.features, *found.aside)}
    assert columns["Mood ($)"].kind == "number" and columns["Mood ($)"].declared == "number"
    assert columns["class"].categories == ("low", "medium", "high")
    assert columns["shop"].why == "dropped, as you asked"
    assert columns["secret"].kind == "identifier" and columns["id"].declared
    assert found.problem == "two classes" and found.target.categories == ("no", "yes")


def test_values_of_a_frame_are_read_as_those_of_a_file():
    rows = 60
    frame = pd.DataFrame(
        {
            "day": [date(2026, 1, 1 + at % 28) for at in range(rows)],
            "paid": [bool(at % 3) for at in range(rows)],
            "price": [None if at == 7 else at * 0.5 for at in range(rows)],
            "count": pd.array([None if at == 9 else at % 7 for at in range(rows)], dtype="Int64"),
            "kind": pd.Categorical(["ab"[at % 2] for at in range(rows)]),
        }
    )
    found = infer_plan(frame, "kind", "classification")
    kinds = {one.column: (one.kind, one.missing > 0) for one in (*found.features, *found.aside)}
    assert kinds == {
        "day": ("date-time", False),
        "paid": ("yes/no", False),
        "price": ("number", True),
        "count": ("integer", True),
    }


@pytest.mark.parametrize(
    ("frame", "target", "task", "said"),
    [
        (table(), "left", "ranking", "no task 'ranking'; the tasks are classification, "),
        (table(), "lefts", "classification", "did you mean 'left'"),
        (table(), "left", "regression", "task=classification"),
        (table(), "left", "image", "python -m PACKAGE.pack FOLDER"),
        (table().head(0), "left", "classification", "the data frame has no rows"),
        (
            table().assign(left=[["a"]] * 600),
            "left",
            "classification",
            "'left' cannot be used: it holds values of type list",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(frame, target, task, said):
    with pytest.raises(UserError, match=said):
        infer_plan(frame, target, task)


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        (table(), {"time": "dya"}, "no column is called 'dya': did you mean 'day'"),
        (table(), {"time": "day", "group": "shop"}, "say one of TIME=, GROUP= and SPLIT=random"),
        (table(), {"group": "left"}, "rows cannot be split by the target 'left'"),
        (table(), {"group": "shop"}, "column shop has 2 different values: a split by group needs 10"),
        (table().head(29), {}, "the data frame has 29 rows; 30 are the least"),
        (table()[["id", "left"]], {}, "no column is left to predict 'left' from: id: rises by 1"),
        (table()[["left"]], {}, "from: the target is the only one"),
    ],
)
def test_a_table_without_enough_to_learn_from_is_refused(frame, options, said):
    with pytest.raises(UserError, match=said):
        infer_plan(frame, "left", "classification", **options)
