"""The interface of a task: what adopting does differently for each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mlservice.adopt.plan import Options, Plan
from mlservice.adopt.project import Project
from mlservice.adopt.sources import Source


@dataclass(frozen=True)
class Task:
    """How a table is inspected for one task, and which files are written for it.

    `plan_for` takes a source and sampled rows of it, as text, and raises UserError
    where the task cannot use the table. `texts` returns the text of every file that is
    written, by its path, and runs in the project's folder.
    """

    plan_for: Callable[[Source, pd.DataFrame, Options], Plan]
    texts: Callable[[Plan, pd.DataFrame, Project], dict[Path, str]]
