"""The site that `make docs` builds; https://www.sphinx-doc.org/en/master/usage/configuration.html."""

# pylint: disable=invalid-name  # the names are Sphinx's
project = "cookiecutter-ml-service"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
highlight_language = "text"
