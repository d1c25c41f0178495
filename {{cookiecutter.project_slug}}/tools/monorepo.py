"""Report what the repository around a project ignores, and which CI files never run.

`make setup` runs it. A project that is the top of its repository gets no report.
"""

import re
import sys

from .commands import Refused, run

CI_FILES = (".github/workflows", ".gitlab-ci.yml")
RULE = re.compile(r"(?P<file>.+?):\d+:(?P<pattern>.*)\t(?P<name>.+)")


def git(*words: str) -> list[str]:
    """Return the lines that git prints; none if it fails."""
    try:
        return run("git", "-c", "core.quotePath=false", *words).splitlines()
    except Refused:
        return []


def unread_ci(prefix: str) -> list[str]:
    """Return a sentence for each CI file of a subfolder, where it has no effect."""
    found = git("ls-files", "--cached", "--others", "--", *CI_FILES)
    return [
        f"CI does not run {prefix}{name}: it is read at the top of a repository "
        "only; docs/how-to/monorepo.md of the template says what to move"
        for name in sorted({name.partition("/")[0] for name in found})
    ]


def ignored(prefix: str) -> list[str]:
    """Return a sentence for each rule around the project that ignores files of it."""
    options = ("--others", "--ignored", "--exclude-standard", "--directory")
    names = git("ls-files", *options)
    rules = git("check-ignore", "--verbose", "--", *names) if names else []
    found: dict[str, list[str]] = {}
    for rule in filter(None, map(RULE.fullmatch, rules)):
        around = rule["file"].endswith(".gitignore") and rule["file"][0] not in "/~"
        personal = rule["name"].rstrip("/").rpartition("/")[2].startswith(".")
        if around and not personal and not rule["file"].startswith(prefix):
            text = f"`{rule['pattern']}` in {rule['file']} of the repository"
            found.setdefault(text, []).append(rule["name"])
    return [
        f"git leaves out {', '.join(hidden)}, for {rule}: to keep it, write its name "
        f"with ! before it into {prefix}.gitignore"
        for rule, hidden in found.items()
    ]


def main() -> int:
    """Print the report on stderr; it is no error."""
    prefix = "".join(git("rev-parse", "--show-prefix"))
    for line in [*unread_ci(prefix), *ignored(prefix)] if prefix else []:
        print(line, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
