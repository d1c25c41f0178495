"""A `src/` from before 0.7.0 is moved to the library as a page says: its commands are run, its tables compared."""

import re
from pathlib import Path

import pytest
from living import Living, interpreter
from pages import commands, run_page
from updates import IDENTITY, NOW, OLDEST, TREE, edit, make_project, run

from conftest import ROOT, TOOLS, git
from documents import TEXTS, cells
from test_commands import check

PAGE = "docs/how-to/move-to-the-library.md"
LIBRARY = ROOT / TREE / "kit/mlservice"
OWN = '''"""Ours."""

from .errors import run


def main() -> int:
    """Do what only we need."""
    return 0


if __name__ == "__main__":
    run(main)
'''


@pytest.fixture
def updated(today, tmp_path) -> Path:
    """Return a project of 0.6.0 with changes of its owner that has merged today's version."""
    project = make_project("cookiecutter", today, OLDEST, tmp_path / "home")
    folder = project.folder
    edit(folder, "src/customer_churn/limits.py", "BODIES = 32 ", "BODIES = 8 ")
    edit(folder, "src/customer_churn/schema.py", "class Instance(Row):", "# ours\nclass Instance(Row):")
    edit(folder, "src/customer_churn/model.py", "min_samples_leaf", "max_depth=3, min_samples_leaf")
    (folder / "src/customer_churn/ours.py").write_text(OWN, encoding="utf-8")
    edit(folder, "README.md", "│   ├── params.py ", "│   ├── ours.py            ours\n│   ├── params.py ")
    (folder / "tests/load/test_load_budget.py").unlink()
    project.commit()
    code, said = project.update()
    assert code == 0, said
    git(folder, "merge", "-q", f"update/{NOW}")
    return folder


@pytest.mark.slow
def test_the_commands_of_the_page_move_a_project(updated, tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/copier").symlink_to(TOOLS / "copier")
    home = Living(updated, interpreter("3.12", tmp_path))
    home.run("make setup")
    check(TEXTS[PAGE], *run_page(commands(TEXTS[PAGE]), updated, "", f"{home.python}:{tmp_path}/tools"))
    package = updated / "src/customer_churn"
    assert "# ours\nclass Instance" in (package / "schema.py").read_text(encoding="utf-8")
    assert "max_depth=3" in (package / "model.py").read_text(encoding="utf-8")
    assert "BODIES = 8 " in (updated / "kit/mlservice/serving/limits.py").read_text(encoding="utf-8")
    assert not (package / "limits.py").exists() and not (updated / "tests/load").exists()
    assert sorted(path.name for path in updated.parent.iterdir()) == ["customer-churn", "tools"]
    assert git(updated, "status", "--porcelain") == ""
    said = run(updated / ".venv/bin/python", "-m", "mlservice", "src", at=updated, **IDENTITY)[1]
    assert said.startswith("mlservice ") and "does not use it" not in said


def old_modules(template: Path) -> dict[str, str]:
    """Return the text of each module of 0.6.0's src/, by its name; tasks' modules of one name together."""
    names = git(template, "ls-tree", "-r", "--name-only", OLDEST, f"{TREE}/src", "templates").splitlines()
    texts: dict[str, str] = {}
    for name in names:
        found = re.search(r"(?:\{\{cookiecutter\.package_name\}\}|templates/\w+)/(?:\{%.*?%\})?(\w+)\.py", name)
        if found and found[1] != "__init__":
            texts[found[1]] = texts.get(found[1], "") + git(template, "show", f"{OLDEST}:{name}")
    return texts


def ours_now() -> set[str]:
    """Return the modules that a task's src/ has today."""
    tree = [path.name for path in (ROOT / TREE / "src").rglob("*.py*")]
    found = [re.fullmatch(r"(?:\{%.*?%\})?(\w+)\.py(?:\{%.*?%\})?", name) for name in tree]
    return {each[1] for each in found if each}


def test_every_module_of_before_is_in_the_table_or_still_in_src(today):
    rows = {row[0].strip("`"): row[1] for row in cells(PAGE, "## Modules\n")}
    before = old_modules(today)
    assert len(before) > 50
    assert set(before) - ours_now() - set(rows) == set()
    assert set(rows) - set(before) == {"adopt"}
    new = [name for text in rows.values() for name in re.findall(r"`([a-z_.]+)`", text) if name != "report.py"]
    files = [LIBRARY / name.replace(".", "/") for name in new if name != "serve.py"]
    assert [path for path in files if not path.with_suffix(".py").is_file() and not path.is_dir()] == []


def test_every_name_of_the_table_was_there_and_is_there(today):
    before = old_modules(today)
    rows = [[cell.strip("`").rpartition(".") for cell in row] for row in cells(PAGE, "## Names\n")]
    assert len(rows) > 20
    for (old_module, _, old), (new_module, _, new) in rows:
        assert re.search(rf"^(?:class |def |async def )?{old}\b", before[old_module], re.MULTILINE), old
        text = (LIBRARY / f"{new_module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(?:class |def |async def )?{new}\b", text, re.MULTILINE), new
