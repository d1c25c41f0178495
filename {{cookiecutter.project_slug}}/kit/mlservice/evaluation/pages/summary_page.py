"""The summary: one page for people outside machine learning."""

import re
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from mlservice.evaluation.pages.first_screen import first_screen
from mlservice.evaluation.pages.render import render
from mlservice.evaluation.pages.run import Run

CARD = Path("docs/model-card.md")  # use and limits, written by people
USE, NOT = "Intended use", "Out of scope"  # its sections


def summary_page(run: Run[Any, Any]) -> str:
    """Return the page."""
    service = run.training.service
    text = CARD.read_text(encoding="utf-8") if CARD.is_file() else ""
    return render(
        "summary.html",
        first=first_screen(run),
        features=service.features,
        categories=run.categories,
        use=section(text, USE),
        not_for=section(text, NOT),
    )


def section(text: str, title: str) -> str:
    """Return a section of a Markdown document as HTML; empty if there is none."""
    plain = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^#|\Z)", plain, re.MULTILINE | re.DOTALL
    )
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return str(parser.render(found[1])) if found else ""
