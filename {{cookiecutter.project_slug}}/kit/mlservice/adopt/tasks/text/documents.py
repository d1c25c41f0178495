"""Generation of schema, keywords, sample, parameters and passages for texts."""

from collections.abc import Mapping
from string import Template

from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table.examples import (
    in_yaml,
    rounded,
    slices,
    test_share,
)
from mlservice.adopt.tasks.text.keywords_finder import Keywords
from mlservice.adopt.tasks.text.text_choice import text_in
from mlservice.adopt.writers import schema_code
from mlservice.adopt.writers.document_templates import template
from mlservice.adopt.writers.literals import quoted, tidy
from mlservice.adopt.writers.markdown import code

KEYWORDS = Template('''\
"""The words that stand for a class: all that the baseline knows of a text.

Found by `make adopt` in $source; docs/baseline.sql asks for the same ones.
"""

KEYWORDS: dict[str, tuple[str, ...]] = {  # the first class with one gets it
$keywords}
OTHERWISE = $otherwise  # the class that texts without a keyword mostly are of
''')


def schema(plan: Plan) -> str:
    """Return schema.py as text, formatted; the text is annotated with `Text`."""
    return schema_code.write(plan, encoders={"bag_of_words": (".texts", "Text")})


def keywords(plan: Plan, found: Keywords) -> str:
    """Return keywords.py as text, formatted."""
    lines = [
        f"{quoted(name)}: ({', '.join(map(quoted, words))},),\n"
        for name, words in found.keywords.items()
    ]
    return tidy(
        KEYWORDS.substitute(
            source=schema_code.source_of(plan),
            keywords="".join(lines),
            otherwise=quoted(found.otherwise),
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
    return tidy(template("text/sample").substitute(words))


TRAIN = """\
  candidates: [linear, naive_bayes] # of model.py; the best by gate.metric goes to the gate
  linear:
    inverse_regularization: {} # scikit-learn's C: larger fits the training rows closer
    max_iter: 300
  naive_bayes:
    alpha: 0.1 # added to the count of each word
"""
SOLE = """\
  inverse_regularization: {} # scikit-learn's C: larger fits the training rows closer
  max_iter: 300
"""  # of a params.py from before 0.9.0: one candidate


def params(plan: Plan, strength: float, *, several: bool) -> str:
    """Return params.yaml as text; `strength` is what regularization.choose returns.

    `several` tells whether params.py knows several candidates.
    """
    words = {
        "slices": slices(plan),
        "test": str(test_share(plan)),
        "split": plan.split.kind,
        "column": in_yaml(plan.split.column),
        "train": (TRAIN if several else SOLE).format(strength),
    }
    return template("text/params").substitute(words)


def passages(plan: Plan, found: Keywords, facts: Mapping[str, str]) -> str:
    """Return the passages that differ from those of other tables, between marks."""
    without = [name for name in plan.target.categories if name not in found.keywords]
    words = {
        **facts,
        "text": code(text_in(plan).column),
        "classes": f"{len(plan.target.categories)}",
        "silent": f"{len(without)}",
    }
    return template("text/documents").substitute(words)
