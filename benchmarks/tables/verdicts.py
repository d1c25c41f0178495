"""The figures over all tables, with their goals, and what happened to each table."""

import math
from collections.abc import Sequence
from statistics import fmean

from common import Line, table
from tables.journey import Result

TAKEN = 0.97  # of all tables
NOT_WORSE = 0.95  # of the tables that are compared
MUCH = 1.10  # times the plain loss


def lines(results: Sequence[Result]) -> list[Line]:
    """Judge the results; what cannot be measured is missed."""
    taken = [result for result in results if result.taken]
    compared = [result.comparison for result in results if result.comparison]
    better = [found for found in compared if found.low <= 1]
    far = [found for found in compared if found.low > MUCH]
    mean = math.exp(fmean(math.log(found.ratio) for found in compared)) if compared else math.inf
    return [
        _share("taken", [result.taken for result in results], TAKEN),
        _share("`make pipeline` runs", [result.trained for result in taken]),
        _share("served, README's request answered", [result.served for result in taken]),
        _share("not significantly worse than plain boosting", [found in better for found in compared], NOT_WORSE),
        Line("significantly worse than 1.1 × plain", str(len(far)), "none", bool(compared) and not far),
        Line("loss over plain's, geometric mean", f"{mean:.3f}", "at most 1.000", mean <= 1),
    ]


def _share(figure: str, met: Sequence[bool], least: float = 1.0) -> Line:
    goal = "all" if least == 1 else f"at least {least:.0%}"
    return Line(figure, f"{sum(met)} of {len(met)}", goal, bool(met) and sum(met) >= least * len(met))


def details(results: Sequence[Result]) -> str:
    """Lay out what happened to each table, by name."""
    rows = [(result.name, result.task, _cell(result.line)) for result in sorted(results, key=lambda one: one.name)]
    return table(("table", "task", "what happened: our loss against plain's, their ratio, its interval"), rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
