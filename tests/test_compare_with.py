"""`tools/compare_with.py` on small observations: a difference is shown, an explained one is not."""

import json
import sys

import pytest
from trial import ROOT

import compare_with  # in tools/, where living looks
from comparison import adopting
from comparison.differences import compare, explain, load_explanations, unused
from comparison.report import document

OLD = {
    "HTTP": {"bad JSON": '422 Unprocessable Entity\nreferrer-policy: no-referrer\n\n{"detail":"Invalid JSON"}'},
    "commands": {"data: header.csv": "exit code 1\nerror: tried/header.csv holds no rows"},
    "models": {"models/candidate/model.onnx": "c719db3b6e7a"},
}
EXPLAINED = "- {area: HTTP, pattern: 'bad JSON: .referrer-policy', reason: a header of the browsers}"


def changed(area: str, old: str, new: str) -> dict:
    """Return the observation with one text replaced."""
    found = {name: dict(texts) for name, texts in OLD.items()}
    found[area] = {name: text.replace(old, new) for name, text in found[area].items()}
    assert found != OLD, "this break breaks nothing"
    return found


BREAKS = [
    ("HTTP", "no-referrer", "origin"),
    ("HTTP", "422", "400"),
    ("commands", "holds no rows", "is empty"),
    ("commands", "exit code 1", "exit code 2"),
    ("models", "c719db3b6e7a", "76e5f11de89b"),
]


@pytest.mark.parametrize("area, old, new", BREAKS)
def test_a_change_is_a_difference_of_its_area(area, old, new):
    [found] = explain(compare("text", OLD, changed(area, old, new)), [])
    assert (found.task, found.area) == ("text", area)
    assert [line[0] for line in found.open] == ["-", "+"]
    assert old in found.open[0] and new in found.open[1]


def test_the_same_observation_has_no_difference():
    assert not list(compare("text", OLD, changed("HTTP", "no-referrer", "origin") | {"HTTP": OLD["HTTP"]}))


def test_what_only_one_version_has_is_a_difference():
    more = {**OLD, "commands": {**OLD["commands"], "tune": "exit code 0"}}
    assert [(each.name, each.open) for each in explain(compare("text", OLD, more), [])] == [
        ("tune", ["-(absent)", "+exit code 0"])
    ]
    assert [each.area for each in compare("text", OLD, {name: OLD[name] for name in ("HTTP", "models")})] == [
        "commands"
    ]


@pytest.mark.parametrize("old, new", [("a,b\n", "a,b"), ("a,b\n", "a,b\r\n")])
def test_a_line_end_that_differs_is_shown(old, new):
    [found] = explain(compare("text", {"batch": {"out": old}}, {"batch": {"out": new}}), [])
    assert len(found.open) == 2 and "\\n" in found.open[0]


def test_an_explanation_covers_its_lines_and_no_other(tmp_path):
    path = tmp_path / "explained.yaml"
    path.write_text(EXPLAINED, encoding="utf-8")
    known = load_explanations(path)
    new = changed("HTTP", "no-referrer", "origin")
    [found] = explain(compare("text", OLD, new), known)
    assert found.open == [] and found.explained == {"a header of the browsers": 2}
    new["HTTP"] = {name: text.replace("Invalid JSON", "No JSON") for name, text in new["HTTP"].items()}
    [found] = explain(compare("text", OLD, new), known)
    assert found.open == ['-{"detail":"Invalid JSON"}', '+{"detail":"No JSON"}']
    [found] = explain(compare("text", OLD, changed("models", "c719", "c720")), known)
    assert len(found.open) == 2 and unused([found], known) == ["a header of the browsers"]


@pytest.mark.parametrize("entry", ["[1]", "[{area: HTTP, pattern: x}]", "[{area: H, pattern: x, reason: r, why: w}]"])
def test_an_explanation_without_a_reason_is_refused(tmp_path, entry):
    (tmp_path / "explained.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(ValueError, match="entry 1 needs area, pattern and reason"):
        load_explanations(tmp_path / "explained.yaml")


def test_the_list_of_explanations_can_be_read():
    assert isinstance(load_explanations(ROOT / "tools/comparison/explained.yaml"), list)


def test_the_report_groups_by_task_and_area_and_cuts_long_diffs():
    new = {**OLD, "models": {"models/candidate/model.onnx": "\n".join(map(str, range(50)))}}
    text = document("old and new", ["text", "image"], explain(compare("text", OLD, new), []), ["a note"])
    assert "- text: 1 differences in models\n- image: no difference\n" in text
    assert "### text: models" in text and "**models/candidate/model.onnx**" in text
    assert "… 32 lines more" in text and "\n+49\n" not in text
    assert text.endswith("- a note\n")


def test_the_report_shows_equal_differences_once():
    names = ("good", "too large", "no key")
    old, new = (
        {"HTTP": {name: f"{name}\nreferrer-policy: {policy}" for name in names}} for policy in ("none", "origin")
    )
    new["HTTP"]["no key"] += "s"
    text = document("old and new", ["text"], explain(compare("text", old, new), []), [])
    assert "**good** and 1 more: too large\n" in text and "**no key**\n" in text
    assert text.count("+referrer-policy: origin\n") == 1 and text.count("+referrer-policy: origins\n") == 1


@pytest.mark.parametrize("break_it, code", [(False, 0), (True, 1)])
def test_the_exit_code_says_whether_something_differs(tmp_path, monkeypatch, capsys, break_it, code):
    new = changed(*BREAKS[0]) if break_it else OLD
    observed = {"old": OLD, "new": new}
    monkeypatch.setattr(compare_with, "REPORT", tmp_path)
    monkeypatch.setattr(compare_with, "prepare", lambda version, tasks: None)
    monkeypatch.setattr(compare_with, "observe", lambda version, task, tables: observed[version.folder.name])
    monkeypatch.setattr(adopting, "make_tables", lambda folder, version: None)
    monkeypatch.setattr(sys, "argv", ["compare_with.py", "v0.6.0", "--tasks", "text", "--keep", str(tmp_path)])
    assert compare_with.main() == code
    said = capsys.readouterr().out
    assert ("+referrer-policy: origin" in said) == break_it
    assert (tmp_path / "report.md").read_text(encoding="utf-8") in said
    assert json.loads((tmp_path / "text-new.json").read_text(encoding="utf-8")) == new
