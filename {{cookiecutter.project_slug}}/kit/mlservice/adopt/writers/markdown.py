"""Markdown of names and sentences from a table, with its syntax escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

import yaml

Params = Mapping[str, Mapping[str, Any]]  # stage → parameter → value, as in params.yaml
_STATED = re.compile(r"`(\w+(?:\.\w+)+)`(\s=\s)`[^`]+`")  # `train.seed` = `7`

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


def stated(params: Params, *names: str) -> str:
    """Return a parameter's name and value; a test compares them with params.yaml."""
    value = _written(reduce(getitem, names, params))
    name = f"`{'.'.join(names)}`"
    return name if "`" in value else f"{name} = `{value}`"


def restated(text: str, params: Params) -> str:
    """Replace the parameter values that a document states by those of params.yaml."""

    def now(found: re.Match[str]) -> str:
        try:
            statement = stated(params, *found[1].split("."))
        except (KeyError, TypeError):  # no parameter, or none of this project
            return found[0]
        return statement.replace(" = ", found[2], 1)

    return _STATED.sub(now, text)


def _written(value: Any) -> str:
    """Return a value as one line of YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")
