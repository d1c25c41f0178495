"""Inference of a plan where each row of a table is one example."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import yaml

from mlservice.adopt.columns import hints, kinds, leaks, readings
from mlservice.adopt.columns import target as targets
from mlservice.adopt.plan import Column, Options, Plan
from mlservice.adopt.sources import Source
from mlservice.adopt.tasks.table import split_choice
from mlservice.errors import UserError

KEPT = ("monitoring", "budget")  # sections of params.yaml
FEWEST = 30  # rows, below which nothing can be evaluated
FEW_ROWS = ((200, 0.3), (2_000, 0.25))  # rows below → share of the test split
USUAL_SHARE = 0.2
JUDGED = 11  # rows of the rarer class in the test split: metrics need ten
MOST_JUDGED = 0.48  # share of the test split at most
SLICES = 2
MOST = 8  # values of a column whose slices are reported

Keep = tuple[str, ...]  # columns that are kept even if they seem to leak
Revise = Callable[[list[Column], pd.DataFrame, Keep], tuple[list[Column], Keep]]


def plan_for(
    problems: tuple[str, ...],
    source: Source,
    frame: pd.DataFrame,
    options: Options,
    revise: Revise = lambda others, _, keep: (others, keep),
) -> Plan:
    """Infer the plan of a table; `frame` holds sampled rows, as text.

    `problems` are those of the task; `revise` may change the columns beside the target,
    and which are kept. A split that is proposed, and leaves too few rows of a class, is
    replaced by a random one. Raise UserError where the target is missing, or no column
    is left to predict it from.
    """
    plan = _plan(problems, source, frame, options, revise)
    try:
        split_choice.check(plan, frame, test_share(plan), JUDGED)
    except UserError as error:
        if plan.split.asked:
            raise
        random = replace(options, unsplit=split_choice.unsplit(plan.split, error))
        return _plan(problems, source, frame, random, revise)
    return plan


def _plan(
    problems: tuple[str, ...],
    source: Source,
    frame: pd.DataFrame,
    options: Options,
    revise: Revise,
) -> Plan:
    given, others = _columns(frame, options)
    problem, target = targets.fit(given, frame, problems, options.template)
    if len(frame) < FEWEST:
        raise UserError(
            f"{source.name} has {len(frame)} rows; {FEWEST} are the least to judge by"
        )
    others, keep = revise(others, frame, options.keep)
    split, said = split_choice.choose(frame, others, options)
    others = split_choice.without_group(others, split, keep)
    found, warnings = leaks.find(frame, others, target, keep)
    if not any(one.declared for one in found):
        raise UserError(
            f"no column is left to predict '{options.target}' from: {_reasons(found)}; "
            "KEEP= keeps one all the same"
        )
    plan = Plan(
        source=source.name,
        form=source.form,
        rows=source.rows or len(frame),
        problem=problem,
        target=target,
        features=tuple(one for one in found if one.declared),
        aside=tuple(one for one in found if not one.declared),
        rarest=_rarest(target, frame, source.rows or len(frame)),
        split=split,
    )
    return replace(plan, warnings=(*warnings, *filter(None, [rare(plan), *said])))


def _columns(frame: pd.DataFrame, options: Options) -> tuple[Column, list[Column]]:
    """Return the target's column, and the others."""
    hints.check(list(frame.columns), replace(options, drop=()))
    columns = kinds.columns_of(frame, replace(options, time="", group=""))
    given = next(one for one in columns if one.column == options.target)
    return given, [one for one in columns if one is not given]


def _rarest(target: Column, frame: pd.DataFrame, rows: int) -> int:
    """Return the rows of the rarest class that is kept; an estimate from a sample."""
    counts = readings.apply(target.reading, frame[target.column]).value_counts()
    fewest = min((int(counts.get(one, 0)) for one in target.categories), default=0)
    return fewest * rows // len(frame)


def _reasons(columns: list[Column]) -> str:
    reasons = [f"{one.column}: {one.why}" for one in columns[:5]]
    return "; ".join(reasons) or "the target is the only one"


def test_share(plan: Plan) -> float:
    """Return the share of the test split, which only the gate sees.

    Of two classes, the rarer one needs JUDGED rows there.
    """
    usual = _usual_share(plan)
    if plan.problem != "two classes" or not plan.rarest:
        return usual
    wanted = math.ceil(100 * JUDGED / plan.rarest) / 100
    return max(usual, min(wanted, MOST_JUDGED))


def _usual_share(plan: Plan) -> float:
    """Return the share before classes count: of few rows, the gate needs more."""
    return next((share for rows, share in FEW_ROWS if plan.rows < rows), USUAL_SHARE)


def rare(plan: Plan) -> str:
    """Return the warning about a class of which little can be known, or ""."""
    if test_share(plan) <= _usual_share(plan):
        return ""
    return (
        f"the rarer class has {plan.rarest} rows: {test_share(plan):.0%} of all rows "
        "are the test split, so that the gate sees enough of them; expect wide "
        "intervals"
    )


def slices(plan: Plan) -> str:
    """Choose the columns by which metrics are reported, as a list in YAML."""
    few = [
        column.column
        for column in plan.features
        if column.declared == "flag" or 2 <= len(column.categories) <= MOST
    ]
    return in_yaml(few[:SLICES])


def in_yaml(value: Any) -> str:
    """Return a value as one line of YAML."""
    text: Any = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=1_000_000
    )
    return str(text).removesuffix("...\n").strip()


def rounded(share: float) -> float:
    """Round a share, so that it says little about the rows it comes from."""
    return max(round(share, 2), 0.01)


def kept_sections(old: str) -> str:
    """Return the sections of params.yaml that no data decide, as they are."""
    found = [
        re.search(rf"^{name}:.*(\n([ #].*)?)*", old, re.MULTILINE) for name in KEPT
    ]
    return "".join(f"\n{each.group().rstrip()}\n" for each in found if each)
