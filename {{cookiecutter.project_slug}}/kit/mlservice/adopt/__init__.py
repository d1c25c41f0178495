"""Adoption of a table: `make adopt DATA=my.csv TARGET=column`.

`sources` reads a table as text, `columns` infers what each column holds, `tasks` makes
a plan of it and generates schema, sample, parameters, tests and documents. The plan
alone is `infer_plan`, which needs no project.
"""

from mlservice.adopt.inference import infer_plan
from mlservice.adopt.plan import Column, Plan

__all__ = ["Column", "Plan", "infer_plan"]
