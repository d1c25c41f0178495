"""Markdown of names and sentences from a table, with its syntax escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

Params = Mapping[str, Mapping[str, Any]]  # stage → parameter → value, as in params.yaml

# Ends a code span or a table's cell, or is read as a link or a make target by tests.
_UNSAFE = re.compile(r"[`|<>&\\\n\r]|\]\(|^make |^ | $|^$")
_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#|$~&]")


def code(text: str) -> str:
    """Return a name as a code span: `age`."""
    if _UNSAFE.search(text) or not text.isprintable():
        return f"<code>{plain(text)}</code>"
    return f"`{text}`"


def plain(text: str) -> str:
    """Return a sentence on one line, its punctuation escaped."""
    line = " ".join(text.split())
    return _SYNTAX.sub(lambda found: f"&#{ord(found[0])};", line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def stated(params: Params, stage: str, parameter: str) -> str:
    """Return a parameter's name and value; a test compares them with params.yaml."""
    value = _written(params[stage][parameter])
    name = f"`{stage}.{parameter}`"
    return name if "`" in value else f"{name} = `{value}`"


def restated(text: str, params: Params) -> str:
    """Replace the parameter values that a document states by those of params.yaml."""

    def now(found: re.Match[str]) -> str:
        stage, parameter = found[1], found[2]
        if parameter not in params.get(stage, {}):
            return found[0]
        statement = stated(params, stage, parameter)
        return statement.replace(" = ", found[3], 1)

    return re.sub(r"`(\w+)\.(\w+)`(\s=\s)`[^`]+`", now, text)


def _written(value: Any) -> str:
    """Return a value as one line of YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")
