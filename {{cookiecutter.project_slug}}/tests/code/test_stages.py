"""dvc.yaml names every module that a stage runs, so that no change goes unnoticed."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/{{ cookiecutter.package_name }}"
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
UNUSED = {"train": {"report"}}  # training.py imports it, but only evaluation calls it


def imported(module):
    """Return the package's modules that a module imports."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
    names = {n.module for n in found}
    names |= {alias.name for n in found if not n.module for alias in n.names}
    return {name for name in names if (PACKAGE / f"{name}.py").is_file()}


def reached(module, without):
    """Return the module and all that it imports, directly or not, but for some."""
    seen, waiting = set(), {module}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= imported(name) - seen - without
    return seen


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_all_that_it_imports(stage):
    module = STAGES[stage]["cmd"].rpartition(".")[2]
    listed = {Path(each).stem for each in STAGES[stage]["deps"] if "src/" in each}
    assert listed == reached(module, UNUSED.get(stage, set()))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_runs_again_when_the_library_makes_other_models(stage):
    assert "kit/RETRAIN" in STAGES[stage]["deps"]
