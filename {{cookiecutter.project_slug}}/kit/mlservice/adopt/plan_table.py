"""Output of the plan as a table, for the person who confirms it."""

import shutil
import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mlservice.adopt.plan import TREATMENTS, Column, Plan

NARROWEST, WIDEST = 80, 160  # characters


def show(plan: Plan) -> None:
    """Print the plan: a row for each column, then the warnings."""
    width = shutil.get_terminal_size((110, 24)).columns
    console = Console(width=min(max(width, NARROWEST), WIDEST), file=sys.stdout)
    console.print(f"{plan.source}: {plan.form}, {plan.rows:,} rows", markup=False)
    console.print(
        f"target {plan.target.column}: {plan.problem}; {plan.target.why}", markup=False
    )
    if plan.split.kind != "random":
        said = f"split by {plan.split.kind}, column {plan.split.column}"
        console.print(f"{said}: {plan.split.why}", markup=False)
    console.print(_table(plan))
    warnings = [(one.column, one.warning) for one in (*plan.columns, *plan.aside)]
    for column, warning in warnings:
        if warning:
            console.print(f"! {column}: {warning}", markup=False, style="yellow")
    for warning in plan.warnings:
        console.print(f"! {warning}", markup=False, style="yellow")


def _table(plan: Plan) -> Table:
    table = Table("column", "kind", "treatment", "missing", "why")
    for column in (*plan.columns, *plan.aside):
        treatment = TREATMENTS[column.declared]
        if column is plan.target:
            treatment = "the target"
        style = "" if column.declared else "dim"
        table.add_row(*map(escape, _row(column, treatment)), style=style)
    return table


def _row(column: Column, treatment: str) -> tuple[str, ...]:
    missing = f"{column.missing:.1%}" if column.missing else ""
    return column.column, column.kind, treatment, missing, column.why
