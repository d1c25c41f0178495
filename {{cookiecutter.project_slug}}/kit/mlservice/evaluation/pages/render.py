"""Rendering of a page from its template.

The delimiters are `[[ ]]`, `[% %]` and `[# #]`: Jinja's own would be rendered when a
project is made.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


@cache
def _environment(folder: Path) -> Environment:
    made = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,  # every value is text, unless a template says `safe`
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "interval": interval, "short": short}
    return made


def render(template: str, folder: Path = HERE, **values: Any) -> str:
    """Render the template of this name in a folder; parts of pages are found, too."""
    return _environment(folder).get_template(template).render(**values) + "\n"


def number(value: float | None) -> str:
    """Return a number with about four digits; a dash for none."""
    if value is None:
        return "–"
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}"


def interval(found: Mapping[str, float]) -> str:
    """Return an estimate with its interval, all with the same decimals."""
    known = [found[name] for name in ("value", "low", "high")]
    size = max(map(abs, known)) or 1.0
    digits = min(max(2 - math.floor(math.log10(size)), 0), 8)
    value, low, high = (f"{each:,.{digits}f}" for each in known)
    return f"{value} [{low}, {high}]"


def short(value: Any) -> str:
    """Return the beginning of a hash or another long word."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:16]}…"
