"""Names and evidence from a table, as Markdown shows them: never as its syntax."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

Params = Mapping[str, Mapping[str, Any]]  # stage → knob → value, as in params.yaml

# What ends a code span or a table's cell, and what tests read as links or words.
_UNSAFE = re.compile(r"[`|<>&\\\n\r]|\]\(|^make |^ | $|^$")
_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#|$~&]")


def code(text: str) -> str:
    """Show a name as it is: `age`."""
    if _UNSAFE.search(text) or not text.isprintable():
        return f"<code>{plain(text)}</code>"
    return f"`{text}`"


def plain(text: str) -> str:
    """Show a sentence in one line, its punctuation as it was typed."""
    line = " ".join(text.split())
    return _SYNTAX.sub(lambda found: f"&#{ord(found[0])};", line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def stated(params: Params, stage: str, knob: str) -> str:
    """Return a knob's name and value; a test compares them with params.yaml."""
    value = _written(params[stage][knob])
    name = f"`{stage}.{knob}`"
    return name if "`" in value else f"{name} = `{value}`"


def restated(text: str, params: Params) -> str:
    """Return a document whose stated values are those of params.yaml."""

    def now(found: re.Match[str]) -> str:
        stage, knob = found[1], found[2]
        if knob not in params.get(stage, {}):
            return found[0]
        told = stated(params, stage, knob)
        return told.replace(" = ", found[3], 1)

    return re.sub(r"`(\w+)\.(\w+)`(\s=\s)`[^`]+`", now, text)


def _written(value: Any) -> str:
    """Write a value in one line of YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")
