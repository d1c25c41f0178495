"""Texts of the files that adopting a table of texts writes."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from mlservice.adopt.plan import Column, Options, Plan
from mlservice.adopt.project import Project
from mlservice.adopt.sources import Source
from mlservice.adopt.tasks.table import examples
from mlservice.adopt.tasks.task import Task
from mlservice.adopt.tasks.text import (
    baseline_query,
    documents,
    keywords_finder,
    regularization,
)
from mlservice.adopt.tasks.text.text_choice import beside, fitted, text_in, text_of
from mlservice.adopt.writers import document_facts, document_templates
from mlservice.adopt.writers.markdown import restated
from mlservice.params import PARAMS

PROBLEMS = ("two classes", "several classes")  # of Plan.problem


def plan_for(source: Source, frame: pd.DataFrame, options: Options) -> Plan:
    """Infer which column is the text, and how the others are declared.

    `frame` holds sampled rows, as text. Raise UserError where there is no text, or no
    class to predict from it.
    """
    project = Project(options.package, "text")
    amounts = project.has("model.py", "words_and_numbers")

    def beside_text(
        others: list[Column], frame: pd.DataFrame, keep: examples.Keep
    ) -> tuple[list[Column], examples.Keep]:
        """Declare the columns beside the text; it is kept even if it seems to leak.

        A text may determine its class: that is the task.
        """
        text = text_of(others, frame, keep)
        found = [beside(one, text, keep, amounts) for one in others]
        return found, (*keep, text.column)

    return examples.plan_for(PROBLEMS, source, frame, options, beside_text)


def texts(plan: Plan, frame: pd.DataFrame, project: Project) -> dict[Path, str]:
    """Return the text of every file that is written, by its path.

    Run in the project's folder: documents are read there, and text outside of their
    passages stays.
    """
    plan = fitted(plan)
    text, target = text_in(plan), plan.target
    found = keywords_finder.find(frame, text, target)
    strength = regularization.choose(frame, plan, found.keywords)
    params = documents.params(
        plan, strength, several=project.has("params.py", "candidates")
    )
    params += examples.kept_sections(PARAMS.read_text(encoding="utf-8"))
    return {
        project.source / "schema.py": documents.schema(plan),
        project.source / "keywords.py": documents.keywords(plan, found),
        project.source / "sample.py": documents.sample(plan),
        PARAMS: params,
        Path("docs/baseline.sql"): baseline_query.write(
            text.column, target.column, found.keywords, found.otherwise
        ),
        **document_templates.tests(project.package, "text"),
        **_documents(plan, found, yaml.safe_load(params), project.package),
    }


def _documents(
    plan: Plan, found: keywords_finder.Keywords, params: dict[str, Any], package: str
) -> dict[Path, str]:
    """Return the documents with the passages of every table, then those of texts."""
    example = {one.column: one.example for one in plan.features}
    facts = document_facts.of(plan, example, params, package)
    own = document_templates.passages(documents.passages(plan, found, facts))
    return {
        path: restated(document_templates.replaced(text, own), params)
        for path, text in document_templates.documents(facts, params).items()
    }


TEXT = Task(plan_for=plan_for, texts=texts)
