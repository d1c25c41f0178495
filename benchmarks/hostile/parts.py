"""Parts of the hostile table, their lines beside another checkout's, and the page that shows them."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import StatisticsError

from checkouts import Checkout
from common import Line, say, table
from processes import NotStarted
from trial import ROOT  # in tools/, where common looks

PAGE = ROOT / "docs/reference/hostile-load.md"
BEGIN, END = "<!-- figures: written by benchmarks/hostile -->", "<!-- end of the figures -->"


@dataclass(frozen=True)
class Scale:
    """How much is sent."""

    bodies: int  # hostile ones, at a time
    seconds: int  # of small requests beside hostile clients
    requests: int  # good ones, to see whether memory grows
    reloads: int
    rounds: int  # of load on two services in turns


FULL = Scale(bodies=20_000, seconds=20, requests=300_000, reloads=200, rounds=20)
QUICK = Scale(bodies=400, seconds=3, requests=6_000, reloads=4, rounds=3)

Measure = Callable[[Checkout, Scale], list[Line]]
Compare = Callable[[Checkout, Checkout, Scale], list[Line]]


@dataclass(frozen=True)
class Part:
    """A part of the table: measured on each checkout, or on both in turns."""

    about: str  # what its lines begin with
    measure: Measure | None = None
    compare: Compare | None = None


def beside(part: Part, now: Checkout, before: Checkout | None, scale: Scale) -> list[Line]:
    """Measure a part on this checkout and, if there is one, on the one before; goals are for this one."""
    lines: list[Line] = []
    if part.measure:
        lines += measured(part.measure, now, scale)
    if part.measure and before:
        say("the same on the other checkout")
        lines = merged(lines, measured(part.measure, before, scale))
    if part.compare and before:
        lines += part.compare(before, now, scale)
    return [line._replace(figure=f"{part.about}: {line.figure}") for line in lines]


def measured(measure: Measure, checkout: Checkout, scale: Scale) -> list[Line]:
    """Measure; what cannot be measured is missed, such as the memory of a service that was killed."""
    try:
        return measure(checkout, scale)
    except (NotStarted, OSError, StatisticsError) as error:
        reason = " ".join(f"{error}".split())[:200]
        return [Line("the measurement", f"not possible: {reason}", "possible", False)]


def merged(now: Sequence[Line], before: Sequence[Line]) -> list[Line]:
    """Add to each line what the other checkout showed for the same figure."""
    other = {line.figure: line.measured for line in before}
    return [
        line._replace(measured=f"{line.measured}; before: {other.get(line.figure, 'not possible')}") for line in now
    ]


def write(lines: Sequence[Line]) -> None:
    """Put a run into the page."""
    where = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    text = f"On {where}; load after the run: {os.getloadavg()[0]:.1f}.\n\n"
    text += table(("figure", "measured", "target", "verdict"), [line.texts() for line in lines])
    PAGE.write_text(in_page(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


def in_page(page: str, text: str) -> str:
    """Put a run's text where the page has its figures; at its end, with a heading, if it has none yet."""
    if BEGIN not in page:
        page += f"\n## The last run\n\n{BEGIN}{END}\n"
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}"
