"""A branch that `make retrain` or `make update` leaves is pushed and opened as a change, by either hosting.

The workflows run for real, in a repository whose Makefile only leaves the branch; `gh` and the server are stood in for
by a script and by a bare repository that writes down what it is told.
"""

from pathlib import Path

import pytest

from conftest import git
from hosting import github, gitlab
from servers import Place, commit, make_place, run_on_github, run_on_gitlab

BRANCHES = {"retrain": "retrain-0123abc", "update": "update/v9"}
TOLD = {
    "github": "no change was opened: the first lines of .github/workflows/update.yml say what to allow",
    "gitlab": "no change was opened: the comment above .leaves-a-branch in .gitlab-ci.yml says what to allow",
}


@pytest.fixture
def place(tmp_path) -> Place:
    """Return an empty project whose server and `gh` are at hand."""
    return make_place(tmp_path)


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
