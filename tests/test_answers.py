"""The answers, rendered: names derived from any project name, a file changed by each answer, and answers typed."""

import json

import pytest
import yaml
from cookiecutter.generate import generate_context
from cookiecutter.prompt import prompt_for_config
from copier import run_copy

from conftest import ENGINES, ROOT
from hook_modules import PRE
from terminal import type_answers

QUESTIONS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
PUBLIC = [question for question in QUESTIONS if question[0] != "_"]
RESERVED = set(" ".join(QUESTIONS["_reserved_names"]).split())
DERIVED = {
    "Customer churn": "customer-churn",
    'L\'Été "Ops": № 1 🤖': "l-ete-ops-1",
    "Straße nach Łódź": "strasse-nach-lodz",
    "Отток клиентов": "ml-service",
    "🤖🚀": "ml-service",
    "...": "ml-service",
    "3D churn": "ml-3d-churn",
    "Json": "json-service",
    "FastAPI": "fastapi-service",
    "class": "class-service",
    "  A__b--c  ": "a-b-c",
    "x" * 80: "x" * 40,
    "Word " * 16: "word-word-word-word-word-word-word-word",
}


@pytest.mark.parametrize("name", DERIVED)
def test_names_are_derived_from_any_project_name(name, template_folder, tmp_path):
    copier = run_copy(
        str(template_folder), tmp_path, data={"project_name": name}, exclude=["**"], defaults=True, quiet=True
    ).answers.combined
    context = generate_context(str(template_folder / "cookiecutter.json"), extra_context={"project_name": name})
    for answers in (copier, prompt_for_config(context, no_input=True)):
        assert answers["project_slug"] == DERIVED[name]
        assert answers["package_name"] == DERIVED[name].replace("-", "_")
    assert not PRE.check_name("project_slug", DERIVED[name], RESERVED)


OTHER = {
    "project_name": "Ride price",
    "project_slug": "ride-price",
    "package_name": "ride_price",
    "description": "Predicts prices.",
    "author_name": "Bob",
    "author_email": "bob@example.org",
}
CHOICES = {question: choices for question, choices in PRE.CHOICES.items() if question in PUBLIC}
CHANGES = [*OTHER.items(), *((question, choice) for question in CHOICES for choice in CHOICES[question][1:])]


def test_every_question_is_changed_below():
    assert sorted([*OTHER, *CHOICES]) == sorted(PUBLIC)


@pytest.mark.parametrize("question, answer", CHANGES)
def test_every_answer_changes_a_file(question, answer, render):
    names = {"project_slug": "customer-churn", "package_name": "customer_churn"}  # else they follow another answer
    usual, other = (render("cookiecutter", **answers).contents() for answers in (names, {**names, question: answer}))
    assert usual.pop(".copier-answers.yml") != other.pop(".copier-answers.yml")
    assert usual != other


@pytest.mark.parametrize("engine", ENGINES)
def test_the_name_that_is_offered_follows_the_task(engine, render):
    project = render(engine, task="regression")
    assert project.has_file("src/ride_price/schema.py")
    assert project.read("README.md").startswith("# Ride price\n\nPredicts what a ride will cost")


@pytest.mark.parametrize("engine", ENGINES)
def test_answers_can_be_typed(engine, template, tmp_path):
    typed = {**OTHER, "python_version": "3.13", "ci": "gitlab", "license": "Apache-2.0"}
    code, screen = type_answers(engine, template, tmp_path, typed)
    assert code == 0, screen
    answers = yaml.safe_load(next(tmp_path.glob("*/.copier-answers.yml")).read_text(encoding="utf-8"))
    assert {name: answers[name] for name in answers if name[0] != "_"} == {**typed, "task": "classification"}
