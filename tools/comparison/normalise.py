"""Replace what differs between two runs of one version: times, paths, hashes, ports."""

import re
from pathlib import Path

STAMP = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?"
VOLATILE = (
    (re.compile(STAMP), "<time>"),
    (re.compile(r"(?<![\w.])(?=\d*[a-f])[0-9a-f]{12,64}(?!\w)"), "<hash>"),  # a number has no letter
    (re.compile(r"\b(127\.0\.0\.1|localhost)([:',/ ]+)\d{4,5}\b"), r"\1\2<port>"),
    (re.compile(r"\b\d+\.\d+ ?(s|ms|seconds)\b"), "<duration>"),
    (re.compile(r"\.py:\d+"), ".py:<line>"),
    (re.compile(r"\.py\", line \d+"), '.py", line <line>'),
    (re.compile(r"\[Makefile:\d+:"), "[Makefile:<line>:"),
    (re.compile(r"\bprocess \[?\d+\]?|\bpid[=: ]\d+"), "process <pid>"),
)
IMPORT = re.compile(r"^[ \t]*(?:from [\w.]+ import (?:\([^)]*\)|[^(\n]*)|import [\w., ]+)[^\n]*\n", re.MULTILINE)
BLANK = re.compile(r"\n{2,}")
SERIES = re.compile(r"^([a-zA-Z_]\w*(?:\{[^}]*\})?) \S+$")


def normalise(text: str, *folders: Path) -> str:
    """Return the text without what changes from run to run; `folders` are written as `<work>`."""
    text = without_folders(text, *folders)
    for pattern, placeholder in VOLATILE:
        text = pattern.sub(placeholder, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def without_folders(text: str, *folders: Path) -> str:
    """Return the text with `<work>` in the place of each folder, else byte for byte."""
    for folder in folders:
        text = text.replace(str(folder), "<work>")
    return text


def split_imports(code: str) -> tuple[str, list[str]]:
    """Split Python code into the code without imports, and the imports, sorted and each on one line.

    Blank lines are reduced to one: where an import stood, nothing tells how many there were.
    """
    found = sorted({" ".join(each[0].split()) for each in IMPORT.finditer(code)})
    return BLANK.sub("\n\n", IMPORT.sub("", code)).strip("\n") + "\n", found


def metric_names(exposition: str) -> str:
    """Return the series of a Prometheus exposition with their help and labels, without their values."""
    lines = set()
    for line in exposition.splitlines():
        series = SERIES.match(line)
        lines.add(series[1] if series else line)
    return "\n".join(sorted(lines))


def broken_at_fields(body: str) -> str:
    """Put each field of compact JSON on a line of its own, so that a difference shows one field."""
    return re.sub(r"(?<=[,{\[])(?=[\"{])", "\n", body)
