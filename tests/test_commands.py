"""Every command that a page shows is run, in the place where the page says that it starts."""

import re
from contextlib import nullcontext
from pathlib import Path

import pytest

from conftest import CHECKING, ENGINES, TOOLS
from documents import TASKS, TEXTS, TREE, of_task
from pages import blocks, clone_of, commands, environment, missing, promised, run_page

# Where each page with commands starts. What stands beside it are words that other tests run for real.
FROM_CLONE = {
    "README.md": "demo test",
    "CONTRIBUTING.md": "lock tags",
    "docs/tutorial.md": "demo",
    "docs/how-to/use-copier.md": "",
    "docs/how-to/use-cookiecutter.md": "",
    "docs/how-to/keep-a-fleet-up-to-date.md": "",
    "docs/how-to/conventions-for-an-existing-repository.md": "",
    "docs/how-to/team-presets.md": "",
    "docs/how-to/host-your-own-fork.md": "lint",
    CHECKING: "",  # the fixture `living` runs it
}
FROM_PROJECT = {
    "docs/how-to/bring-your-own-data.md": "",
    "docs/how-to/change-the-candidate.md": "",
    "docs/how-to/models-without-onnx.md": "",
    "docs/how-to/monitor.md": "",
    "docs/how-to/tune.md": "",
    "docs/how-to/add-a-feature.md": "",
    "docs/how-to/add-an-endpoint.md": "",
    "docs/how-to/update.md": "",
    "docs/how-to/predict-for-a-file.md": "",
    "docs/how-to/switch-the-dvc-remote.md": "lock",
    "docs/how-to/use-an-mlflow-server.md": "",
    "docs/how-to/run-ci.md": "ci",
    "docs/how-to/retrain.md": "",
    "docs/how-to/deploy.md": "image-test",
}
INSTALLS = {
    "docs/how-to/change-the-candidate.md",
    "docs/how-to/models-without-onnx.md",
}  # pages that put packages into .venv
ELSEWHERE = (
    "docs/how-to/move-to-the-library.md",
    "docs/how-to/use-the-library-as-a-package.md",
    "docs/how-to/monorepo.md",
    "docs/how-to/delete-a-part.md",
    "docs/how-to/models-in-pytorch.md",
)  # test_move, test_wheel, test_monorepo, test_delete_parts, test_matrix
SAYS = {"clone": "starts in a clone of the template", "project": "starts in a rendered project"}

# What a page of the rendered project takes for granted.
TRAINED = ". .venv/bin/activate\ngit add --all\ngit commit --quiet --message 'Trained'\n"
GRANTED = {
    "docs/runbook.md": TRAINED + "git tag GOOD\npython -m customer_churn.sample --seed 3 --out NEW.csv\n",
}


def shows_commands(path: Path) -> bool:
    """Tell whether a page of the tree, or the default task's file that it includes, has something to type."""
    text = path.read_text(encoding="utf-8")
    included = [of_task(TASKS[0], name) for name in re.findall(r'"/((?:docs|readme)/[\w-]+\.md)"', text)]
    return any("```bash" in each for each in (text, *(file.read_text(encoding="utf-8") for file in included)))


DELIVER = TREE / "docs/deliver.md"  # test_delivery has a registry for it
RENDERED = [
    path.relative_to(TREE).as_posix() for path in sorted(TREE.rglob("*.md")) if shows_commands(path) and path != DELIVER
]


def check(text: str, code: int, output: str) -> None:
    """Fail where a command failed or did not print what the page shows."""
    assert code == 0, output[-6000:]
    assert missing(promised(text), output) == [], output[-6000:]
    if "skipped, no engine" in output:
        pytest.skip("all but the docker commands ran: no engine answers")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in FROM_CLONE if page != CHECKING])
def test_the_commands_of_a_page_work_in_a_clone(page, template, tmp_path):
    clone = clone_of(template, tmp_path)
    check(TEXTS[page], *run_page(commands(TEXTS[page]), clone, FROM_CLONE[page]))


@pytest.mark.slow
def test_the_command_that_checks_while_rendering_says_so(living):
    check(TEXTS[CHECKING], 0, living.said)


@pytest.mark.slow
@pytest.mark.parametrize("page", FROM_PROJECT)
def test_the_commands_of_a_page_work_in_a_project(page, living, tmp_path):
    (tmp_path / "tools").mkdir()
    for engine in ENGINES:
        (tmp_path / "tools" / engine).symlink_to(TOOLS / engine)
    with living.borrowed(tmp_path / "before"):
        tools = f"{living.python}:{tmp_path}/tools"
        with living.other_packages(living.path.parent / "packages") if page in INSTALLS else nullcontext():
            check(TEXTS[page], *run_page(commands(TEXTS[page]), living.path, FROM_PROJECT[page], tools))


@pytest.mark.slow
@pytest.mark.parametrize("page", RENDERED)
def test_the_commands_of_a_rendered_page_work(page, living, tmp_path):
    text = (living.path / page).read_text(encoding="utf-8")
    with living.borrowed(tmp_path / "before"):
        check(
            text, *run_page(GRANTED.get(page, "") + commands(text), living.path, "ci image-test up down", living.python)
        )


def test_a_command_that_fails_is_seen(tmp_path):
    assert run_page("false\necho unreached", tmp_path) == (1, "")


def test_a_server_that_does_not_start_is_seen(tmp_path):
    (tmp_path / "Makefile").write_text("serve:\n\t@echo no model; false\n", encoding="utf-8")
    code, output = run_page("make serve\necho unreached", tmp_path)
    assert code == 1 and "no model" in output and "unreached" not in output


def test_a_word_that_no_makefile_has_is_seen(tmp_path):
    (tmp_path / "Makefile").write_text("test:\n", encoding="utf-8")
    assert run_page("make test", tmp_path, "test")[0] == 0
    assert run_page("make tset", tmp_path, "tset")[0] != 0


def test_output_that_a_page_promises_in_vain_is_seen():
    page = "```text\nfirst … of …\nsecond\n```\n"
    assert missing(promised(page), "first 1 of 2\nsecond") == []
    assert missing(promised(page), "second\nfirst 1 of 2") == ["second"]


def test_every_page_with_commands_is_run():
    assert {page for page, text in TEXTS.items() if commands(text)} == {*FROM_CLONE, *FROM_PROJECT, *ELSEWHERE}


@pytest.mark.parametrize("page", TEXTS)
def test_no_command_hides_in_another_block(page):
    languages = {language for language, _ in blocks(TEXTS[page])}
    assert languages <= {"bash", "text", "jinja"}
    assert not re.search(r"^ *\$ ", TEXTS[page], re.MULTILINE)


@pytest.mark.parametrize("page", [page for page in (*FROM_CLONE, *FROM_PROJECT, *ELSEWHERE) if page.startswith("docs")])
def test_a_page_says_where_it_starts(page):
    place = "clone" if page in FROM_CLONE else "project"
    assert SAYS[place] in TEXTS[page].split("\n\n")[1]


def test_a_reader_is_no_ci_machine(monkeypatch):
    """There lint accepts nothing, and here a page shows how old findings are accepted."""
    monkeypatch.setenv("CI", "true")
    assert "CI" not in environment(TOOLS, "")
