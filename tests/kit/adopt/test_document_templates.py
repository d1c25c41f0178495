"""The project's own documents become those of another table; the rest of them stays."""

import json
import re
import shutil
from pathlib import Path

import black
import pytest
import yaml

from {{ cookiecutter.package_name }}.adopt import facts, pages
from {{ cookiecutter.package_name }}.adopt.plan import (
    Column,
    Plan,
    Reading,
)

ROOT = Path(__file__).parents[2]
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
PARAMS["prepare"]["seed"] = 8
PARAMS["gate"] |= {"slices": ["Sex of (it's)"], "resamples": 99}
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

README = (ROOT / "README.md").read_text(encoding="utf-8")
marked = pytest.mark.skipif(
    "<!-- adopt:" not in README, reason="this task's documents are of no table"
)


@pytest.fixture
def papers(tmp_path):
    """A copy of the project's documents; the current folder holds it."""
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=lambda *_: ["_build"])
    return tmp_path


@pytest.fixture
def new(papers):
    """Return the new texts by name; the papers themselves are as they were."""
    texts = pages.texts(PLAN, EXAMPLE, PARAMS)
    assert all((papers / name).parent.exists() for name in pages.DOCUMENTS.values())
    return {path.as_posix(): text for path, text in texts.items()}


@marked
def test_every_passage_has_its_place_in_the_project(papers):
    assert pages.absent() == []
    assert (papers / "docs/design-doc.md").exists()


def test_a_document_without_its_marks_is_named_and_left_alone(papers):
    (papers / "docs/one-pager.md").write_text("my own words\n", encoding="utf-8")
    (papers / "docs/ab-test.md").unlink()
    missing = " ".join(pages.absent())
    assert "docs/one-pager.md has no line `<!-- adopt: one-pager -->`" in missing
    assert "docs/ab-test.md" in missing
    texts = pages.texts(PLAN, EXAMPLE, PARAMS)
    assert texts[Path("docs/one-pager.md")] == "my own words\n"
    assert Path("docs/ab-test.md") not in texts


@marked
def test_the_readme_asks_about_the_user_s_columns(new):
    (body,) = re.findall(r"-d '(\{.*?\})'\n", new["README.md"], re.DOTALL)
    assert json.loads(body) == {"instances": [EXAMPLE]}
    assert "ship.csv" in new["README.md"]
    assert "## The words" in new["README.md"]


@marked
def test_what_people_wrote_beside_the_passages_stays(papers):
    doc = papers / "docs/design-doc.md"
    doc.write_text(
        doc.read_text(encoding="utf-8").replace(
            "## 5. Baselines", "A line of ours.\n\n## 5. Baselines"
        ),
        encoding="utf-8",
    )
    text = pages.texts(PLAN, EXAMPLE, PARAMS)[Path("docs/design-doc.md")]
    assert "A line of ours.\n\n## 5. Baselines" in text
    assert "| `Fare $x` | number |" in text


def test_the_values_that_documents_state_are_the_new_ones(new):
    stated = re.findall(r"`(\w+)\.(\w+)`\s=\s`([^`]+)`", "".join(new.values()))
    assert ("gate", "resamples", "99") in stated
    for stage, knob, value in stated:
        assert PARAMS[stage][knob] == yaml.safe_load(value)


def test_the_same_table_again_gives_the_same_texts(new, papers):
    for name, text in new.items():
        (papers / name).parent.mkdir(parents=True, exist_ok=True)
        (papers / name).write_text(text, encoding="utf-8")
    again = pages.texts(PLAN, EXAMPLE, PARAMS)
    assert {path.as_posix(): text for path, text in again.items()} == new


def test_no_name_of_a_fact_is_left(new):
    names = facts.of(PLAN, EXAMPLE, PARAMS)
    for text in new.values():
        assert not re.search(rf"\$({'|'.join(names)})\b", text)


def test_the_tests_that_are_written_are_python_in_the_project_s_style(new):
    for text in (text for name, text in new.items() if name.endswith(".py")):
        assert black.format_str(text, mode=black.Mode()) == text
        assert max(map(len, text.splitlines())) <= 88


def test_a_passage_is_replaced_whatever_it_holds():
    text = "a\n<!-- adopt: x -->\n<!-- /adopt -->\nb\n"
    assert pages.replaced(text, {"x": r"\1 $1" + "\n", "y": "no"}) == (
        "a\n<!-- adopt: x -->\n" + r"\1 $1" + "\n<!-- /adopt -->\nb\n"
    )
