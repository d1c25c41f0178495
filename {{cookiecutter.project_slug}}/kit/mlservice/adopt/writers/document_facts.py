"""Facts of a plan that the documents state, as Markdown."""

from collections.abc import Iterable, Mapping
from typing import Any

from mlservice.adopt.plan import TREATMENTS, Column, Plan
from mlservice.adopt.writers.markdown import Params, code, plain, stated, table
from mlservice.adopt.writers.request import curl

SHOWN = 100  # columns in a document's table; schema.py lists them all
FEW = 8  # categories in a cell of it
RANDOM = (
    "**Open:** Real rows come in order of time, and several may be of one person: is a "
    "random split honest? `TIME=` and\n`GROUP=` of `make adopt` choose another."
)
CLASSES = {  # the answer for a target with classes
    "answer": "a class of {target}, and the probability of each",
    "shape": '{"predictions":[{"label":"…","probabilities":{…}}],'
    '"model_version":"…"}',
    "told": "`label` is the class to act on, `probabilities` say how sure that is; see "
    "`decision` in `params.yaml`.",
}
NUMBER = {  # the answer for a numeric target
    "answer": "the value of {target}, and an interval around it",
    "shape": '{"predictions":[{"value":…,"interval":{"low":…,"high":…}}],'
    '"model_version":"…"}',
    "told": "`value` is in the unit of the target; `interval` holds as many of such "
    "rows as `decision` in\n`params.yaml` promises.",
}


def of(
    plan: Plan, example: Mapping[str, Any], params: Params, package: str
) -> dict[str, str]:
    """Return each fact by its name in the templates of the documents.

    `example` is one row as a request holds it; `params` is the new params.yaml.
    """
    target = code(plan.target.column)
    reply = CLASSES if plan.target.categories else NUMBER
    return {
        **reply,
        "package": package,
        "answer": reply["answer"].replace("{target}", target),
        "curl": curl(example),
        "source": code(plan.source),
        "form": plain(plan.form),
        "rows": f"{plan.rows:,}",
        "features": _count(len(plan.features), "feature"),
        "problem": _problem(plan),
        "target": target,
        "columns": _columns(plan),
        "aside": _aside(plan.aside),
        "doubts": _doubts(plan),
        "split": _split(plan),
        "decision": _decision(params),
        "slices": stated(params, "gate", "slices"),
    }


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _problem(plan: Plan) -> str:
    """Return the kind of the target, in words."""
    target, classes = plan.target, plan.target.categories
    if classes:
        return f"{len(classes):,} classes: {_values(target)}"
    return f"a {plan.problem} in {_values(target)}"


def _values(column: Column) -> str:
    """Return the values that a column may have, in words."""
    if column.categories:
        shown = ", ".join(map(code, column.categories[:FEW]))
        more = len(column.categories) - FEW
        return shown + (f" and {more:,} more" if more > 0 else "")
    if column.low is None or column.high is None:
        return ""
    return f"{_short(column.low)} … {_short(column.high)}"


def _short(value: float) -> str:
    """Return a bound without a needless `.0`."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _columns(plan: Plan) -> str:
    """Return the table of the columns that schema.py declares, the target last."""
    shown = [*plan.features[:SHOWN], plan.target]
    rows = [
        [
            code(column.column),
            column.kind,
            "the target" if column is plan.target else TREATMENTS[column.declared],
            f"{column.missing:.1%}" if column.missing else "",
            _values(column),
        ]
        for column in shown
    ]
    found = table(["column", "kind", "encoded as", "missing", "values"], rows)
    more = len(plan.features) - SHOWN
    return found + (f"\n\nAnd {_count(more, 'column')} more." if more > 0 else "")


def _aside(aside: tuple[Column, ...]) -> str:
    """Return the table of the columns set aside, with the evidence."""
    if not aside:
        return "No column was set aside."
    rows = [[code(each.column), each.kind, plain(each.why)] for each in aside[:SHOWN]]
    found = table(["set aside", "kind", "why"], rows)
    more = len(aside) - SHOWN
    return found + (f"\n\nAnd {_count(more, 'column')} more." if more > 0 else "")


def _split(plan: Plan) -> str:
    """Return how the rows are split, and why."""
    split = plan.split
    if split.kind == "random":
        return RANDOM
    return f"The split is by {split.kind}, {code(split.column)}: {plain(split.why)}."


def _doubts(plan: Plan) -> str:
    """Return the warnings as open points, which `make design` lists."""
    doubts: list[str] = [plain(each) for each in plan.warnings]
    doubts += _warned((*plan.columns, *plan.aside))
    return "".join(f"**Open:** {doubt}\n\n" for doubt in doubts)


def _warned(columns: Iterable[Column]) -> list[str]:
    return [f"{code(c.column)}: {plain(c.warning)}" for c in columns if c.warning]


def _decision(params: Params) -> str:
    """Return the parameters of the decision and their values."""
    names = params.get("decision", {})
    statements = [stated(params, "decision", name) for name in names]
    return ", ".join(statements) or "not written down yet"
