"""The library's public names: the list in kit/README.md, what templates use, and the package are the same."""

import ast
import re
from functools import cache

import pytest

from conftest import ROOT

KIT = ROOT / "{{cookiecutter.project_slug}}/kit"
MOST = 150  # a longer list is no interface


@cache
def listed() -> dict[str, set[str]]:
    """Return the names of each module, as the page lists them."""
    text = (KIT / "README.md").read_text(encoding="utf-8").partition("## Public names")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(mlservice[\w.]*)` \| (.*) \|$", text, re.MULTILINE)
    return {module: set(re.findall(r"`(\w+)`", names)) for module, names in rows}


def module_file(module: str):
    """Return the file of a module."""
    return KIT / (module.replace(".", "/") + ".py")


@cache
def defined(module: str) -> dict[str, ast.AST]:
    """Return what a module defines at its top level."""
    found = {}
    for node in ast.parse(module_file(module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def user_files():
    """Yield the Python files that a user gets and that parse before rendering."""
    tree = ROOT / "{{cookiecutter.project_slug}}"
    for folder in (tree / "src", tree / "tests", *(ROOT / "templates").iterdir()):
        yield from sorted(folder.rglob("*.py"))


def used() -> set[tuple[str, str]]:
    """Return the names of the library that users' files take: by import, or as an attribute of a module."""
    found = set()
    for path in user_files():
        text = re.sub(r"\{\{ *cookiecutter\.package_name *\}\}", "package", path.read_text(encoding="utf-8"))
        if text.startswith("{%"):  # a stub
            continue
        modules = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mlservice"):
                for alias in node.names:
                    module = f"{node.module}.{alias.name}"
                    if module_file(module).is_file():
                        modules[alias.asname or alias.name] = module
                    else:
                        found.add((node.module, alias.name))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                found.add((modules[node.value.id], node.attr))
    return found


@pytest.mark.parametrize("module", listed())
def test_a_listed_name_is_there_and_has_a_docstring(module):
    for name in listed()[module]:
        assert name in defined(module), f"{module}.{name}"
        node = defined(module)[name]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert ast.get_docstring(node), f"{module}.{name}"


def test_what_users_files_take_is_listed():
    source = {(module, name) for module, name in used() if not module.startswith("mlservice.testing")}
    assert len(source) > 60
    assert sorted(source - {(module, name) for module, names in listed().items() for name in names}) == []


def test_the_list_is_short():
    assert 60 <= sum(map(len, listed().values())) <= MOST


def test_the_checks_are_listed_as_they_are():
    page = (KIT / "README.md").read_text(encoding="utf-8").partition("## Checks")[2]
    rows = dict(re.findall(r"^\| `(check_\w+)` \| (.*) \|$", page, re.MULTILINE))
    found = {}
    for path in sorted((KIT / "mlservice/testing/checks").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("check_"):
                found[node.name] = ast.get_docstring(node).partition("\n")[0]
    assert rows == found
