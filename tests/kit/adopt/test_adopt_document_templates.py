"""The project's own documents become those of another table; the rest of them stays."""

import json
import re
from pathlib import Path

import black
import pytest
import yaml

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.writers import document_facts, document_templates

SEX = Column(
    "Sex of (it's)",
    "sex_of_it_s",
    "category",
    "category",
    "",
    Reading("text"),
    categories=("female", "male"),
)
FARE = Column("Fare $x", "fare", "number", "number", "", Reading("number"), 0.2, 0, 9.5)
PLAN = Plan("ship.csv", "CSV", 891, "two classes", SEX, (FARE,), ())
EXAMPLE = {"Fare $x": 7.25}

TASKS = ("classification", "regression", "forecasting", "text")


@pytest.fixture(params=TASKS)
def papers(request, documents):
    """A task's documents; the current folder holds them."""
    return documents(request.param)


@pytest.fixture
def params(papers):
    """The task's params.yaml with other values."""
    found = yaml.safe_load((papers / "params.yaml").read_text(encoding="utf-8"))
    found["prepare"]["seed"] = 8
    found["gate"] |= {"slices": ["Sex of (it's)"], "resamples": 99}
    return found


@pytest.fixture
def texts(params):
    """Return `texts()`: the new text of each document by its path."""

    def of():
        facts = document_facts.of(PLAN, EXAMPLE, params, "ship")
        return document_templates.documents(facts, params)

    return of


@pytest.fixture
def new(papers, texts):
    """Return the new texts by name; the papers themselves are as they were."""
    found = texts()
    assert all((papers / name).parent.exists() for name in document_templates.DOCUMENTS.values())
    return {path.as_posix(): text for path, text in found.items()}


def test_every_passage_has_its_place_in_the_project(papers):
    assert document_templates.absent() == []
    assert (papers / "docs/design-doc.md").exists()


def test_a_document_without_its_marks_is_named_and_left_alone(papers, texts):
    (papers / "docs/one-pager.md").write_text("my own words\n", encoding="utf-8")
    (papers / "docs/ab-test.md").unlink()
    missing = " ".join(document_templates.absent())
    assert "docs/one-pager.md has no line `<!-- adopt: one-pager -->`" in missing
    assert "docs/ab-test.md" in missing
    found = texts()
    assert found[Path("docs/one-pager.md")] == "my own words\n"
    assert Path("docs/ab-test.md") not in found


def test_the_readme_asks_about_the_user_s_columns(new):
    (body,) = re.findall(r"-d '(\{.*?\})'\n", new["README.md"], re.DOTALL)
    assert json.loads(body) == {"instances": [EXAMPLE]}
    assert "ship.csv" in new["README.md"]
    assert "## Make targets" in new["README.md"]
    assert "`src/ship/schema.py`" in new["README.md"]


def test_what_people_wrote_beside_the_passages_stays(papers, texts):
    doc = papers / "docs/design-doc.md"
    doc.write_text(
        doc.read_text(encoding="utf-8").replace("## 5. Baselines", "A line of ours.\n\n## 5. Baselines"),
        encoding="utf-8",
    )
    text = texts()[Path("docs/design-doc.md")]
    assert "A line of ours.\n\n## 5. Baselines" in text
    assert "| `Fare $x` | number |" in text


def test_the_values_that_documents_state_are_the_new_ones(new, params):
    stated = re.findall(r"`(\w+)\.(\w+)`\s=\s`([^`]+)`", "".join(new.values()))
    assert ("gate", "resamples", "99") in stated
    for stage, name, value in stated:
        assert params[stage][name] == yaml.safe_load(value)


def test_the_same_table_again_gives_the_same_texts(new, papers, texts):
    for name, text in new.items():
        (papers / name).parent.mkdir(parents=True, exist_ok=True)
        (papers / name).write_text(text, encoding="utf-8")
    assert {path.as_posix(): text for path, text in texts().items()} == new


def test_no_name_of_a_fact_is_left(new, params):
    names = document_facts.of(PLAN, EXAMPLE, params, "ship")
    for text in new.values():
        assert not re.search(rf"\$({'|'.join(names)})\b", text)


WRITTEN = {  # task → the folders of its tests, and how many it has
    "classification": (("classification", "table"), 3),
    "regression": (("regression", "table"), 3),
    "forecasting": (("forecasting",), 2),
    "text": (("text",), 3),
}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", ["ship", "a_package_with_quite_a_long_name"])
def test_the_tests_that_are_written_are_python_in_the_project_s_style(task, name):
    folders, count = WRITTEN[task]
    found = document_templates.tests(name, *folders)
    assert len(found) == count
    for path, text in found.items():
        compile(text, path.name, "exec")
        assert f"\nfrom {name}" in text
        assert black.format_str(text, mode=black.Mode()) == text
        assert max(map(len, text.splitlines())) <= 88


def test_a_passage_is_replaced_whatever_it_holds():
    text = "a\n<!-- adopt: x -->\n<!-- /adopt -->\nb\n"
    assert document_templates.replaced(text, {"x": r"\1 $1" + "\n", "y": "no"}) == (
        "a\n<!-- adopt: x -->\n" + r"\1 $1" + "\n<!-- /adopt -->\nb\n"
    )
