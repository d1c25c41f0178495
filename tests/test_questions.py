"""The questions: the same in both engines, with the same defaults, choices and refusals; each one changes a file."""

import json
import keyword
import re
import sys

import pytest
import yaml

from conftest import ROOT
from hook_modules import PRE

COOKIECUTTER = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
COPIER = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
GIVEN = {"scope", "conventions", "yours"}  # what Copier records, and asks nobody in a normal rendering
ASKED = {
    name: question
    for name, question in COPIER.items()
    if name[0] != "_" and name not in GIVEN and question.get("when", True)
}
PROMPTS = COOKIECUTTER["__prompts__"]
QUESTIONS = [
    "task",
    "project_name",
    "project_slug",
    "package_name",
    "description",
    "author_name",
    "author_email",
    "python_version",
    "ci",
    "license",
]
FREE = [question for question in QUESTIONS if question not in PRE.CHOICES]
CHOSEN = [question for question in QUESTIONS if question in PRE.CHOICES]
CONVENTIONS = json.loads((ROOT / "conventions/cookiecutter.json").read_text(encoding="utf-8"))
RESERVED = set(COPIER["reserved_names"]["default"].split())


def test_both_engines_ask_the_same_in_the_same_order():
    public = [name for name in COOKIECUTTER if name[0] != "_"]
    assert public == list(ASKED) == list(PROMPTS) == QUESTIONS
    assert len(QUESTIONS) <= 12


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_engines_ask_in_the_same_words(question):
    prompt = PROMPTS[question]
    assert ASKED[question]["help"] == (prompt if isinstance(prompt, str) else prompt["__prompt__"])


@pytest.mark.parametrize("question", CHOSEN)
def test_both_engines_offer_the_same_choices(question):
    labels = {label: choice for choice, label in PROMPTS[question].items() if choice != "__prompt__"}
    assert list(ASKED[question]["choices"].items()) == list(labels.items())
    assert list(labels.values()) == COOKIECUTTER[question]
    assert ASKED[question]["default"] == COOKIECUTTER[question][0]


@pytest.mark.parametrize("question", ["project_name", "description", "author_name", "author_email"])
def test_both_engines_have_the_same_default(question):
    assert ASKED[question]["default"] == COOKIECUTTER[question].replace("[cookiecutter.task]", "[task]")


@pytest.mark.parametrize("question", ["project_name", "description"])
def test_every_task_has_a_name_and_a_description(question):
    assert re.findall(r"'(\w+)': '[A-Z]", COOKIECUTTER[question]) == COOKIECUTTER["task"]


@pytest.mark.parametrize("question", FREE)
def test_a_validator_says_what_the_hook_says(question):
    sentences = {
        **{text: [PRE.ONE_LINE.format(text, longest)] for text, longest in PRE.LONGEST.items()},
        "project_slug": [PRE.WORDS.format("project_slug", "dashes"), PRE.TAKEN.format("project_slug")],
        "package_name": [PRE.WORDS.format("package_name", "underscores"), PRE.TAKEN.format("package_name")],
        "author_email": [PRE.LIKE_EMAIL],
    }
    said = re.split(r"\{%.*?%\}", ASKED[question]["validator"])
    assert [sentence.strip() for sentence in said if sentence.strip()] == sentences[question]


@pytest.mark.parametrize(
    "question, form", [("project_slug", "SLUG"), ("package_name", "PACKAGE"), ("author_email", "EMAIL")]
)
def test_a_validator_and_the_hook_know_one_form(question, form):
    assert getattr(PRE, form).replace("\\", "\\\\") in ASKED[question]["validator"]


def test_a_validator_and_the_hook_know_the_same_invisible_characters():
    assert COPIER["unseen"]["default"] == PRE.UNSEEN


def test_the_conventions_ask_less_and_in_the_same_words():
    asked = [name for name in CONVENTIONS if name[0] != "_"]
    assert asked == [name for name in QUESTIONS if "when" not in ASKED[name]]
    assert {name: CONVENTIONS[name] for name in asked} == {name: COOKIECUTTER[name] for name in asked}
    assert CONVENTIONS["__prompts__"] == {name: PROMPTS[name] for name in asked}
    assert all(ASKED[name]["when"] == "{{ scope != 'conventions' }}" for name in set(QUESTIONS) - set(asked))


def test_both_engines_know_the_same_conventions():
    assert yaml.safe_load(COPIER["convention_forms"]["default"]) == PRE.FORMS
    for sentence in (PRE.NAMES, PRE.UNKNOWN.partition("{}")[0], PRE.UNKNOWN.partition("{}")[2], "conventions: "):
        assert sentence in COPIER["conventions"]["validator"]
    for computed in ("__flake8_rules", "__pylint_rules", "__runs_on"):
        assert CONVENTIONS[computed] == COOKIECUTTER[computed]


def test_both_engines_know_the_same_files_and_refuse_in_the_same_words():
    assert yaml.safe_load(COPIER["offered"]["default"]) == CONVENTIONS["_files"]
    said = COPIER["scope"]["validator"].replace("{{ _copier_conf.dst_path }}", "{}")
    said = said.replace("{{ _copier_conf.answers_file }}", "{}")
    assert PRE.NO_REPOSITORY in said and PRE.FOLLOWS in said
    assert PRE.THERE.format("{}", "conventions.mk or .conventions/") in said


def test_the_two_templates_have_one_hook_before():
    one, other = (ROOT / folder / "hooks/pre_gen_project.py" for folder in (".", "conventions"))
    assert one.read_bytes() == other.read_bytes()


def test_copier_needs_no_trust():
    assert not {"_tasks", "_migrations", "_jinja_extensions"} & set(COPIER)
    assert "_extensions" not in COOKIECUTTER


def test_the_reserved_names_are_the_same():
    listed = " ".join(COOKIECUTTER["_reserved_names"]).split()
    assert sorted(RESERVED) == listed == COPIER["reserved_names"]["default"].split()


def test_no_name_of_python_may_be_taken():
    allowed = [
        name
        for name in (*sys.stdlib_module_names, *keyword.kwlist)
        if not PRE.check_name("package_name", name, RESERVED)
    ]
    assert allowed == []


def test_no_name_of_a_dependency_may_be_taken():
    files = [
        ROOT / "{{cookiecutter.project_slug}}/requirements/dev.txt",
        ROOT / "templates/image/requirements/torch.txt",
    ]
    pins = "".join(file.read_text(encoding="utf-8") for file in files)
    pinned = {re.sub(r"[-_.]+", "_", name).lower() for name in re.findall(r"^([A-Za-z0-9][\w.-]*)", pins, re.MULTILINE)}
    imported = {"attr", "bs4", "dateutil", "dotenv", "git", "google", "sklearn", "yaml"}  # named unlike their packages
    assert len(pinned) > 100
    assert sorted((pinned | imported) - RESERVED) == [], "add these to _reserved_names and reserved_names"


FOLDERS = ["data", "models", "reports", "test", "tests", "src", "docs", "kit", "mlservice", "con", "nul", "lpt1"]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_name_of_a_folder_or_device_may_be_taken(name):
    assert PRE.check_name("project_slug", name, RESERVED)
