"""Generation of sample.py, params.yaml, the query and the passages for daily series."""

import json
import re

from mlservice.adopt.plan import Column, Plan
from mlservice.adopt.tasks.forecasting import days
from mlservice.adopt.tasks.forecasting.schema_code import Shape, example, in_words, role
from mlservice.adopt.writers.document_templates import template
from mlservice.adopt.writers.literals import plain, tidy
from mlservice.adopt.writers.markdown import code
from mlservice.adopt.writers.markdown import plain as shown
from mlservice.adopt.writers.markdown import table
from mlservice.adopt.writers.request import curl

MOST = 20  # series of the sample
PLANNED = "; {} goes on to the end of the horizon,\nbecause it is planned"


def sample(plan: Plan, shape: Shape) -> str:
    """Return sample.py as text: synthetic series, on two years of days at most."""
    words = {
        "series": str(min(shape.series, MOST)),
        "days": plain(min(max(shape.days, 300), 730)),
        "level": plain(shape.level),
        "decimals": str(0 if plan.target.whole else shape.digits),
        "usual": plain(shape.usual),
    }
    return tidy(template("forecasting/sample").substitute(words))


def params(plan: Plan, shape: Shape, old: str) -> str:
    """Return params.yaml with new days and slices; every other parameter stays."""
    validation, test = days.splits(shape.days, shape.series)
    slices = ["group"] * (role(plan, "group") is not None) + ["week", "weekday"]
    new = {
        "validation_days": str(validation),
        "test_days": str(test),
        "slices": f"[{', '.join(slices)}]",
    }
    for name, value in new.items():
        old = re.sub(rf"(?m)^(  {name}: )(\[.*?\]|\S+)", rf"\g<1>{value}", old)
    return old


def query(plan: Plan, old: str) -> str:
    """Return docs/baseline.sql with a comment that maps the user's table to its own."""
    names = {one.name: in_words(one).replace('"', '""') for one in plan.columns}
    series = f'"{names["product"]}"' if "product" in names else "'all'"
    view = (
        f'--   CREATE VIEW sales AS SELECT date("{names["date"]}") AS date,\n'
        f'--     {series} AS product, "{names["units"]}" AS units FROM raw;\n'
    )
    body = re.sub(r"--   CREATE VIEW(?s:.*?);\n", "", old)
    return body.replace("--   :last ", view + "--   :last ", 1)


def passages(plan: Plan, shape: Shape, package: str) -> str:
    """Return the passages of all documents, between their marks."""
    given = example(plan, shape)
    product = role(plan, "product")
    price = role(plan, "price")
    names = [product.column if product else "product", "start", plan.target.column]
    reply = ",".join(f"{json.dumps(n, ensure_ascii=False)}:…" for n in names)
    doubts = [*plan.warnings, *filter(None, (_doubt(one) for one in plan.columns))]
    words = {
        "package": package,
        "curl": curl(given),
        "reply": '{"predictions":[{' + reply + '}],"model_version":"…"}',
        "source": code(plan.source),
        "form": shown(plan.form),
        "rows": f"{plan.rows:,}",
        "series": "one series" if shape.series == 1 else f"{shape.series:,} series",
        "days": f"{shape.days:,}",
        "target": code(plan.target.column),
        "planned": PLANNED.format(code(price.column)) if price else "",
        "columns": _columns(plan.columns, "what it is"),
        "aside": _columns(plan.aside, "why it was set aside"),
        "doubts": "".join(f"**Open:** {shown(doubt)}\n\n" for doubt in doubts),
    }
    return template("forecasting/documents").substitute(words)


def _doubt(column: Column) -> str:
    return f"{column.column}: {column.warning}" if column.warning else ""


def _columns(columns: tuple[Column, ...], head: str) -> str:
    if not columns:
        return "No column was set aside."
    rows = [[code(one.column), one.kind, shown(one.why)] for one in columns]
    return table(["column", "kind", head], rows)
