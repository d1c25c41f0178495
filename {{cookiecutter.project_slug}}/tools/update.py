"""Follow the template: `make update` leaves its newest version on a branch for review.

Your files are not touched: the work is done in a worktree of its own, outside of the
project. Exit code 0: done, or nothing to do; 1: done, and something is left to you;
2: refused. `--check` only tells whether there is a newer version: 0 no, 1 yes.
"""

import argparse
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .commands import Refused, git, signing
from .merging import Place, Step, bring
from .rendering import Rendering
from .template import Template, look_at, order, read_answers
from .trying import passes_ci

HERE = Path()  # the project


def check() -> int:
    """Tell whether the template has a newer version than this project."""
    answers = read_answers(HERE)
    template, has = look_at(answers["_src_path"]), answers["_commit"]
    if template.is_newest(has):
        print(f"{has} is the newest version of the template")
        return 0
    print(f"the template has {template.newest}, this project {has}: 'make update'")
    return 1


def place_in_repository() -> str:
    """Return where in its repository the project is; refuse what is not committed."""
    if not shutil.which("git"):
        raise Refused("git is not installed, and nothing can be merged without it")
    try:
        git(HERE, "rev-parse", "--verify", "HEAD")
        prefix = git(HERE, "rev-parse", "--show-prefix").strip()
    except Refused as refused:
        raise Refused(
            "there is no commit here: 'git init', 'git add -A', 'git commit' first"
        ) from refused
    if (HERE / ".cruft.json").is_file():
        raise Refused(
            "this project follows its template with cruft: type 'cruft update', or "
            "remove .cruft.json and commit, to go on with 'make update'"
        )
    if changed := git(HERE, "status", "--porcelain", "--", ".").splitlines():
        names = ", ".join(line[3:] for line in changed[:3])
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise Refused(f"commit or stash what is not committed: {names}{more}")
    try:
        git(HERE, "var", "GIT_COMMITTER_IDENT")
    except Refused as refused:
        raise Refused(
            "git does not know who commits: set user.name and user.email ('git config')"
        ) from refused
    return prefix


def parse(typed: str) -> dict[str, str]:
    """Return the answers that were typed as `question=answer …`."""
    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise Refused(f"ANSWERS cannot be read: {error}") from error
    if wrong := [word for word in words if "=" not in word]:
        raise Refused(f"ANSWERS wants question=answer, not {wrong[0]}")
    return dict(word.split("=", 1) for word in words)


def choose(template: Template, has: str, version: str, stay: bool) -> str:
    """Return the version to go to; refuse one that is older than the project's."""
    if not version:
        return has if stay or template.is_newest(has) else template.newest
    target = template.named(version)
    if order(target) < order(template.base(has)):
        raise Refused(f"{target} is older than {has}: there is no way back but git's")
    return has if target == template.base(has) else target


def plan(target: str, answers: dict[str, str], changes: dict[str, str]) -> list[Step]:
    """Return the commits to make: the version first, then the answers."""
    has, steps = answers["_commit"], []
    if (task := changes.get("task")) and task != answers.get("task"):
        raise Refused(
            "task decides what src/ is, so it stays: render a new project with "
            f"task={task}, and 'make adopt' your table there"
        )
    if target != has:
        message = f"Update to {target} of the template, from {has}"
        steps.append(Step(Rendering(has), Rendering(target), message))
    if changes:
        said = " ".join(f"{name}={answer}" for name, answer in changes.items())
        new = Rendering(target, changes)
        steps.append(Step(Rendering(target), new, f"Answer the template: {said}"))
    return steps


@contextmanager
def worktree(prefix: str) -> Iterator[Place]:
    """Give a worktree of what is committed; nothing is left of it afterwards."""
    with TemporaryDirectory(prefix="update-") as made:
        place = Place(Path(made).resolve(), prefix)
        git(HERE, "worktree", "add", "--quiet", "--detach", place.tree, "HEAD")
        try:
            yield place
        finally:
            git(HERE, "worktree", "remove", "--force", place.tree)


def name_branch(target: str, changes: dict[str, str]) -> str:
    """Return the name of the branch to make; refuse where there is one already."""
    branch = "-".join([f"update/{target}", *changes])
    if git(HERE, "branch", "--list", branch).strip():
        raise Refused(
            f"there is a branch {branch} already: merge it ('git merge {branch}') "
            f"or throw it away ('git branch -D {branch}')"
        )
    return branch


def show(branch: str, notes: list[str]) -> None:
    """Say what the branch holds, and what to do with it."""
    print(git(HERE, "diff", "--stat=88", "HEAD", branch), end="")
    for note in notes:
        print(f"to settle by hand: {note}")
    print(
        f"the branch {branch} holds it; your files are as they were\n"
        f"  look at it:    git diff HEAD...{branch}\n{signing(HERE, branch)}"
        f"  merge it:      git merge {branch}\n"
        f"  throw it away: git branch -D {branch}",
        flush=True,
    )


def update(version: str, typed: str, checked: bool) -> int:
    """Make the branch; return 1 where something is left to a person."""
    prefix, answers, changes = place_in_repository(), read_answers(HERE), parse(typed)
    source, has = answers["_src_path"], answers["_commit"]
    target = choose(look_at(source), has, version, bool(changes))
    steps = plan(target, answers, changes)
    branch = name_branch(target, changes) if steps else ""
    with worktree(prefix) as place:
        notes = [note for step in steps for note in bring(place, source, step)]
        made, start = (git(at, "rev-parse", "HEAD") for at in (place.tree, HERE))
        if made == start:
            print(f"nothing to do: this project has {has}, and these answers")
            return 0
        git(HERE, "branch", branch, made.strip())
        show(branch, notes)
        tell_old_name(answers.get("package_name", ""), place.tree, changes)
        if checked and not passes_ci(place.project):
            print(f"'make ci' fails on {branch}, as said above: mend it there, or wait")
            return 1
    return 1 if notes else 0


def tell_old_name(old: str, tree: Path, changes: dict[str, str]) -> None:
    """List the files that still say the package's old name: no rendering has them."""
    if changes.get("package_name", old) == old:
        return
    files = [tree / name for name in git(tree, "ls-files", "-z").split("\0")]
    word = re.compile(rf"\b{old}\b".encode())
    files = [each for each in files if each.is_file()]
    found = [each for each in files if word.search(each.read_bytes())]
    if still := [str(each.relative_to(tree)) for each in found]:
        print(f"these still say {old}: {', '.join(still)}", flush=True)


def main() -> int:
    """Read the options; say in one sentence what is in the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only look for a version")
    parser.add_argument("--version", default="", help="this one, not the newest")
    parser.add_argument("--answers", default="", help="question=answer …")
    parser.add_argument("--no-ci", action="store_true", help="do not run make ci")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and clean up
    try:
        if options.check:
            return check()
        return update(options.version, options.answers, not options.no_ci)
    except Refused as refused:
        print(f"{refused}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; your files are as they were", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
