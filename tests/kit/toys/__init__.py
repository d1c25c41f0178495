"""Toy services of all five tasks: contracts without a user's package or training."""

from importlib import import_module

TASKS = ("classification", "regression", "forecasting", "text", "image")
SERVICES: dict  # by task


def __getattr__(name):
    """Import the toys when SERVICES is asked for: `python -m toys.text` imports one alone."""
    if name == "SERVICES":
        return {task: import_module(f"toys.{task}").SERVICE for task in TASKS}
    raise AttributeError(name)
