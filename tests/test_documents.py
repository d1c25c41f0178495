"""Documents cannot lie: links lead to files, trees and names are the rendered ones, rules and procedures hold."""

import json
import re
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment

from conftest import ENGINES, ROOT
from documents import TASKS, TEXTS, TREE, files_in, words_of
from pages import clone_of, run_page
from python_files import python_files  # in tools/, where living looks


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", TEXTS[page]):
        assert ((ROOT / page).parent / target).is_file(), f"{page}: {target}"


@pytest.mark.parametrize("page", TEXTS)
def test_files_and_words_that_are_named_exist(page, render):
    project = render().folder
    for name in re.findall(r"`((?:tests|hooks|templates|docs|src|kit|tools)/[\w./-]+\.\w+)`", TEXTS[page]):
        assert (ROOT / name).is_file() or (project / name).is_file(), f"{page}: {name}"
    words = words_of(ROOT / "Makefile") | words_of(project / "Makefile")
    assert set(re.findall(r"`make ([a-z][a-z-]*)", TEXTS[page])) <= words
    brought = words_of(ROOT / "conventions/{{cookiecutter._folder}}/conventions.mk")
    assert set(re.findall(r"`make -f conventions.mk ([a-z-]+)", TEXTS[page])) <= brought


def test_the_readme_s_tree_is_the_rendered_one(render):
    project, folder, listed = render().folder, Path(), []
    for indent, entry in re.findall(r"^([│ ]*)[├└]── (.*?)(?:  +.*)?$", TEXTS["README.md"], re.MULTILINE):
        listed += [(folder if indent else Path()) / name for name in entry.split(", ")]
        folder = listed[-1] if not indent else folder
    assert [str(path) for path in listed if not (project / path).exists()] == []
    visible = {path.name for path in project.iterdir() if not path.name.startswith(".")}
    assert visible - {path.parts[0] for path in listed} == set()
    modules = {path.name for path in (project / "src/customer_churn").glob("*.py")}
    assert modules - {path.name for path in listed} == set()
    assert [path for path in listed if path.parts[0] == "kit"] == [Path("kit")]  # one line: it is not the user's


def test_the_readme_is_short():
    assert TEXTS["README.md"].count("\n") <= 100


CONDITION = re.compile(r"\{%-?\s*(?:if|elif|else|endif|for|endfor|macro|set)\b")


def test_no_python_file_has_a_condition():
    for path in python_files(TREE.name, "templates", "conventions"):
        assert not CONDITION.search(path.read_text(encoding="utf-8")), path


def test_conditions_are_few():
    folders = [TREE, ROOT / "conventions", *(ROOT / "templates" / task for task in TASKS)]
    files = [folder / name for folder in folders for name in files_in(folder) if not name.endswith(".ipynb")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    shares = {path: (len(re.findall(r"\{%-?\s*(?:if|elif)\b", text)), text.count("\n")) for path, text in texts.items()}
    assert 100 * sum(found for found, _ in shares.values()) <= 2 * sum(lines for _, lines in shares.values())
    assert [path for path, (found, lines) in shares.items() if lines >= 25 and 100 * found > 8 * lines] == []


def stubs(task: str) -> set[str]:
    """Return the file that each stub of a task includes."""
    stub = re.compile(
        r'\{% include \[cookiecutter\.task ~ "/(.+?)", "templates/" ~ cookiecutter\.task ~ "/(.+?)"\] -?%\}'
    )
    found = set()
    for path in (path for path in TREE.rglob("*") if path.is_file()):
        only = re.match(r"\{% if (.+?) %\}", path.name)
        if only and not Environment().compile_expression(only[1])(cookiecutter={"task": task}):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if f'"{task}/requirements" if cookiecutter.task == "{task}"' in text:  # pins of its own
            found.add(f"requirements/{path.name}")
        for name, again in stub.findall(text):
            assert name == again, path
            found.add(name)
    return found


@pytest.mark.parametrize("task", TASKS)
def test_every_stub_of_a_task_has_its_file_and_every_file_its_stub(task):
    assert files_in(ROOT / "templates" / task) == stubs(task)


def test_a_task_is_one_folder_and_there_is_no_third_place():
    folders = {name.partition("/")[0] for name in files_in(ROOT / "templates") if "/" in name}
    assert folders == {*TASKS, "licenses", "pins"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_task_made_in_the_steps_of_contributing_renders(engine, template, tmp_path):
    clone = clone_of(template, tmp_path)
    shutil.copytree(clone / "templates/classification", clone / "templates/ranking")
    with (clone / "templates/ranking/sample.py").open("a", encoding="utf-8") as sample:
        sample.write("# ranked\n")
    for name in stubs("ranking") - files_in(ROOT / "templates/classification"):
        shutil.copy(shared(name), clone / "templates/ranking" / name)
    add_task(clone, "ranking")
    command = {
        "cookiecutter": "cookiecutter . --output-dir ../out task=ranking",
        "copier": "copier copy --vcs-ref HEAD --data task=ranking . ../out/made",
    }
    code, printed = run_page(command[engine], clone)
    assert code == 0, printed
    made = next((tmp_path / "out").iterdir())
    assert (made / "src/customer_churn/sample.py").read_text(encoding="utf-8").endswith("# ranked\n")


def shared(name: str) -> Path:
    """Return the tree's file that some tasks share, where others have their own."""
    found = (TREE / name).parent.glob(f"{{% if * %}}{Path(name).name}{{% endif %}}")
    [path] = (path for path in found if "{% include" not in path.read_text(encoding="utf-8"))
    return path


def add_task(clone: Path, task: str) -> None:
    """Make a task a choice, in the steps of CONTRIBUTING."""
    questions = json.loads((clone / "cookiecutter.json").read_text(encoding="utf-8"))
    last = TASKS[-1]
    label, choices = questions["__prompts__"]["task"][last], json.dumps(TASKS)
    more = json.dumps([*TASKS, task])
    add_choice(clone / "hooks/pre_gen_project.py", choices, more)
    add_choice(clone / "cookiecutter.json", choices, more)
    add_choice(clone / "copier.yml", f'"{label}": {last}', f'"{label}": {last}\n    "one more": {task}')
    for file in ("cookiecutter.json", "copier.yml"):
        for default in (questions["project_name"], questions["description"]):
            (name,) = re.findall(rf"'{last}': '.*?'", default)
            add_choice(clone / file, name, f"{name}, '{task}': 'Customer churn'")


def add_choice(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} no longer holds {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")
