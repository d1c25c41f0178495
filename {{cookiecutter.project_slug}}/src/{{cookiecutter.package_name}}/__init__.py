"""The service. README.md says what it predicts and how to start it."""

DISTRIBUTION = "{{ cookiecutter.project_slug }}"  # the name in pyproject.toml
