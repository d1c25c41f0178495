"""The service. README.md says what it predicts and how to start it."""

NAME = "{{ cookiecutter.project_slug }}"  # of the service and of its model in MLflow
__version__ = "0.1.0"
