"""Prose: own words for standard ideas are out of pages, docstrings, comments and messages."""

import re
import subprocess

import pytest

from conftest import ROOT

# Each with the reason that it is out: docs/reference/glossary.md says what to write.
OUT = {
    "knob": r"\bknobs?\b",
    "the Makefile's word": r"\bwords? of (?:the|a) Makefile|Makefile's words?\b",
    "surely better": r"\bsurely (?:beats?|better|worse|above|there)\b|\bbeats? (?:it|\w+) surely\b",
    "coding of a value": r"\b(?:a|the|its|with a) [Cc]odings?\b|\bcodings\.py\b",
    "what is whole": r"\bas a whole\b.*\b(?:folder|file)s?\b|\bwhole folders\b",
    "told apart": r"\btold apart\b|\btells of\b",
}
HISTORY = (
    "CHANGELOG.md",
    "docs/decisions/0015-map.md",
    "docs/how-to/move-to-the-library.md",
    "docs/reference/glossary.md",
    "tests/test_words.py",
)
READ = {".py", ".md", ".yaml", ".yml", ".txt", ".toml", ".mk", ""}
SKIPPED = ("requirements", "LICENSE", "licenses/", "pins/serve.txt", ".lock", "dev.txt")


def texts() -> dict[str, str]:
    """Return the texts that people read, by path."""
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name and not name.startswith(HISTORY)]
    chosen = [
        path
        for path in paths
        if path.is_file() and path.suffix in READ and not any(part in path.as_posix() for part in SKIPPED)
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in chosen}


@pytest.mark.parametrize("word", OUT)
def test_a_word_that_is_out_stands_nowhere(word):
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(OUT[word], line)
    ]
    assert found == []


@pytest.mark.parametrize("word", OUT)
def test_the_glossary_says_what_to_write(word):
    page = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8").partition("## Words that are out")[2]
    assert re.search(rf"^\| [^|]*{word}[^|]* \| \w", page, re.MULTILINE)


@pytest.mark.parametrize(("word", "line"), [("knob", "every knob"), ("surely better", "it is surely worse")])
def test_a_word_that_is_out_is_seen(word, line):
    assert re.search(OUT[word], line)
