"""Which column of a table is the text, and what becomes of the others."""

import compileall
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from mlservice.adopt import infer_plan, sources
from mlservice.adopt.plan import Options
from mlservice.adopt.project import Project
from mlservice.adopt.tasks.text import outputs
from mlservice.adopt.tasks.text.text_choice import fitted
from mlservice.errors import UserError

PROJECT = Project("tickets", "text")
ROWS = 240


def table():
    """A table with two texts, one of them longer, and a little of everything."""
    rng = np.random.default_rng(3)
    kind = rng.choice(["bill", "fault"], ROWS)
    word = {"bill": "invoice", "fault": "broken"}
    note = [f"a note about item {at}" for at in range(ROWS)]
    return pd.DataFrame(
        {
            "note": note,
            "What they said": [
                f"{text}, and it is the {word[name]} that matters" for text, name in zip(note, kind, strict=True)
            ],
            "age": rng.normal(40, 9, ROWS).round(1),
            "day": pd.date_range("2025-01-01", periods=ROWS).astype(str),
            "vip": rng.choice(["yes", "no"], ROWS),
            "urgent": rng.choice(["yes", "no", ""], ROWS),
            "size": rng.choice(["low", "medium", "high"], ROWS),
            "city": rng.choice([f"town{at}" for at in range(60)], ROWS),
            "kind": kind,
        }
    )


@pytest.fixture
def plan(tmp_path):
    """Return `plan(frame, **options)`: the plan and the sampled rows."""

    def of(frame, **options):
        frame.to_csv(tmp_path / "mine.csv", index=False)
        source = sources.open_source(str(tmp_path / "mine.csv"), "")
        rows = source.sample(1_000)
        return (
            outputs.plan_for(source, rows, Options(**{"target": "kind"} | options)),
            rows,
        )

    return of


def test_the_longest_text_is_the_text_and_amounts_stand_beside_it(plan):
    found, _ = plan(table())
    assert {one.column: one.declared for one in found.features} == {
        "What they said": "bag_of_words",
        "age": "number",
        "day": "date_time",
        "vip": "flag",
        "urgent": "category",
        "size": "category",
        "city": "hashed_columns",
    }
    assert {one.column: one.why for one in found.aside}["note"].startswith("a text beside 'What they said'")


def test_where_model_py_takes_no_amounts_they_are_set_aside(plan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src/tickets").mkdir(parents=True)
    (tmp_path / "src/tickets/model.py").write_text("make_pipeline(TfidfTransformer())", encoding="utf-8")
    found, _ = plan(table(), package="tickets")
    whys = {one.column: one.why for one in found.aside}
    assert "no amounts" in whys["age"] and "no amounts" in whys["day"]
    with pytest.raises(UserError, match="'age' cannot be kept"):
        plan(table(), package="tickets", keep=("age",))


def test_keep_chooses_the_text(plan):
    found, _ = plan(table(), keep=("note",))
    assert [one.column for one in found.features if one.declared == "bag_of_words"] == ["note"]
    short = table().drop(columns=["note", "What they said"])
    found, _ = plan(short, keep=("city",))
    assert [one.column for one in found.features if one.declared == "bag_of_words"] == ["city"]


def drop(*columns):
    return table().drop(columns=[*columns])


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        (drop("note", "What they said"), {}, "no column holds texts"),
        (table(), {"keep": ("note", "What they said")}, "KEEP= names several texts"),
        (table(), {"time": "note"}, "neither dates nor numbers"),
        (table().head(20), {}, "kind"),
    ],
)
def test_what_cannot_be_read_is_refused(frame, options, said, plan):
    with pytest.raises(UserError, match=said):
        plan(frame, **options)


def test_a_text_that_is_too_long_is_cut():
    frame = table().replace({"note": {"a note about item 7": "x" * 100_001}})
    found = infer_plan(frame, "kind", "text", keep=("note",))
    note = next(one for one in found.features if one.column == "note")
    assert note.longest == 100_000 and "more than 100,000 characters are cut" in note.warning


def test_what_all_rows_showed_is_fitted_in(plan):
    found, _ = plan(table())
    missing = tuple(replace(one, missing=0.1) for one in found.features)
    columns = {one.column: one for one in fitted(replace(found, features=missing)).features}
    assert columns["What they said"].missing == 0  # it is empty
    assert columns["vip"].categories == ("false", "true")


def test_all_that_is_written_is_valid_and_holds_no_row(plan, documents, package, templates):
    found, rows = plan(table())
    home = documents("text")
    texts = outputs.texts(found, rows, PROJECT)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        assert "item 7" not in text
    assert compileall.compile_dir(home, quiet=1)
    params = package.add("params", (templates / "text/params.py").read_text(encoding="utf-8"))
    written = texts[outputs.PARAMS]
    assert params.Params.model_validate(yaml.safe_load(written)).gate.slices
    assert "\n\nbudget: # " in written
    keywords = texts[PROJECT.source / "keywords.py"]
    assert "invoice" in keywords and "broken" in keywords
