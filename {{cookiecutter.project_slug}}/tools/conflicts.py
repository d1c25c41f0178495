"""What a merge leaves in conflict: the project's lines stay, the others are told."""

import re
from pathlib import Path

from .commands import git

CONFLICT = re.compile(
    r"^<{7} [^\n]*\n(.*?)^={7}\n(.*?)^>{7} [^\n]*\n?", re.DOTALL | re.MULTILINE
)


def unmerged(top: Path) -> dict[str, set[str]]:
    """Return the files in conflict, each with who has it: 2 the project, 3 we."""
    stages: dict[str, set[str]] = {}
    for line in filter(None, git(top, "ls-files", "-u", "-z").split("\0")):
        about, _, name = line.partition("\t")
        stages.setdefault(name, set()).add(about[-1])
    return stages


def settle(top: Path, name: str, stages: set[str]) -> str:
    """Let the project's lines stand; return what the template has instead."""
    file = top / name
    if "2" not in stages:
        git(top, "rm", "--quiet", "--force", "--", name)
        return f"{name}: gone here, changed in the template; it stays gone"
    if "3" not in stages:
        git(top, "add", "--force", "--", name)
        return f"{name}: changed here, gone in the template; yours stays"
    text = file.read_bytes().decode(errors="surrogateescape")
    theirs = [found[2] for found in CONFLICT.finditer(text)]
    if theirs:
        ours = CONFLICT.sub(lambda found: found[1], text)
        file.write_bytes(ours.encode(errors="surrogateescape"))
    else:
        git(top, "checkout", "--ours", "--", name)
    git(top, "add", "--force", "--", name)
    hint = ", or type 'make lock'" if re.search(r"requirements/\w+\.txt$", name) else ""
    shown = "".join(f"\n    {line}" for each in theirs for line in each.splitlines())
    return f"{name}: both changed it; yours stays{hint}. The template has:{shown}"
