"""The template that this project came from: its address and its versions."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .commands import Refused, run

ANSWERS = ".copier-answers.yml"
SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/", "git+": ""}
# A tag, and what `git describe` adds to it between two of them.
VERSION = re.compile(r"((?:v\d+|\d+(?=\.))(?:\.\d+)*)(-\d+-g[0-9a-f]+)?")


def read_answers(folder: Path) -> dict[str, str]:
    """Return what the project was rendered with, as text; refuse a damaged file."""
    path, history = folder / ANSWERS, f"git log -p -- {ANSWERS}"
    if not path.is_file():
        raise Refused(
            f"there is no {ANSWERS}, which names the template and its version: bring "
            f"it back ('{history}' shows it, if it was ever committed)"
        )
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = re.sub(r"\n +", " ", text).splitlines()  # long ones go on, indented
    pairs = [line.partition(": ")[::2] for line in lines if line[:1] not in ("", "#")]
    answers = {key: plain(value.strip()) for key, value in pairs}
    sound = all(re.fullmatch(r"\w+", key) for key in answers)
    if not sound or "_src_path" not in answers:
        raise Refused(f"{ANSWERS} is damaged: bring it back ('{history}' shows it)")
    if not answers.get("_commit"):
        raise Refused(
            f"{ANSWERS} names no version (_commit): the template was in no git "
            "repository when the project was rendered, so nothing can be followed"
        )
    return answers


def plain(value: str) -> str:
    """Return a value of one line of YAML without its quotes."""
    quote = value[:1]
    if quote in ("'", '"') and value.endswith(quote):
        return value[1:-1].replace(quote * 2 if quote == "'" else '\\"', quote)
    return value


def order(commit: str) -> tuple[list[int], int]:
    """Return what versions are compared by: the tag, and how many commits after it."""
    found = VERSION.fullmatch(commit)
    numbers = re.findall(r"\d+", found[1]) if found else []
    after = re.findall(r"^-(\d+)", found[2]) if found and found[2] else ["0"]
    return [int(each) for each in numbers], int(after[0])


@dataclass(frozen=True)
class Template:
    """Where the template is, the commits of its versions, and its latest commit."""

    source: str
    versions: dict[str, str]  # the oldest first
    head: str

    @property
    def newest(self) -> str:
        """Return the newest version, or the latest commit where there is none."""
        return next(reversed(self.versions), self.head[:12])

    def base(self, commit: str) -> str:
        """Return the version at or before what a project has; "" if that is unknown."""
        if described := VERSION.fullmatch(commit):
            return described[1]
        known = self.versions.items()
        return next((name for name, sha in known if sha.startswith(commit)), "")

    def is_newest(self, commit: str) -> bool:
        """Tell whether a project that has this commit has the newest version."""
        if not self.versions:
            return self.head.startswith(commit.rpartition("-g")[2])
        base = self.base(commit)
        return bool(base) and order(base) >= order(self.newest)

    def named(self, version: str) -> str:
        """Return the version's tag, typed with or without the v; refuse any other."""
        for tag in (version, f"v{version}", version.removeprefix("v")):
            if tag in self.versions:
                return tag
        known = ", ".join(self.versions) or "no version at all"
        raise Refused(f"the template has no version {version}: it has {known}")


def look_at(source: str) -> Template:
    """Ask the template for its versions; refuse where it does not answer."""
    address = os.path.expanduser(source)
    for short, full in SHORT.items():
        if source.startswith(short):
            address = full + source.removeprefix(short)
    if ":" not in address and not Path(address).is_absolute():
        raise Refused(
            f"_src_path in {ANSWERS} is {source}, which was a folder seen from another "
            "one: write the template's whole path or its address there, and commit"
        )
    try:
        listed = run("git", "ls-remote", "--", address, "HEAD", "refs/tags/*")
    except Refused as refused:
        raise Refused(
            f"the template at {source} does not answer ({refused}): if it has moved, "
            f"correct _src_path in {ANSWERS} and commit; if you are offline, wait"
        ) from refused
    pairs = [line.split("\t") for line in listed.splitlines()]
    tags = {name.removeprefix("refs/tags/"): commit for commit, name in pairs}
    found = filter(None, map(VERSION.fullmatch, tags))
    names = [each[1] for each in found if not each[2]]
    versions = {
        name: tags.get(name + "^{}", tags[name]) for name in sorted(names, key=order)
    }
    return Template(source, versions, tags.get("HEAD", ""))
