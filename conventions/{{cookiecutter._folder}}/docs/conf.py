"""The site that `make docs` builds.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from pathlib import Path

project = Path(__file__).resolve().parents[1].name

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 2
smartquotes = False  # a quote stays the one that was typed
highlight_language = "text"

html_theme = "{{ cookiecutter._conventions.get('docs_theme', 'furo') }}"
html_title = project
