"""Answers that break other templates: each one gives a valid project that shows the text as it was typed."""

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from conftest import ENGINES
from documents import TASKS
from in_process import left_behind, run_engine, shown
from terminal import type_answers

FINE = [
    "'",
    '"',
    "'''",
    '"""',
    'O\'Brien "Bob"',
    'L\'Été "Ops": № 1 🤖',
    "“curly” ‘quotes’ «guillemets»",
    "ends with a backslash \\",
    '\\"',
    "\\n is no line break, \\x00 no NUL, \\u0041 no A, \\N{DASH} no dash",
    "C:\\new\\table",
    "colon: hash # comment",
    "# comment",
    "- item",
    "key: value",
    "[a, b]",
    "{a: b} {0} {braces}",
    "}} %} #}",
    "!!python/object/apply:os.system ['id']",
    "@at",
    "&anchor",
    "*alias",
    "| literal",
    "> folded",
    "null",
    "true",
    "1e400",
    "---",
    "...",
    "%s %d %(name)s 100%",
    "${HOME}",
    "$(id)",
    "`id`",
    "; rm -rf / #",
    "-rf",
    "--help",
    "../evil",
    "con",
    "<script>alert(1)</script>",
    "<b>&amp;",
    "=cmd|' /C calc'!A0",
    "Отток клиентов",
    "顧客離反",
    "שלום עולם",
    "مرحبا",
    "e\u0301 combining",
    "👨‍👩‍👧 joined",
    "no\u00a0break",
    "two  spaces",
    "x" * 200,
    "🤖" * 300,
]
# What Cookiecutter makes of an answer given on its command line, which it renders: None where it refuses.
RENDERED = {
    "{{ 7*7 }}": "49",
    "a {# comment #} b": "a  b",
    "{% raw %}": None,
    "{{ nothing.here }}": None,
    "${{ secrets.TOKEN }}": None,
    "{% if %}": None,
}


def answers_of(text: str) -> dict[str, str]:
    """Return the text as every answer that takes free text, cut where the answer may not be so long."""
    return {"project_name": text[:80], "description": text, "author_name": text[:80]}


def assert_valid(folder: Path, answers: dict[str, str]) -> None:
    """Read every file as its tools would, and find the answers as they were typed."""
    readers = {".py": lambda text: compile(text, "", "exec"), ".toml": tomllib.loads}
    readers |= {".json": json.loads, ".ipynb": json.loads}
    readers |= {suffix: lambda text: list(yaml.parse(text)) for suffix in (".yaml", ".yml", ".dvc")}
    files = [path for path in folder.rglob("*.*") if path.suffix in readers and not path.is_relative_to(folder / "kit")]
    assert (
        len([readers[path.suffix](path.read_text("utf-8")) for path in files]) > 20
    )  # kit/ is as it is in the template
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["description"] == answers["description"]
    assert project["authors"][0]["name"] == answers["author_name"]
    assert answers["author_name"] in (folder / "LICENSE").read_text("utf-8")
    assert {f"# {answers['project_name']}", answers["description"]} <= set(
        (folder / "README.md").read_text("utf-8").split("\n")
    )
    remembered = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
    assert answers == {question: remembered[question] for question in answers}


@pytest.mark.parametrize(("number", "text"), list(enumerate(FINE)), ids=shown)
@pytest.mark.usefixtures("no_git")
def test_hostile_text_arrives_as_typed(number, text, template_folder, output):
    """Engines and tasks take turns; `test_both_command_lines_render_the_same` compares the engines."""
    task, engine = TASKS[number % len(TASKS)], ENGINES[number % len(ENGINES)]
    code, error = run_engine(engine, template_folder, output, {"task": task, **answers_of(text)})
    assert (code, error) == (0, "")
    assert_valid(next(output.iterdir()), answers_of(text))


@pytest.mark.parametrize("text", RENDERED, ids=shown)
@pytest.mark.usefixtures("no_git")
def test_template_syntax_arrives_as_typed_through_copier(text, template_folder, output):
    assert run_engine("copier", template_folder, output, answers_of(text)) == (0, "")
    assert_valid(output / "made", answers_of(text))


@pytest.mark.parametrize("text", RENDERED, ids=shown)
@pytest.mark.usefixtures("no_git")
def test_template_syntax_is_rendered_by_cookiecutters_command_line(text, template_folder, output):
    code, error = run_engine("cookiecutter", template_folder, output, answers_of(text))
    if RENDERED[text] is None:
        assert code == 1 and not left_behind(output.parent)
    else:
        assert (code, error) == (0, "")
        assert_valid(next(output.iterdir()), answers_of(RENDERED[text]))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "typed",
    [
        ("{{ 7*7 }}", "{% raw %} stays", "{# c #}"),
        ('L\'Été "Ops": № 1 🤖', "ends with \\", 'O\'Brien "Bob"'),
        ("${{ secrets.TOKEN }}", "{{ cookiecutter.ci }} {% endraw %}", '"""'),
    ],
    ids=["jinja", "quotes", "variables"],
)
def test_hostile_text_can_be_typed_at_the_prompt(engine, typed, template, output):
    answers = dict(zip(("project_name", "description", "author_name"), typed))
    code, screen = type_answers(engine, template, output, answers)
    assert code == 0, screen
    assert_valid(next(output.iterdir()), answers)


@pytest.mark.parametrize("name", ["match", "case", "churn2"])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.usefixtures("no_git")
def test_soft_keywords_are_good_names(engine, name, template_folder, output):
    assert run_engine(engine, template_folder, output, {"package_name": name}) == (0, "")
    assert (next(output.iterdir()) / "src" / name / "__init__.py").is_file()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_that_is_there_keeps_its_files(engine, template_folder, output, capfd):
    folder = output / {"cookiecutter": "customer-churn", "copier": "made"}[engine]
    folder.mkdir()
    (folder / "LICENSE").write_text("mine\n", encoding="utf-8")
    code, error = run_engine(engine, template_folder, output, {})
    assert code == 1
    assert "already exists" in (said := "".join(capfd.readouterr()) + error) or "--overwrite" in said
    assert (folder / "LICENSE").read_text("utf-8") == "mine\n"
