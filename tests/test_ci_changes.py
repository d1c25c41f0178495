"""A branch that `make retrain` or `make update` leaves is pushed and opened as a change, by either hosting.

The workflows run for real, in a repository whose Makefile only leaves the branch; `gh` and the server are stood in for
by a script and by a bare repository that writes down what it is told.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import git
from hosting import FLOWS, act, github, gitlab

BRANCHES = {"retrain": "retrain-0123abc", "update": "update/v9"}
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
TOLD = {
    "github": "no change was opened: the first lines of .github/workflows/update.yml say what to allow",
    "gitlab": "no change was opened: the comment above .leaves-a-branch in .gitlab-ci.yml says what to allow",
}


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


@pytest.fixture
def place(tmp_path) -> Place:
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


@pytest.mark.parametrize("name", BRANCHES)
def test_github_opens_the_change_once(name, place, render, tmp_path):
    commit(place, render(ci="github").folder / ".github")
    code, said = run_on_github(place, name, tmp_path / "first", "workflow_dispatch")
    assert code == 0, said[-4000:]
    assert place.branches() == ["main", BRANCHES[name]]
    assert place.told().splitlines() == [
        "auth setup-git",
        f"pr create --head {BRANCHES[name]} --title A title --body-file -",
        "A body | of two: 'words'",
        "",
    ]
    code, said = run_on_github(place, name, tmp_path / "second", "workflow_dispatch")
    assert code == 0 and f"{BRANCHES[name]} is there already" in said
    assert place.told() == "auth setup-git\n"


def test_github_s_refusal_is_one_sentence_and_leaves_no_branch(place, render, tmp_path):
    commit(place, render(ci="github").folder / ".github")
    Path(f"{place.log}.refuses").touch()
    code, said = run_on_github(place, "update", tmp_path / "act", "workflow_dispatch")
    assert code != 0 and TOLD["github"] in said
    assert place.branches() == ["main"]


def test_github_s_schedule_sleeps_until_it_is_wanted(place, render, tmp_path):
    commit(place, render(ci="github").folder / ".github")
    run_on_github(place, "retrain", tmp_path / "asleep", "schedule")
    assert place.branches() == ["main"]
    code, said = run_on_github(place, "retrain", tmp_path / "awake", "schedule", "--var", "RETRAIN=on")
    assert code == 0, said[-4000:]
    assert place.branches() == ["main", "retrain-0123abc"]


@pytest.mark.parametrize("name", BRANCHES)
def test_gitlab_opens_the_change_once(name, place, render):
    commit(place, render(ci="gitlab").folder / ".gitlab-ci.yml")
    commands = gitlab(render(ci="gitlab"))[name].commands
    code, said = run_on_gitlab(place, commands)
    assert code == 0, said
    assert place.branches() == ["main", BRANCHES[name]]
    assert place.told().splitlines() == [
        "merge_request.create",
        "merge_request.target=main",
        "merge_request.title=A title",
        "merge_request.description=https://host/job/1",
    ]
    code, said = run_on_gitlab(place, [opening(commands)])
    assert code == 0 and f"{BRANCHES[name]} is there already" in said
    assert place.told() == ""


def test_gitlab_without_a_token_says_so(place, render):
    commit(place, render(ci="gitlab").folder / ".gitlab-ci.yml")
    code, said = run_on_gitlab(place, gitlab(render(ci="gitlab"))["update"].commands, CHANGES_TOKEN="")
    assert code != 0 and said.splitlines()[-1] == TOLD["gitlab"]
    assert place.branches() == ["main"]


def test_what_is_left_to_a_person_is_opened_and_told(place, render, tmp_path):
    """`make update` fails where both sides changed the same lines, and leaves a branch that says which."""
    commit(place, render(ci="github").folder / ".github", render(ci="gitlab").folder / ".gitlab-ci.yml")
    code, said = run_on_gitlab(place, gitlab(render(ci="gitlab"))["update"].commands, SAYS="false")
    assert code == 2 and place.branches() == ["main", "update/v9"], said
    git(place.server, "branch", "--quiet", "-D", "update/v9")
    git(place.clone, "branch", "--quiet", "-D", "update/v9")
    code, said = run_on_github(place, "update", tmp_path / "act", "workflow_dispatch", "--env", "SAYS=false")
    assert code != 0 and place.branches() == ["main", "update/v9"], said[-4000:]


def opening(commands: list[str]) -> str:
    """Return the one command that opens the change."""
    (found,) = [command for command in commands if "for branch in" in command]
    return found


def test_the_two_workflows_of_a_hosting_open_changes_alike(render):
    for jobs in (github(render(ci="github")), gitlab(render(ci="gitlab"))):
        assert opening(jobs["retrain"].commands) == opening(jobs["update"].commands)


def test_nothing_to_open_is_no_error(place, render):
    commit(place)
    for jobs in (github(render(ci="github")), gitlab(render(ci="gitlab"))):
        sha = {"GITHUB_SHA": git(place.clone, "rev-parse", "main").strip()}
        assert run_on_gitlab(place, [opening(jobs["update"].commands)], **sha) == (0, "")
