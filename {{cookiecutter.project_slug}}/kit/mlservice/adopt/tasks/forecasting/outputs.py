"""Texts of the files that adopting a table of daily series writes."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from mlservice.adopt.plan import Plan
from mlservice.adopt.project import Project
from mlservice.adopt.tasks.forecasting import documents, schema_code
from mlservice.adopt.tasks.forecasting.series import plan_for
from mlservice.adopt.tasks.task import Task
from mlservice.adopt.writers import document_templates, markdown
from mlservice.params import PARAMS

QUERY = Path("docs/baseline.sql")


def texts(plan: Plan, frame: pd.DataFrame, project: Project) -> dict[Path, str]:
    """Return the text of every file that is written, by its path.

    Run in the project's folder: documents and params.yaml are read there, and what
    adopting does not generate stays.
    """
    shape = schema_code.shape_of(plan, frame)
    params = documents.params(plan, shape, PARAMS.read_text(encoding="utf-8"))
    texts_by_path = {
        project.source / "schema.py": schema_code.schema(plan, shape),
        project.source / "sample.py": documents.sample(plan, shape),
        PARAMS: params,
        **document_templates.tests(project.package, "forecasting"),
        **_documents(documents.passages(plan, shape, project.package), params),
    }
    if QUERY.exists():
        old = QUERY.read_text(encoding="utf-8")
        texts_by_path[QUERY] = documents.query(plan, old)
    return texts_by_path


def _documents(filled: str, params: str) -> dict[Path, str]:
    """Return each document with its new passages and the new values of parameters."""
    stages: dict[str, Any] = yaml.safe_load(params)
    passages = document_templates.passages(filled)
    found = {}
    for path in filter(Path.exists, document_templates.DOCUMENTS.values()):
        old = path.read_text(encoding="utf-8")
        new = document_templates.replaced(old, passages)
        found[path] = markdown.restated(new, stages)
    return found


FORECASTING = Task(plan_for=plan_for, texts=texts)
