"""Write the numbers of the last run into the documents that state them.

A document marks a number of reports/metrics.json by a comment before it, as in
`<!-- metrics: models.candidate.log_loss.value -->0.399`. As many decimals are kept as
the number has. A test compares the documents with the file.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

METRICS = Path("reports/metrics.json")
DOCUMENTS = Path("docs")
MARK = re.compile(r"(<!-- metrics: (\S+) -->)(-?[\d,]*\d(?:\.\d+)?)")


def held(metrics: Any, name: str) -> float:
    """Return the number with a dotted name; raise KeyError if there is none."""
    found = metrics
    for part in name.split("."):
        found = found[part]
    return float(found)


def restated(text: str, metrics: Any) -> str:
    """Return a document with the numbers of these metrics; unknown names stay."""

    def number(match: re.Match[str]) -> str:
        mark, name, stated = match.groups()
        decimals = len(stated.partition(".")[2])
        try:
            return f"{mark}{held(metrics, name):,.{decimals}f}"
        except (KeyError, TypeError):
            return match[0]

    return MARK.sub(number, text)


def update() -> Iterator[Path]:
    """Rewrite the documents whose numbers are not those of the last run; yield them."""
    if not METRICS.is_file():
        return
    metrics = json.loads(METRICS.read_text(encoding="utf-8"))
    for path in sorted(DOCUMENTS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (new := restated(text, metrics)) != text:
            path.write_text(new, encoding="utf-8")
            yield path


if __name__ == "__main__":
    for changed in update():
        print(f"numbers of the last run written into {changed}")
