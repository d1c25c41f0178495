"""Texts of the files that adopting a table writes, where each row is one example."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from mlservice.adopt.plan import Plan
from mlservice.adopt.project import Project
from mlservice.adopt.tasks.table import hyperparameters, params_text, sample_code
from mlservice.adopt.tasks.table.examples import kept_sections
from mlservice.adopt.tasks.table.table_task import TableTask
from mlservice.adopt.writers import document_facts, document_templates, schema_code
from mlservice.adopt.writers.record import RECORD
from mlservice.params import PARAMS


def texts(
    task: TableTask, plan: Plan, frame: pd.DataFrame, project: Project
) -> dict[Path, str]:
    """Return the text of every file that is written, by its path."""
    plan = encodable(plan, project)
    params = params_text.write(
        task,
        plan,
        hyperparameters.choose(task, frame, plan),
        several=project.has("params.py", "candidates"),
    )
    params += kept_sections(PARAMS.read_text(encoding="utf-8"))
    stages: dict[str, Any] = yaml.safe_load(params)
    example = {one.column: one.example for one in plan.features}
    facts = document_facts.of(plan, example, stages, project.package)
    return {
        project.source / "schema.py": schema_code.write(plan, _descriptions(project)),
        project.source / "sample.py": sample_code.write(task, plan),
        PARAMS: params,
        **document_templates.tests(project.package, task.name, "table"),
        **document_templates.documents(facts, stages),
    }


def encodable(plan: Plan, project: Project) -> Plan:
    """Hash many categories into columns where model.py is older than target means."""
    if project.has("model.py", "with_target_means"):
        return plan
    features = [
        replace(one, declared="hashed_columns") if one.declared == "hashed" else one
        for one in plan.features
    ]
    return replace(plan, features=tuple(features))


def _descriptions(project: Project) -> schema_code.Descriptions:
    """Return what people wrote about their columns since the last time."""
    if not RECORD.exists():  # the columns of today are the sample's
        return {}
    unwritten = schema_code.ASK
    return {
        one.column: (one.meaning, one.unit)
        for one in project.columns
        if unwritten not in one.meaning
    }
