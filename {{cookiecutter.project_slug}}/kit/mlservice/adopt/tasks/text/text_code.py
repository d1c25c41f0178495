"""What adopt writes for texts: schema, keywords, sample, knobs and passages."""

import re
from collections.abc import Mapping
from string import Template
from typing import Any

from . import facts, schema_code
from .examples import rounded, slices, test_share
from .literals import quoted, tidy
from .markdown import Params, code
from .pages import FOLDER
from .plan import Plan
from .telling import Telling
from .text_columns import text_in

KEYWORDS = Template('''\
"""The words that stand for a class: all that the baseline knows of a text.

Found by `make adopt` in $source; docs/baseline.sql asks for the same ones.
"""

KEYWORDS: dict[str, tuple[str, ...]] = {  # the first class with one gets it
$keywords}
OTHERWISE = $otherwise  # the class that texts without a keyword mostly are of
''')


def schema(plan: Plan) -> str:
    """Return schema.py as text, formatted: a table's, whose text is a `Text`."""
    name = text_in(plan).name
    found = schema_code.write(plan)
    found = found.replace(f"    {name}: Words =", f"    {name}: Text =")
    found = found.replace("import Hashed, Words\n", "import Hashed\n")
    found = found.replace("from .codings import Words\n", "")
    imported = r"\g<0>from .texts import Text\n"
    return tidy(re.sub(r"from \.fields import .*\n", imported, found, count=1))


def keywords(plan: Plan, told: Telling) -> str:
    """Return keywords.py as text, formatted."""
    lines = [
        f"{quoted(name)}: ({', '.join(map(quoted, words))},),\n"
        for name, words in told.keywords.items()
    ]
    return tidy(
        KEYWORDS.substitute(
            source=schema_code.source_of(plan),
            keywords="".join(lines),
            otherwise=quoted(told.otherwise),
        )
    )


def sample(plan: Plan) -> str:
    """Return sample.py as text, formatted."""
    missing = [
        f"{quoted(one.column)}: {rounded(one.missing)}, "
        for one in plan.features
        if one.missing > 0
    ]
    words = {"source": schema_code.source_of(plan), "missing": "".join(missing)}
    return tidy(Template(_text("text-sample")).substitute(words))


def params(plan: Plan, strength: float) -> str:
    """Return params.yaml as text; `strength` is what strength.choose returns."""
    words = {
        "slices": slices(plan),
        "test": str(test_share(plan)),
        "strength": str(strength),
    }
    return Template(_text("text-params")).substitute(words)


def passages(
    plan: Plan, told: Telling, example: Mapping[str, Any], knobs: Params
) -> str:
    """Return the passages that are not those of every table, between their marks."""
    without = [name for name in plan.target.categories if name not in told.keywords]
    words = {
        **facts.of(plan, example, knobs),
        "text": code(text_in(plan).column),
        "classes": f"{len(plan.target.categories)}",
        "silent": f"{len(without)}",
    }
    return Template(_text("text")).substitute(words)


def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
