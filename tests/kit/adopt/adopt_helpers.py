"""What the tests of adopting share: a package in memory, the problems of each task, a table for all of them."""

import sys
from dataclasses import replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from mlservice.adopt.tasks import classification, regression
from toys import SERVICES

TABLES = (classification.TABLE, regression.TABLE)
each_problem = pytest.mark.parametrize(
    ("task", "problem"), [pytest.param(task, problem, id=problem) for task in TABLES for problem in task.problems]
)

TARGETS = {"classification": "left", "regression": "amount", "forecasting": "amount", "text": "left"}  # of `table`
WORDS = {"forecasting": ("--time", "day", "--group", "shop")}
each_task = pytest.mark.parametrize("home", TARGETS, indirect=True)


def table(rows=600):
    """A table with a little of everything, and a signal for every target."""
    rng = np.random.default_rng(3)
    shops = rows // 300
    days = pd.date_range("2025-01-01", periods=rows // shops)
    wish = rng.choice(["refund my money please", "where is my parcel now"], rows)
    mood = rng.normal(size=rows)
    left = (mood + (wish == "refund my money please") + rng.normal(0, 0.4, rows)) > 0.5
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 5000,
            "day": np.repeat(days.astype(str), shops),
            "shop": [f"shop {at % shops}" for at in range(rows)],
            "Mood ($)": mood.round(3),
            "class": rng.choice(["low", "medium", "high"], rows),
            "wish": [f"{text} {at % 97} times" for at, text in enumerate(wish)],
            "secret": [f"person{at}@private.test" for at in range(rows)],
            "left": np.where(left, "yes", "no"),
            "amount": (50 + 20 * mood + 9 * (np.arange(rows) // shops % 7)).clip(1),
        }
    ).round(2)


def contents(folder):
    """Return what each file holds, but git's and DVC's own."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    kept = (path for path in files if ".git" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept if ".dvc" not in path.parts}


class Package:
    """A package of the name `adopted`, whose modules are made from code."""

    name = "adopted"

    def __init__(self, patch):
        self._patch = patch
        self.add("").__path__ = []

    def add(self, name, code="", **attributes):
        """Add a module; its code may import those that were added before."""
        whole = f"{self.name}.{name}".rstrip(".")
        module = ModuleType(whole)
        module.__package__ = self.name
        vars(module).update(attributes)
        self._patch.setitem(sys.modules, whole, module)
        # pylint: disable-next=exec-used # the code is what is tested
        exec(compile(code, f"{name}.py", "exec"), vars(module))
        return module

    def service(self, task, schema):
        """Add `service`, whose SERVICE has the rows that a module of the schema declares; return the SERVICE."""
        service = replace(SERVICES[task], instance=schema.Instance, record=schema.Record)
        self.add("service", SERVICE=service)
        return service
