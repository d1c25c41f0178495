"""What documents say of a table is true, and is text, never Markdown of the table's."""

from dataclasses import replace

import pytest
import yaml
from markdown_it import MarkdownIt

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.writers import document_facts
from mlservice.adopt.writers.markdown import code, plain, restated, stated, table

AGE = Column("age", "age", "number", "number", "", Reading("number"), 0.1987, -10.0, 99.5)
CABIN = Column("cabin", "cabin", "many categories", "hashed", "", Reading("text"))
ALIVE = Column("alive", "alive", "yes/no", "", "leak: alive | survived", Reading("yes/no"))
SURVIVED = Column(
    "survived",
    "survived",
    "category",
    "category",
    "the target",
    Reading("text"),
    categories=("0", "1"),
)
PLAN = Plan(
    "titanic.csv",
    "CSV, ',' between fields, UTF-8",
    891,
    "two classes",
    SURVIVED,
    (AGE, CABIN),
    (ALIVE,),
)
PARAMS = {"decision": {"cost": 1.0}, "gate": {"slices": ["age", "a, b"], "seed": 7}}
NASTY = [
    "a|b",
    "`x`",
    "](x)",
    "<b>",
    "make up",
    " a",
    "",
    "a\nb",
    "$x_1$",
    "a\\",
    "*_*",
]


def html(text):
    """Return a document as a reader sees it."""
    return MarkdownIt("commonmark").enable("table").render(text)


def of(plan=PLAN, params=None):
    """Return the facts of a plan."""
    return document_facts.of(plan, {"age": 1.0}, params or PARAMS, "titanic")


def test_the_columns_are_told_with_what_becomes_of_them():
    lines = of()["columns"].splitlines()
    assert lines[2] == "| `age` | number | a number, as it is | 19.9% | -10 … 99.5 |"
    assert lines[3].startswith("| `cabin` | many categories | by value: the target's mean |")
    assert lines[4] == "| `survived` | category | the target |  | `0`, `1` |"


def test_every_treatment_has_its_words():
    for declared, words in document_facts.TREATMENTS.items():
        column = replace(AGE, declared=declared)
        assert words in of(replace(PLAN, features=(column,)))["columns"]


def test_what_was_set_aside_is_told_with_the_evidence():
    assert "| `alive` | yes/no | leak: alive &#124; survived |" in of()["aside"]
    assert of(replace(PLAN, aside=()))["aside"] == "No column was set aside."


def test_what_somebody_must_judge_is_an_open_point():
    doubtful = replace(CABIN, warning="knows the target well")
    plan = replace(PLAN, features=(AGE, doubtful), warnings=("12 rows occur twice",))
    assert of(plan)["doubts"] == ("**Open:** 12 rows occur twice\n\n**Open:** `cabin`: knows the target well\n\n")
    assert of()["doubts"] == ""


def test_a_number_and_a_class_have_answers_of_their_own():
    number = replace(PLAN, target=AGE, problem="number")
    assert of()["answer"] == "a class of `survived`, and the probability of each"
    assert of()["problem"] == "2 classes: `0`, `1`"
    assert of(number)["answer"] == "the value of `age`, and an interval around it"
    assert of(number)["problem"] == "a number in -10 … 99.5"
    assert "label" in of()["shape"] and "interval" in of(number)["shape"]


def test_a_thousand_columns_and_categories_are_told_in_short():
    target = replace(SURVIVED, categories=tuple(map(str, range(50))))
    wide = replace(PLAN, features=(AGE,) * 1_000, aside=(ALIVE,) * 1_000, target=target)
    assert of(wide)["columns"].endswith("\n\nAnd 900 columns more.")
    assert of(wide)["aside"].endswith("\n\nAnd 900 columns more.")
    assert of(wide)["problem"].endswith("`7` and 42 more")
    assert len(of(wide)["columns"].splitlines()) < 110


@pytest.mark.parametrize("text", NASTY)
def test_a_name_is_shown_as_it_is_and_breaks_nothing(text):
    shown = html(table(["one", "two"], [[code(text), "x"], [plain(text), "y"]]))
    assert shown.count("<td>") == 4
    assert shown.count("<code>") == 1 and "<a " not in shown and "<em>" not in shown
    assert "`make" not in code(text) and "](" not in code(text) + plain(text)


def test_values_are_stated_as_params_yaml_has_them():
    assert stated(PARAMS, "gate", "slices") == "`gate.slices` = `[age, 'a, b']`"
    assert yaml.safe_load("[age, 'a, b']") == PARAMS["gate"]["slices"]
    tick = {"gate": {"slices": ["a`b"]}}
    assert stated(tick, "gate", "slices") == "`gate.slices`"


def test_values_that_a_document_states_are_kept_up_to_date():
    text = "`gate.seed` =\n`1`, `gate.slices` = `[x]`, `gate.gone` = `3`, `no.name` = `4`"
    assert restated(text, PARAMS) == (
        "`gate.seed` =\n`7`, `gate.slices` = `[age, 'a, b']`, `gate.gone` = `3`, " "`no.name` = `4`"
    )


def test_no_decision_is_said_not_to_be_written_down():
    assert of()["decision"] == "`decision.cost` = `1.0`"
    assert of(params={"gate": {"slices": []}})["decision"] == "not written down yet"
