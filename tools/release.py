"""Release a version of the template, or make the tags again that a clone lost.

    python tools/release.py 1.2.0   check, write the version, commit, tag
    python tools/release.py tags    tag every version of CHANGELOG.md that has no tag

pyproject.toml holds the version, CHANGELOG.md what each one brought. A version's commit is the one that wrote it into
pyproject.toml, unless its heading in CHANGELOG.md names another: so tags can be lost, and history still knows them.

The library in the tree gets the same version, and the list of its files' hashes, by which a project sees its changes.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

CHANGELOG, PROJECT = Path("CHANGELOG.md"), Path("pyproject.toml")
HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)(?: at `([0-9a-f]{7,40})`)?$", re.MULTILINE)
WRITTEN = re.compile(r'^version = "(.*)"$', re.MULTILINE)
KIT = Path("{{cookiecutter.project_slug}}/kit")
LIBRARY, RELEASED = KIT / "mlservice", KIT / "RELEASED"


def git(*words: str, **more: str) -> str:
    """Run git and return what it prints; stop with its own words where it fails."""
    done = subprocess.run(("git", *words), capture_output=True, text=True, check=False, env={**os.environ, **more})
    if done.returncode:
        sys.exit(done.stderr.strip())
    return done.stdout.strip()


def parts(version: str) -> list[int]:
    """Return what versions are compared by."""
    return [int(part) for part in version.split(".")]


def described(text: str) -> dict[str, str]:
    """Return what CHANGELOG.md says of each version, the newest first."""
    found = [*HEADING.finditer(text)]
    ends = [each.start() for each in found[1:]] + [len(text)]
    return {each[1]: text[each.end() : end].strip() for each, end in zip(found, ends, strict=True)}


def complaints(version: str) -> Iterator[str]:
    """Yield what is in the way of releasing the version."""
    text, now = CHANGELOG.read_text(encoding="utf-8"), written()
    today, dated = date.today().isoformat(), {each[1]: each[2] for each in HEADING.finditer(text)}
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        yield f"a version is three numbers, like 1.2.0, and not {version!r}"
    elif parts(version) <= parts(now):
        yield f"{version} is not newer than {now}"
    if git("status", "--porcelain"):
        yield "commit or stash first: the tree is not clean"
    if not described(text).get(version):
        yield f"{CHANGELOG} says nothing under the heading `## [{version}] - {today}`"
    elif dated[version] != today:
        yield f"{CHANGELOG} dates {version} {dated[version]}, and today is {today}"
    if re.search(r"^## \[Unreleased\][^\n]*\n+(?!## )\S", text, re.MULTILINE):
        yield f"{CHANGELOG} has something under Unreleased: move it to {version}, or to a later one"
    if git("tag", "--list", f"v{version}"):
        yield f"there is a tag v{version} already"


def written() -> str:
    """Return the version that pyproject.toml has."""
    return WRITTEN.search(PROJECT.read_text(encoding="utf-8"))[1]


def release(version: str) -> None:
    """Write the version, commit and tag; whether the tests are green is for you to know."""
    if why_not := next(complaints(version), ""):
        sys.exit(f"not released: {why_not}")
    text = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(WRITTEN.sub(f'version = "{version}"', text, count=1), encoding="utf-8")
    changed = [str(path) for path in (PROJECT, *release_library(version))]
    git("commit", "--quiet", "--message", f"Release {version}", "--", *changed)
    tag(version, "HEAD", described(CHANGELOG.read_text(encoding="utf-8"))[version])
    print(f"v{version} is committed and tagged; `git push --follow-tags` publishes it")


def release_library(version: str) -> tuple[Path, Path]:
    """Write the version into the library, and the hash of each of its files into the list; return both paths."""
    init = LIBRARY / "__init__.py"
    text = init.read_text(encoding="utf-8")
    init.write_text(re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', text), encoding="utf-8")
    comments = [line for line in RELEASED.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    files = sorted(git("ls-files", "--", str(LIBRARY)).splitlines())
    hashes = [
        f"{hashlib.sha256(Path(name).read_bytes()).hexdigest()}  {Path(name).relative_to(LIBRARY)}" for name in files
    ]
    RELEASED.write_text("\n".join([*comments, f"version {version}", *hashes, ""]), encoding="utf-8")
    return init, RELEASED


def tag(version: str, commit: str, says: str) -> None:
    """Make an annotated tag, of the commit's own date: it is the same in every clone."""
    day = git("show", "--no-patch", "--format=%cI", commit)
    text = f"Version {version}\n\n{says}\n"
    git("tag", "--annotate", "--cleanup=verbatim", "--message", text, f"v{version}", commit, GIT_COMMITTER_DATE=day)


def commit_of(version: str, named: str) -> str:
    """Return the commit that is a version's."""
    wrote = git("log", "--reverse", "--format=%H", f'-Sversion = "{version}"', "--", str(PROJECT))
    commit = named or wrote.partition("\n")[0]
    known = commit and not subprocess.run(("git", "cat-file", "-e", f"{commit}^{{commit}}"), check=False).returncode
    if not known:
        sys.exit(f"history has no commit of {version}: a shallow clone? `git fetch --unshallow` brings the rest")
    return git("rev-parse", f"{commit}^{{commit}}")


def tags() -> None:
    """Tag each version that has no tag; a tag that is somewhere else stays, and is told."""
    text, now = CHANGELOG.read_text(encoding="utf-8"), written()
    says, wrong = described(text), []
    for version, _, named in reversed(HEADING.findall(text)):
        if parts(version) > parts(now):
            continue  # made ready, and not released yet
        commit = commit_of(version, named)
        if not git("tag", "--list", f"v{version}"):
            tag(version, commit, says[version])
            print(f"v{version} {commit[:7]}")
        elif git("rev-parse", f"v{version}^{{commit}}") != commit:
            wrong.append(f"v{version} is not {commit[:7]}, which CHANGELOG.md and pyproject.toml mean")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("type a version, like 1.2.0, or: tags")
    if sys.argv[1] == "tags":
        tags()
    else:
        release(sys.argv[1])
