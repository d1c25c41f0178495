"""Selectors and labels of a Prometheus query.

promql-parser reads queries as Prometheus does: a pattern of our own would take a
function for a metric, or a label's value for a label.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import promql_parser as promql

Series = tuple[str, Mapping[str, str]]  # name of the metric, labels


class Query(NamedTuple):
    """Selectors of a query, and the labels by which it groups or joins."""

    selectors: list[promql.VectorSelector]
    labels: set[str]


def parse(expression: str) -> Query:
    """Parse a PromQL expression, in which Grafana's variable may stand for a time."""
    query = Query([], set())

    def visit(node: Any) -> None:
        if isinstance(node, promql.VectorSelector):
            query.selectors.append(node)
        modifier = getattr(node, "modifier", None)
        modifier = getattr(modifier, "matching", modifier)  # of a binary operation
        query.labels.update(modifier.labels if modifier else ())

    promql.walk(promql.parse(expression.replace("$__rate_interval", "1m")), visit)
    return query


def select(
    selector: promql.VectorSelector, series: Iterable[Series]
) -> list[Mapping[str, str]]:
    """Return the labels of each series that the selector finds."""
    matchers = selector.matchers.matchers
    return [
        labels
        for name, labels in series
        if name == selector.name and all(_fits(each, labels) for each in matchers)
    ]


def _fits(matcher: Any, labels: Mapping[str, str]) -> bool:
    """Return whether a matcher, with `=` or `=~`, fits the labels of a series."""
    value = labels.get(matcher.name, "")
    if matcher.op == promql.MatchOp.Equal:
        return bool(value == matcher.value)
    assert matcher.op == promql.MatchOp.Re, f"{matcher} is not supported by this check"
    return re.fullmatch(matcher.value, value) is not None
