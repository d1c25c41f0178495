"""The hook that runs before: each check alone, good answers and bad ones."""

import json

import pytest

from conftest import ROOT
from hook_modules import ANSWERS, PRE


def test_good_answers_pass():
    assert PRE.first_complaint(ANSWERS) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "x" * 80,
        'O\'Brien "Bob" \\',
        "№ 1 🤖",
        "👨‍👩‍👧",
        "שלום",
        "Отток",
        "e\u0301",
        "{{ 7*7 }}",
        "  spaces  ",
        "a\u00a0b",
    ],
)
def test_text_that_is_fine(text):
    assert PRE.check_text("project_name", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        "x" * 81,
        "a\nb",
        "a\rb",
        "a\tb",
        "a\0b",
        "a\x7fb",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\u202eb",
    ]
    + ["a\u200bb", "a\u2066b", "\ufeffa", "a\ud800b", "a\uffffb", "a\x1b[31mb"],
)
def test_text_that_is_refused(text):
    sentence = "project_name must be one line of 1 to 80 characters, none of them invisible."
    assert PRE.check_text("project_name", text) == sentence


@pytest.mark.parametrize("name", ["a", "a1", "customer_churn", "a_1_b", "x" * 50])
def test_names_that_are_fine(name):
    assert PRE.check_name("package_name", name, {"json"}) == ""
    assert PRE.check_name("project_slug", name.replace("_", "-"), {"json"}) == ""


@pytest.mark.parametrize(
    "name", ["", "A", "1a", "_a", "a_", "a__b", "a-b", "a b", "a.b", "é", "a\n", "../a", "/a", "__init__", "x" * 51]
)
def test_package_names_that_are_refused(name):
    assert PRE.check_name("package_name", name, set()).startswith("package_name must be lower-case words")


@pytest.mark.parametrize(
    "slug",
    ["", "A", "1a", "-a", "a-", "a--b", "a_b", "a b", ".", "..", "../a", "a/b", "a\\b", "/a", "-rf", "a\n", "x" * 51],
)
def test_slugs_that_are_refused(slug):
    assert PRE.check_name("project_slug", slug, set()).startswith("project_slug must be lower-case words")


@pytest.mark.parametrize("question, name", [("package_name", "scikit_learn"), ("project_slug", "scikit-learn")])
def test_taken_names_are_refused(question, name):
    assert PRE.check_name(question, name, {"scikit_learn"}).startswith(f"{question} must not be a name that Python")


@pytest.mark.parametrize("email", ["ada@example.com", "o'brien+x@mail.example.co.uk", "a_1@b-c.de"])
def test_emails_that_are_fine(email):
    assert PRE.check_email(email) == ""


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@b.de", "a@b", "a@b.c", "a b@c.de", "a@b.de\n", "a@b@c.de", "-a@b.de", "a" * 250 + "@b.de"],
)
def test_emails_that_are_refused(email):
    assert PRE.check_email(email) == "author_email must look like name@example.com."


@pytest.mark.parametrize("question", ["task", "python_version", "ci", "license", "__check"])
def test_what_is_no_choice_is_refused(question):
    sentence = PRE.first_complaint({**ANSWERS, question: "none"})
    assert sentence.startswith(f"{question} must be one of: ") and sentence.endswith(".")


@pytest.mark.parametrize(
    "question, answer",
    [("project_name", ""), ("__typed_slug", "../evil"), ("package_name", "json"), ("description", "a\nb")]
    + [("author_name", " "), ("author_email", "nobody"), ("__typed_slug", "class")],
)
def test_the_complaint_names_the_question(question, answer):
    named = question.replace("__typed_slug", "project_slug")
    sentence = PRE.first_complaint({**ANSWERS, question: answer})
    assert sentence.startswith(f"{named} must") and sentence.count(". ") == 0


def test_only_the_first_bad_answer_is_named():
    assert "project_name" in PRE.first_complaint({**ANSWERS, "project_name": "", "description": ""})


def test_the_line_of_jinja_is_the_only_one():
    for name in ("hooks/pre_gen_project", "hooks/post_gen_project", "conventions/hooks/post_gen_project"):
        lines = (ROOT / f"{name}.py").read_text(encoding="utf-8").splitlines()
        jinja = [line.strip() for line in lines if "{{" in line or "{%" in line or "{#" in line]
        assert jinja == ['ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")'] and len(lines) <= 150


def test_the_choices_are_those_of_the_questions():
    questions = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    assert PRE.CHOICES == {
        **{key: value for key, value in questions.items() if isinstance(value, list) and key[0] != "_"},
        "__check": ["", "full"],
    }
