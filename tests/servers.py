"""A project, its server and its hosting's client, stood in for: what they are told about a branch is written down."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from conftest import git
from hosting import FLOWS, act

MAKEFILE = r"""
.RECIPEPREFIX := >
retrain: BRANCH := retrain-0123abc
update: BRANCH := update/v9
setup:
> @echo done
retrain update:
> @git switch --quiet --create $(BRANCH)
> @git commit --quiet --allow-empty --message "A title" --message "A body | of two: 'words'"
> @git switch --quiet -
> @$(SAYS)
"""
GH = """#!/bin/sh
[ "$*" != "auth token" ] || exit 0 # act's own question
echo "$@" >> {log}
[ "$1 $2" != "pr create" ] || cat >> {log}
[ "$1 $2" != "pr create" ] || [ ! -e {log}.refuses ]
"""
HOOK = """#!/bin/sh
for at in $(seq 0 $((${GIT_PUSH_OPTION_COUNT:-0} - 1))); do eval "echo \\$GIT_PUSH_OPTION_$at"; done >> told
"""


@dataclass(frozen=True)
class Place:
    """A clone, its server, and what the server or `gh` was told."""

    clone: Path
    server: Path
    log: Path
    env: dict[str, str]

    def told(self) -> str:
        """Return what was written down since the last question."""
        logs = [path for path in (self.log, self.server / "told") if path.exists()]
        text = "".join(path.read_text(encoding="utf-8") for path in logs)
        for path in logs:
            path.unlink()
        return text

    def branches(self) -> list[str]:
        """Return the branches that the server has."""
        return git(self.server, "branch", "--format=%(refname:short)").split()


def make_place(tmp_path: Path) -> Place:
    """Return an empty project whose server and `gh` are at hand."""
    server, clone, log, tools = (tmp_path / name for name in ("server.git", "clone", "log", "tools"))
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    git(server, "config", "receive.advertisePushOptions", "true")
    (server / "hooks").mkdir(exist_ok=True)
    tools.mkdir()
    for path, text in ((server / "hooks/post-receive", HOOK), (tools / "gh", GH.format(log=log))):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    git(tmp_path, "clone", "--quiet", str(server), str(clone))
    (clone / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (clone / "reports").mkdir()
    (clone / "reports/model-card.md").write_text("# Model card\n", encoding="utf-8")
    someone = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**os.environ, **someone, "PATH": f"{tools}:{os.environ['PATH']}", "GIT_TERMINAL_PROMPT": "0"}
    return Place(clone, server, log, env)


def commit(place: Place, *files: Path) -> None:
    """Make a first commit of the project on the branch main, with the CI files given."""
    for file in files:
        (shutil.copytree if file.is_dir() else shutil.copy)(file, place.clone / file.name)
    git(place.clone, "checkout", "--quiet", "-B", "main")
    git(place.clone, "add", "--all")
    git(place.clone, "commit", "--quiet", "--message=First")
    git(place.clone, "push", "--quiet", "origin", "main")


def run_on_github(place: Place, name: str, store: Path, *words: str) -> tuple[int, str]:
    """Run a workflow with act; `words` begin with the event."""
    done = act(place.clone, store, *words, "-W", f"{FLOWS}/{name}.yml", env=place.env)
    return done.returncode, done.stdout


def run_on_gitlab(place: Place, commands: list[str], **variables: str) -> tuple[int, str]:
    """Run a job's lines as GitLab's runner does, one after the other in one shell."""
    known = {"CI_DEFAULT_BRANCH": "main", "CI_JOB_URL": "https://host/job/1", "CI_SERVER_HOST": "host.invalid"}
    known |= {"CI_COMMIT_SHA": git(place.clone, "rev-parse", "main").strip()}
    known |= {"CI_PROJECT_PATH": "team/service", "CHANGES_TOKEN": "secret"}
    address = "url." + str(place.server) + ".insteadOf"
    known |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": address}
    known |= {"GIT_CONFIG_VALUE_0": "https://changes:secret@host.invalid/team/service.git"}
    script = "set -eo pipefail\n" + "\n".join(commands)
    done = subprocess.run(
        ("bash", "-c", script), cwd=place.clone, env={**place.env, **known, **variables}, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout
