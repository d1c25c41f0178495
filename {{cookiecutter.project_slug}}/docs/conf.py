"""The site that `make docs` builds.

https://www.sphinx-doc.org/en/master/usage/configuration.html

Name, description and author are read from README.md and pyproject.toml: written once.
"""

import html
import re
import tomllib
from pathlib import Path

import astroid

ROOT = Path(__file__).parents[1]
PACKAGE = "{{ cookiecutter.package_name }}"


def as_typed(text: str) -> str:
    """Escape every punctuation mark: Markdown then shows the text as typed."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text.strip())


def code_as_in_markdown(*args):
    """Let docstrings write `name`s as Markdown does: Sphinx wants two ticks."""
    lines = args[-1]
    lines[:] = [re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``\\ ", line) for line in lines]


class Elsewhere(set):
    """All modules but ours: autoapi takes three times as long if it reads them too."""

    def __contains__(self, name):
        return name.partition(".")[0] not in (PACKAGE, "builtins")


astroid.MANAGER.module_denylist = Elsewhere()
astroid.MANAGER.brain["module_denylist"] = Elsewhere()  # for managers made later

about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
heading = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n")[0]

project = heading.removeprefix("# ").strip()
author = about["authors"][0]["name"]
project_copyright = author

extensions = ["myst_parser", "autoapi.extension"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["substitution"]
myst_substitutions = {  # for index.md; the other pages are read on the forge, too
    "project": as_typed(project),
    "description": as_typed(about["description"]),
}
myst_heading_anchors = 2
smartquotes = False  # a quote stays the one that was typed
highlight_language = "text"

autoapi_dirs = ["../src"]  # read, never imported
autoapi_root = "api"
autoapi_options = ["members", "undoc-members"]
autoapi_add_toctree_entry = False  # index.md places it

html_theme = "{{ cookiecutter._conventions.get('docs_theme', 'furo') }}"
html_title = html.escape(project)  # the theme writes it into the page as HTML


def skip_settings_of_pydantic(_app, _kind, name, _member, skip, _options):
    """Leave out `model_config`, which tells a reader nothing."""
    return skip or name.endswith(".model_config")


def setup(app):
    """Register what Sphinx calls while it builds."""
    app.connect("autodoc-process-docstring", code_as_in_markdown)
    app.connect("autoapi-skip-member", skip_settings_of_pydantic)
