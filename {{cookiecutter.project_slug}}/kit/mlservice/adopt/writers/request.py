"""The README's request: a curl command with one row of the user's columns."""

import json
from collections.abc import Mapping
from typing import Any

URL = "http://localhost:8000/predict"
WIDTH = 110  # characters of a line; a longer value has a line of its own


def curl(example: Mapping[str, Any], url: str = URL) -> str:
    """Return the command that requests a prediction for the example.

    The JSON is in single quotes, where a shell changes nothing.
    """
    body = '{"instances": [{\n' + _pairs(example) + "\n}]}"
    return f"curl -s {url} -H 'Content-Type: application/json' -d '{body}'"


def _pairs(example: Mapping[str, Any]) -> str:
    """Return the pairs of name and value, as many on each line as fit."""
    pairs = [f"{_json(name)}: {_json(value)}" for name, value in example.items()]
    lines = [" "]
    for pair in pairs:
        if len(lines[-1]) + len(pair) + 2 > WIDTH and lines[-1] != " ":
            lines.append(" ")
        lines[-1] += f" {pair},"
    return "\n".join(lines).removesuffix(",")


def _json(value: Any) -> str:
    """Return a value as JSON; quotes and unprintable characters are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    text = "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)
    return text.replace("'", "\\u0027")
