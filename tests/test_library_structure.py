"""The library is one plain package: no template syntax, the same bytes everywhere, imports in one direction."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conftest import ENGINES, ROOT, TOOLS
from documents import TASKS, TREE, required
from python_files import files, is_stub, parses, python_files  # in tools/, where living looks

KIT = TREE / "kit"
PACKAGE = KIT / "mlservice"
MODULES = sorted(PACKAGE.rglob("*.py"))
META = tomllib.loads((KIT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Names under which distributions of kit/pyproject.toml are imported, where these differ, or come with another.
IMPORTED = {
    "annotated_types": "pydantic",
    "cryptography": "sqlalchemy",
    "lightgbm": "skl2onnx",
    "markdown_it": "markdown-it-py",
    "PIL": "pillow",
    "pydantic_core": "pydantic",
    "requests": "mlflow",
    "ruamel": "ruamel.yaml",
    "sklearn": "scikit-learn",
    "starlette": "fastapi",
    "yaml": "pyyaml",
}
LIGHT = {"mlservice", "mlservice.process"}  # all that may be loaded before SIGTERM is handled


def parsed(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def names_of(path: Path) -> str:
    """Name a test after a module."""
    return path.relative_to(KIT).as_posix()


def imports(tree: ast.Module) -> set[str]:
    """Return the full names that a module imports, also for typing only; a relative one begins with a dot."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_no_file_holds_template_syntax(template_folder):
    held = [path for path in (template_folder / TREE.name / "kit").rglob("*") if path.is_file()]
    assert len(held) > 150
    assert [path for path in held if re.search(rb"\{\{|\{%|\{#", path.read_bytes())] == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("task", TASKS)
def test_every_project_gets_the_same_bytes(task, engine, render, template_folder):
    source = template_folder / TREE.name / "kit"
    ours = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    rendered = render(engine, task=task).contents()
    kits = {name.removeprefix("kit/"): data for name, data in rendered.items() if name.startswith("kit/")}
    assert kits.keys() == ours.keys()
    assert [name for name, data in kits.items() if data != ours[name]] == []


@pytest.mark.parametrize("path", MODULES, ids=names_of)
def test_a_module_imports_the_library_and_what_is_declared(path):
    declared = {re.split(r"[\[<>=; ]", name)[0] for name in META["dependencies"]}
    declared |= {name for extra in META["optional-dependencies"].values() for name in required(extra)}
    known = {*sys.stdlib_module_names, "mlservice", *(name.replace("-", "_") for name in declared)}
    known |= {name for name, distribution in IMPORTED.items() if distribution in declared}
    assert {name for name in imports(parsed(path)) if name.partition(".")[0] not in known} == set()


# "image" is a container's in delivery, which a contract keeps from services.
OTHERS = {"adopt", "testing", "delivery"}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if not OTHERS & set(path.relative_to(PACKAGE).parts)], ids=names_of
)
def test_only_adopting_and_checks_look_at_the_task(path):
    nodes = list(ast.walk(parsed(path)))
    read = [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr == "task"]
    named = [node.lineno for node in nodes if isinstance(node, ast.Constant) and node.value in ("task", *TASKS)]
    assert read == named == []


def contracts(kit: Path) -> subprocess.CompletedProcess:
    """Check the contracts of kit/pyproject.toml, as `make lint` does."""
    command = (TOOLS / "lint-imports", "--no-cache")
    return subprocess.run(command, cwd=kit, capture_output=True, text=True, check=False)


def test_each_part_imports_only_what_it_may():
    done = contracts(KIT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "module, line",
    [
        ("serving/endpoints.py", "from mlservice.data import files"),
        ("serving/app.py", "from mlservice.training_spec import Training"),
        ("serving/app.py", "import pandas"),
        ("batch/readers.py", "from mlservice.data import files"),
        ("model/artifact.py", "def late():\n    from mlservice.training_spec import Training"),
        ("schema/declare.py", "from mlservice.encoding import table"),
        ("schema/features.py", "from mlservice import params"),
        ("encoding/table.py", "from mlservice import service"),
        ("data/files.py", "from mlservice.evaluation import gate"),
        ("evaluation/gate.py", "from mlservice.training import steps"),
        ("evaluation/gate.py", "from mlservice.adopt import plan"),
        ("evaluation/gate.py", "from mlservice import testing"),
        ("adopt/plan.py", "from mlservice.serving import settings"),
        ("delivery/steps.py", "from mlservice.service import Service"),
        ("new.py", ""),
    ],
)
def test_another_import_breaks_a_contract(module, line, tmp_path):
    kit = shutil.copytree(KIT, tmp_path / "kit", ignore=shutil.ignore_patterns(".*_cache", "__pycache__"))
    with (kit / "mlservice" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = contracts(kit)
    assert done.returncode == 1 and "1 broken" in done.stdout


def test_what_is_imported_for_typing_breaks_no_contract(tmp_path):
    kit = shutil.copytree(KIT, tmp_path / "kit", ignore=shutil.ignore_patterns(".*_cache", "__pycache__"))
    with (kit / "mlservice/serving/app.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlservice.data import files\n")
    done = contracts(kit)
    assert done.returncode == 0, done.stdout


def test_the_package_itself_imports_nothing_that_takes_time():
    show = "import sys; old = set(sys.modules); import mlservice.process; print(*set(sys.modules) - old)"
    command = (sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(KIT)!r}); {show}")
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) >= LIGHT and len(loaded) < 20
    assert set(loaded) - LIGHT <= sys.stdlib_module_names
    assert imports(parsed(PACKAGE / "process.py")) == {"os", "signal"}  # every start of Python has loaded both
    assert imports(parsed(PACKAGE / "__init__.py")) == {"os"}


NAME = "{{ cookiecutter.package_name }}"


def kind(path: Path) -> str:
    """Return why a file does not parse before it is rendered: the two reasons that there may be, or else its name."""
    text = path.read_text(encoding="utf-8")
    if is_stub(path):
        return "stub"
    named = re.sub(rf"^( *)(from|import) {re.escape(NAME)}", r"\1\2 package", text, flags=re.MULTILINE)
    try:
        ast.parse(named)
    except SyntaxError:
        return str(path)
    is_test = "tests" in path.relative_to(ROOT).parts and not {"{{", "{%"} & set(re.findall(r"\{[{%]", named))
    return "test" if is_test else str(path)


def test_every_python_file_parses_but_stubs_and_tests_that_name_the_package():
    kinds = [kind(path) for path in python_files() if not parses(path)]
    assert set(kinds) <= {"stub", "test"}
    assert len(kinds) <= 75


def test_stubs_are_few():
    stubs = [path for path in files(TREE.name) if is_stub(path)]
    assert 20 < len(stubs) <= 45


def listed(name: str) -> list[str]:
    """Return the requirements of a file of templates/, without comments and quotes' style."""
    lines = (ROOT / "templates" / name).read_text(encoding="utf-8").splitlines()
    kept = [line.partition(" #")[0].replace('"', "'").strip() for line in lines]
    return sorted(line for line in kept if line and not line.startswith(("#", "-r ")))


def test_its_dependencies_are_those_that_services_pin():
    extras = META["optional-dependencies"]
    assert sorted(META["dependencies"]) == listed("pins/serve.in")
    assert sorted(extras["train"]) == listed("pins/train.in")
    assert sorted(META["dependencies"] + extras["image"]) == listed("image/requirements/serve.in")
    develop = [*required(listed("pins/dev.in")), "mlservice"]
    assert [name for extra in ("adopt", "testing") for name in required(extras[extra]) if name not in develop] == []
