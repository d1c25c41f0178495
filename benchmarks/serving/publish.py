"""Write what a run found: tables and plot under build/, and into the documentation where that is wanted."""

import dataclasses
import json
import os
import platform
import subprocess
from pathlib import Path

from common import Line, table
from serving.peers import PEERS
from serving.report import middle, tables, total
from serving.rounds import Figures
from trial import ROOT

OUT = ROOT / "build" / "benchmarks"
PAGE = ROOT / "docs" / "reference" / "serving-benchmark.md"
PICTURE = PAGE.with_suffix(".svg")
BEGIN, END = "<!-- figures: written by benchmarks/serving -->", "<!-- end of the figures -->"


def as_json(figures: Figures) -> dict:
    """Return the medians, a row for each service and number of connections, and the rest as it is."""
    rows = [
        {
            "connections": many,
            "name": name,
            "title": PEERS[name].title,
            **{figure: middle(figures, many, name, figure) for figure in ("rate", "p50", "p99", "cpu")},
            **{figure: total(figures, many, name, figure) for figure in ("errors", "busy")},
        }
        for many, name in figures.loads
    ]
    return {"rows": rows, **{k: v for k, v in dataclasses.asdict(figures).items() if k != "loads"}}


def machine(rounds: int, seconds: int) -> str:
    """Say where and how the figures were measured."""
    load, many = os.getloadavg()[0], os.cpu_count() or 1
    busy = " **The machine was busy: only the processor times say much.**" if load > many / 2 else ""
    return (
        f"Medians of {rounds} rounds of {seconds} s (twice that in a crowd) on {many} cores ({platform.machine()}), "
        f"Python {platform.python_version()}; load before the run: {load:.1f}.{busy}"
    )


def text_of(figures: Figures, lines: list[Line], where: str) -> str:
    """Return all that is shown of a run."""
    return f"{where}\n\n{tables(figures)}\n\n{verdict_table(lines)}"


def verdict_table(lines: list[Line]) -> str:
    """Lay the verdicts out as a table."""
    return table(("figure", "measured", "target", "verdict"), [line.texts() for line in lines])


def write(figures: Figures, text: str, python: Path, docs: bool) -> None:
    """Write tables, figures and plot; `python` is one that has matplotlib."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "serving.md").write_text(text + "\n", encoding="utf-8")
    source, picture = OUT / "serving.json", PICTURE if docs else OUT / "serving.svg"
    source.write_text(json.dumps(as_json(figures), indent=2) + "\n", encoding="utf-8")
    subprocess.run((python, Path(__file__).with_name("plot.py"), source, picture), check=True)
    if docs:
        PAGE.write_text(in_page(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


def in_page(page: str, text: str) -> str:
    """Put a run's text where the page has its figures."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}"
