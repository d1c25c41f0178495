"""The documents and tests that talk about the columns, for the user's table.

In a document, only what stands between these two lines is replaced:

    <!-- adopt: name -->
    <!-- /adopt -->
"""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from . import facts
from .markdown import Params, restated
from .plan import Plan

FOLDER = Path(__file__).with_name("pages")
DOCUMENTS = {  # text in FOLDER → the document whose passages it has
    "README": Path("README.md"),
    "design-doc": Path("docs/design-doc.md"),
    "one-pager": Path("docs/one-pager.md"),
    "ab-test": Path("docs/ab-test.md"),
    "model-card": Path("docs/model-card.md"),
}
TESTS = {  # text in FOLDER, if this task has it → the whole file that it becomes
    "test_sample": Path("tests/data/test_sample.py"),
    "test_behaviour": Path("tests/model/test_behaviour.py"),
    "test_quality": Path("tests/model/test_quality.py"),
}
PASSAGE = re.compile(
    r"^<!-- adopt: (?P<name>.+?) -->\n(?P<text>.*?)^<!-- /adopt -->$",
    re.MULTILINE | re.DOTALL,
)


def texts(plan: Plan, example: Mapping[str, Any], params: Params) -> dict[Path, str]:
    """Return the new text of each file that talks about the columns, by its path.

    `example` is one row as a request holds it; `params` is the new params.yaml. Run in
    the project's folder: the documents are read there, and what people wrote outside of
    the passages stays.
    """
    known = facts.of(plan, example, params)
    new = {path: _text(name) for name, path in TESTS.items() if _place(name).exists()}
    for name, path in DOCUMENTS.items():
        if path.exists():
            filled = Template(_text(name)).substitute(known)
            document = replaced(_read(path), passages(filled))
            new[path] = restated(document, params)
    return new


def absent() -> list[str]:
    """Say which passages the documents do not mark: those are left as they are."""
    return [
        f"{path} has no line `<!-- adopt: {name} -->`: write that passage by hand"
        for text, path in DOCUMENTS.items()
        for name in passages(_text(text))
        if not path.exists() or name not in passages(_read(path))
    ]


def passages(text: str) -> dict[str, str]:
    """Return what stands between the marks, by the passage's name."""
    return {found["name"]: found["text"] for found in PASSAGE.finditer(text)}


def replaced(text: str, new: Mapping[str, str]) -> str:
    """Return a document with each new passage in the place of its old one."""

    def marked(found: re.Match[str]) -> str:
        passage = new.get(found["name"], found["text"])
        return f"<!-- adopt: {found['name']} -->\n{passage}<!-- /adopt -->"

    return PASSAGE.sub(marked, text)


def _place(name: str) -> Path:
    return FOLDER / f"{name}.txt"


def _text(name: str) -> str:
    return _read(_place(name))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
