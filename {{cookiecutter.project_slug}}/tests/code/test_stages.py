"""dvc.yaml names every module that a stage runs, so that no change goes unnoticed."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = "{{ cookiecutter.package_name }}"
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]

MAYBE = {"codings"}  # listed everywhere: schema.py alone decides whether it is imported


def imported(module):
    """Return the package's modules that a module imports."""
    tree = ast.parse((ROOT / f"src/{PACKAGE}/{module}.py").read_text(encoding="utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
    names = {n.module for n in found}
    names |= {alias.name for n in found if not n.module for alias in n.names}
    return {name for name in names if (ROOT / f"src/{PACKAGE}/{name}.py").is_file()}


def reached(module):
    """Return the module and all that it imports, directly or not."""
    seen, waiting = set(), {module}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= imported(name) - seen
    return seen


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_all_that_it_imports(stage):
    module = STAGES[stage]["cmd"].rpartition(".")[2]
    listed = {Path(each).stem for each in STAGES[stage]["deps"] if "src/" in each}
    assert listed - MAYBE == reached(module) - MAYBE
    assert reached(module) <= listed
