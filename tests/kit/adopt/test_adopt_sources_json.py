"""JSON of one object that holds a whole table, as pandas and web services write it."""

import json

import pandas as pd
import pytest

from mlservice.adopt.sources import json_documents, open_source
from mlservice.errors import UserError

ROWS = [{"a": 1.5, "b": "x"}, {"a": None, "b": "y"}, {"a": 3.25, "b": "x"}]
FRAME = pd.DataFrame(ROWS)
NAMED = FRAME.set_axis(["p", "q", "r"])
SHAPES = {  # what is written, and how the plan calls it
    "data": (json.dumps({"data": ROWS}), "rows in 'data'"),
    "page": (json.dumps({"count": 3, "next": None, "results": ROWS}), "rows in 'results'"),
    "table": (FRAME.to_json(orient="table", index=False), "rows in 'data'"),
    "split": (FRAME.to_json(orient="split"), "columns and data"),
    "columns": (FRAME.to_json(orient="columns"), "an object for each column"),
    "index": (FRAME.to_json(orient="index"), "an object for each row"),
    "lists": (json.dumps(FRAME.astype(object).where(FRAME.notna(), None).to_dict("list")), "a list for each column"),
    "pretty": (json.dumps({"data": ROWS}, indent=4), "rows in 'data'"),
}
REFUSED = {
    json.dumps({"new": ROWS, "old": ROWS}): "holds several tables .new, old.; save one",
    json.dumps({"columns": ["a", "b"], "data": [[1, 2], [3]]}): "row 2 has not a value for each column",
}


def read(path):
    """Return a file's form, its columns and its rows as lists."""
    source = open_source(str(path))
    rows = pd.concat(source.chunks())
    rows = rows.astype(object).where(rows.notna(), None)
    return source.form, source.columns, rows.to_numpy().tolist()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_in_one_object_is_read_and_its_shape_said(tmp_path, shape):
    text, said = SHAPES[shape]
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    form, columns, rows = read(tmp_path / "t.json")
    assert said in form and columns == ("a", "b")
    assert rows == [["1.5", "x"], [None, "y"], ["3.25", "x"]]


@pytest.mark.parametrize("orient", ["columns", "index"])
def test_names_of_rows_become_a_column_without_a_name(tmp_path, orient):
    NAMED.to_json(tmp_path / "t.json", orient=orient)
    _, columns, rows = read(tmp_path / "t.json")
    assert columns[1:] == ("a", "b") and [row[0] for row in rows] == ["p", "q", "r"]


def test_an_object_beyond_the_first_block_is_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(json_documents, "BLOCK", 10)
    for text in (SHAPES["data"][0], "\n".join(map(json.dumps, ROWS))):
        (tmp_path / "t.json").write_text(text, encoding="utf-8")
        assert read(tmp_path / "t.json")[2][2] == ["3.25", "x"]
    monkeypatch.setattr(json_documents, "LONGEST", 20)
    with pytest.raises(UserError, match="t.json is one JSON object of more than 20 characters"):
        (tmp_path / "t.json").write_text(SHAPES["data"][0], encoding="utf-8")
        read(tmp_path / "t.json")


@pytest.mark.parametrize("text", REFUSED)
def test_an_object_that_is_no_single_table_is_refused(tmp_path, text):
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=REFUSED[text]):
        read(tmp_path / "t.json")
