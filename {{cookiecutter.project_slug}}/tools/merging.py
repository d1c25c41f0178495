"""Merge what changed between two renderings of the template into a worktree.

Git merges three ways: what was rendered, what would be rendered now, what you made of
it. So it follows renames, and only lines that both sides changed are in conflict.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from .commands import Refused, git
from .conflicts import settle, unmerged
from .rendering import Rendering, leave_out, render
from .template import ANSWERS, order, read_answers


@dataclass(frozen=True)
class Step:
    """One commit of the branch: from one rendering to another."""

    old: Rendering
    new: Rendering
    message: str


@dataclass(frozen=True)
class Place:
    """Where the work is done: a folder with a worktree, and the project within it."""

    folder: Path
    prefix: str

    @property
    def tree(self) -> Path:
        """Return the worktree of the whole repository."""
        return self.folder / "tree"

    @property
    def project(self) -> Path:
        """Return the project in the worktree."""
        return self.tree / self.prefix


def bring(place: Place, source: str, step: Step) -> list[str]:
    """Commit the change from one rendering to another; return what is in conflict.

    An update to another version leaves the user's files alone; a changed answer reaches
    them too, since it is the user who changes it.
    """
    print(f"{step.message}: rendering, merging", flush=True)
    tree, answers = place.tree, place.project / ANSWERS
    before, after = (Path(mkdtemp(dir=place.folder)) / name for name in ("old", "new"))
    old, new = before / place.prefix, after / place.prefix
    render(source, step.old, answers, old)
    render(source, step.new, answers, new)
    refuse(step.new, read_answers(old), read_answers(new))
    if step.new.answers:
        move_package(place, old, new)
    else:
        leave_out(place.project, old, new)
    shutil.copy(answers, old / ANSWERS)  # no conflict, whoever wrote it
    notes = merge(tree, before, after)
    if git(tree, "diff", "--cached", "--name-only"):
        text = "\n\n".join([step.message, *notes])
        git(tree, "commit", "--quiet", "--no-verify", "--cleanup=verbatim", "-m", text)
    return notes


def refuse(new: Rendering, had: dict[str, str], has: dict[str, str]) -> None:
    """Refuse an answer to no question, and a version older than the project's."""
    known = [name for name in has if name[0] != "_"]
    if unknown := set(new.answers) - set(known):
        raise Refused(f"no question is {min(unknown)}: there are {', '.join(known)}")
    if order(had["_commit"]) > order(has["_commit"]):
        raise Refused(f"this project has {had['_commit']}: {new.version} is older")


def move_package(place: Place, before: Path, after: Path) -> None:
    """Give the package its new name in project and old rendering.

    So whatever else is in its folder goes along, and no rename is left to be guessed.
    """
    old, new = (read_answers(each).get("package_name", "") for each in (before, after))
    if old == new:
        return
    if (place.project / "src" / new).exists():
        raise Refused(f"there is a src/{new} already: choose another package_name")
    (before / "src" / old).rename(before / "src" / new)
    if (place.project / "src" / old).is_dir():
        git(place.project, "mv", f"src/{old}", f"src/{new}")


def commit_of(repository: Path, folder: Path, *parents: str) -> str:
    """Keep a folder's files as a commit that no branch names."""
    place = {
        "GIT_DIR": git(repository, "rev-parse", "--absolute-git-dir").strip(),
        "GIT_INDEX_FILE": f"{folder}.index",
        "GIT_WORK_TREE": str(folder),
    }
    git(folder, "add", "--all", "--force", ".", **place)
    tree = git(folder, "write-tree", **place).strip()
    options = [word for parent in parents for word in ("-p", parent)]
    return git(repository, "commit-tree", "-m", "rendered", *options, tree).strip()


def never_back(top: Path, old: Path, new: Path) -> None:
    """Remove from both renderings what the project no longer has, renamed or not.

    A new file does not come either, if all files of its folder were deleted.
    """
    base, now = commit_of(top, old), commit_of(top, new)
    find = ("diff-tree", "-r", "-z", "-M")
    found = git(top, *find, "--diff-filter=R", "--name-status", base, now).split("\0")
    added = git(top, *find, "--diff-filter=A", "--name-only", base, now).split("\0")
    renamed = dict(zip(found[1::3], found[2::3], strict=False))
    ours = set(git(top, "ls-files", "-z").split("\0"))
    rendered = git(top, "ls-tree", "-r", "-z", "--name-only", base).split("\0")
    for name in set(rendered) - ours - {""}:
        (old / name).unlink()
        (new / renamed.get(name, name)).unlink(missing_ok=True)
    deleted = folders(rendered) - folders(ours)
    left = [name for name in added if folders([name]) & deleted]
    for name in left:
        (new / name).unlink()
    if left:
        print(f"left out, since their folder is deleted here: {', '.join(left)}")


def folders(names: Iterable[str]) -> set[Path]:
    """Return the folders that hold files of these names, and those around them."""
    return {folder for name in names for folder in Path(name).parents}


def merge(top: Path, old: Path, new: Path) -> list[str]:
    """Merge the change from one rendering to another; return what is in conflict.

    Where both sides changed the same lines the project's stay, so that the result
    always works; what the template has there is told.
    """
    never_back(top, old, new)
    change = commit_of(top, new, commit_of(top, old))
    try:
        git(top, "cherry-pick", "--no-commit", change)
    except Refused:
        if not (stages := unmerged(top)):
            raise
        return [settle(top, name, stages[name]) for name in sorted(stages)]
    return []
