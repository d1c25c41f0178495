"""Documents and tests about the columns, generated from templates for the user's table.

In a document, only the text between these two lines is replaced:

    <!-- adopt: name -->
    <!-- /adopt -->
"""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from mlservice.adopt.writers.markdown import Params, restated

FOLDER = Path(__file__).parents[1] / "templates"
DOCUMENTS = {  # template in documents/ → the document that has its passages
    "README": Path("README.md"),
    "design-doc": Path("docs/design-doc.md"),
    "one-pager": Path("docs/one-pager.md"),
    "ab-test": Path("docs/ab-test.md"),
    "model-card": Path("docs/model-card.md"),
}
TESTS = {  # template, where a task has one → the test that is the whole text
    "test_sample": Path("tests/data/test_sample.py"),
    "test_behaviour": Path("tests/model/test_behaviour.py"),
    "test_quality": Path("tests/model/test_quality.py"),
}
PASSAGE = re.compile(
    r"^<!-- adopt: (?P<name>.+?) -->\n(?P<text>.*?)^<!-- /adopt -->$",
    re.MULTILINE | re.DOTALL,
)


def template(name: str) -> Template:
    """Return a template by its name, such as `table/test_sample`."""
    return Template((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def documents(facts: Mapping[str, str], params: Params) -> dict[Path, str]:
    """Return the new text of each document, by its path.

    `facts` fill the templates; `params` is the new params.yaml. The documents are read
    in the current folder, and text outside of the passages stays.
    """
    texts = {}
    for name, path in DOCUMENTS.items():
        if path.exists():
            filled = template(f"documents/{name}").substitute(facts)
            texts[path] = restated(replaced(_read(path), passages(filled)), params)
    return texts


def tests(package: str, *folders: str) -> dict[Path, str]:
    """Return the tests of a task, by path, from the first folder that has each."""
    texts = {}
    for name, path in TESTS.items():
        found = (f"{folder}/{name}" for folder in folders)
        chosen = next((one for one in found if (FOLDER / f"{one}.txt").exists()), "")
        if chosen:
            texts[path] = template(chosen).substitute(package=package)
    return texts


def absent() -> list[str]:
    """List the passages that a document does not mark: those are left as they are."""
    return [
        f"{path} has no line `<!-- adopt: {name} -->`: write that passage by hand"
        for text, path in DOCUMENTS.items()
        for name in passages(template(f"documents/{text}").template)
        if not path.exists() or name not in passages(_read(path))
    ]


def passages(text: str) -> dict[str, str]:
    """Return the text between the marks, by the name of the passage."""
    return {found["name"]: found["text"] for found in PASSAGE.finditer(text)}


def replaced(text: str, new: Mapping[str, str]) -> str:
    """Replace each passage of a document that has a new text."""

    def marked(found: re.Match[str]) -> str:
        passage = new.get(found["name"], found["text"])
        return f"<!-- adopt: {found['name']} -->\n{passage}<!-- /adopt -->"

    return PASSAGE.sub(marked, text)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
