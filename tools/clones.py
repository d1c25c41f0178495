"""A local clone of a rendered project, and the template that it follows, at any of its versions."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.version import InvalidVersion, Version

ANSWERS = ".copier-answers.yml"
SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}  # as Copier writes them


class Trouble(Exception):
    """Why one repository cannot be judged, in one sentence; the others go on."""


@dataclass(frozen=True)
class Clone:
    """What a project says about itself."""

    folder: Path
    source: str  # the template's path or address
    version: str
    answers: dict[str, object]


def read(folder: Path, template: str = "") -> Clone:
    """Read a clone's answers; `template` takes the place of the address that stands there."""
    path = folder / ANSWERS
    if not folder.is_dir():
        raise Trouble("there is no such folder")
    if not path.is_file():
        raise Trouble(f"no {ANSWERS}: it does not follow a template")
    try:
        known = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Trouble(f"{ANSWERS} cannot be read: take back what was changed in it by hand") from error
    known = known if isinstance(known, dict) else {}
    if not known.get("_commit") or not (template or known.get("_src_path")):
        raise Trouble(
            f"{ANSWERS} names no template or no version (_src_path, _commit): render it from a git repository"
        )
    answers = {name: value for name, value in known.items() if not name.startswith("_")}
    return Clone(folder, template or str(known["_src_path"]), str(known["_commit"]), answers)


def git(*words: str | Path) -> subprocess.CompletedProcess:
    """Run git, which asks nobody for a password."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(
        ("git", *words), capture_output=True, text=True, errors="replace", env=environment, check=False
    )


class Template:
    """A copy of the template's repository in `store`, made once for all clones that follow it."""

    def __init__(self, source: str, store: Path) -> None:
        """Fetch it; raise Trouble where it cannot be had."""
        short, rest = source[:3], source[3:]
        address = f"{SHORT[short]}{rest}.git" if short in SHORT else source.removeprefix("git+")
        self.store, self.repository = store, store / "template.git"
        store.mkdir(parents=True, exist_ok=True)
        if git("clone", "--quiet", "--bare", "--", address, self.repository).returncode:
            raise Trouble(f"the template cannot be reached at {source}: --template names another place")

    def _git(self, *words: str | Path) -> subprocess.CompletedProcess:
        return git(f"--git-dir={self.repository}", *words)

    def newest(self) -> str:
        """Return the newest version as Copier sees it: the highest tag that is no pre-release, or else the commit."""
        versions = {}
        for tag in self._git("tag").stdout.split():
            try:
                versions[Version(tag)] = tag
            except InvalidVersion:
                continue
        final = [version for version in versions if not version.is_prerelease]
        return versions[max(final)] if final else self._git("describe", "--tags", "--always").stdout.strip()

    def commit(self, version: str) -> str:
        """Return the commit of a version: a tag, a hash, or what `git describe` said."""
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}")
        if found.returncode:
            raise Trouble(f"the template has no version {version}: was its history rewritten, or a tag removed?")
        return str(found.stdout.strip())

    def files(self, version: str) -> Path:
        """Return a folder with the template's files of a version, and no repository around them."""
        commit = self.commit(version)
        folder = self.store / commit
        if not folder.exists():
            folder.mkdir()
            self._git(f"--work-tree={folder}", "checkout", "--quiet", "--force", commit, "--", ".")
        return folder
