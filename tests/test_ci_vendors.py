"""What the server runs is what `make ci` runs, for both vendors; tests/test_matrix.py really runs it."""

import re

import pytest
import yaml

from conftest import TOOLS
from documents import words_of
from hosting import FLOWS, github, gitlab, workflows

VENDORS = {"github": github, "gitlab": gitlab}
JOBS = ("ci", "image", "retrain", "update", "deliver", "audit")
DELIVERY = {  # GitHub's button offers the way back in the same job
    "github": {"deliver": ["setup", "test", "design", "deliver", "rollback-image"]},
    "gitlab": {
        "deliver": ["delivery-client", "setup", "test", "design", "deliver"],
        "rollback-image": ["delivery-client", "setup", "rollback-image"],
    },
}
# What is no make target, for the hosting's own client must say it: how each begins, and in which jobs.
EXCEPTIONS = {
    "github": {"gh auth setup-git": {"retrain", "update"}, "cat reports/model-card.md >>": {"retrain"}},
    "gitlab": {
        "for branch in $(git for-each-ref": {"retrain", "update"},
        "make update || left=$?": {"update"},
        "exit ${left:-0}": {"update"},
    },
}  # tests/test_ci_changes.py runs them


@pytest.fixture(params=VENDORS)
def vendor(request) -> str:
    """Return the name of each hosting in turn."""
    return request.param


@pytest.fixture
def jobs(vendor, render) -> dict:
    """Return its jobs by name."""
    return VENDORS[vendor](render(ci=vendor))


def checks(makefile: str) -> list[str]:
    """Return the words that `make ci` stands for."""
    return re.search(r"^CHECKS := (.*)$", makefile, re.M).group(1).split()


def test_the_union_of_the_jobs_is_make_ci_and_the_image(render, vendor, jobs):
    client = {"github": [], "gitlab": ["docker-client"]}[vendor]  # GitHub's machines have one
    assert {name: job.words() for name, job in jobs.items()} == {
        "ci": ["setup", *checks(render(ci=vendor).read("Makefile"))],
        "image": [*client, "setup", "image", "image-test"],
        "retrain": ["setup", "retrain"],
        "update": ["update"],
        "audit": ["audit"],
    } | DELIVERY[vendor]


def test_every_command_is_a_word_of_the_makefile_or_a_listed_exception(render, vendor, jobs):
    makefile = render(ci=vendor).folder / "Makefile"
    known = words_of(makefile) | set(checks(makefile.read_text(encoding="utf-8")))
    assert {word for job in jobs.values() for word in job.words()} <= known
    found = {start: {name for name, job in jobs.items() for other in job.others() if other.startswith(start)}
             for start in EXCEPTIONS[vendor]}  # fmt: skip
    assert found == EXCEPTIONS[vendor]
    assert sum(len(job.others()) for job in jobs.values()) == sum(map(len, found.values()))


@pytest.mark.parametrize("name", JOBS)
def test_triggers_python_cache_and_patience_agree(render, name):
    ours, theirs = github(render(ci="github"))[name], gitlab(render(ci="gitlab"))[name]
    assert ours.triggers == theirs.triggers
    assert (ours.python, ours.cache, ours.minutes) == (theirs.python, theirs.cache, theirs.minutes)


def test_what_starts_a_job_starts_no_other(render):
    """In GitLab one file holds all: what a schedule starts is kept out of the pipelines of commits by its rules."""
    pipeline = yaml.safe_load(render(ci="gitlab").read(".gitlab-ci.yml"))
    choices = pipeline["variables"]["WORKFLOW"]
    assert (
        choices["options"] == ["ci", "retrain", "update", "deliver", "rollback-image", "audit"]
        and choices["value"] == "ci"
    )
    for name in ("ci", "container image"):
        assert pipeline[name]["rules"][0] == {"if": '$WORKFLOW != "ci"', "when": "never"}
    for name in ("retrain", "update"):
        assert pipeline[name]["rules"] == [{"if": f'$WORKFLOW == "{name}"'}]
        assert pipeline[name]["variables"]["GIT_STRATEGY"] == "clone"
    assert pipeline["audit"]["rules"] == [{"if": '$WORKFLOW == "audit"'}]
    assert pipeline["rollback-image"]["rules"] == [{"if": '$WORKFLOW == "rollback-image"'}]
    button, tag = pipeline["deliver"]["rules"]
    assert button == {"if": '$WORKFLOW == "deliver"'} and tag["if"].startswith('$WORKFLOW == "ci" && $CI_COMMIT_TAG')


def test_a_delivery_waits_for_what_a_tag_checks_and_is_never_cut_off(render):
    flow = workflows(render(ci="github"))["deliver.yml"]
    assert flow["concurrency"] == {"group": "deliver", "cancel-in-progress": False}
    assert flow["jobs"]["deliver"]["if"] == "github.event_name == 'workflow_dispatch' || vars.DELIVER == 'on'"
    pipeline = yaml.safe_load(render(ci="gitlab").read(".gitlab-ci.yml"))
    for name in ("deliver", "rollback-image"):
        job = pipeline[name]
        assert (job["stage"], job["interruptible"], job["resource_group"]) == ("deploy", False, "deliver")


def test_each_vendor_brings_only_its_own_files(render):
    ours, theirs = set(render(ci="github").files()), set(render(ci="gitlab").files())
    flows = {f"{FLOWS}/{name}.yml" for name in ("ci", "deliver", "retrain", "update", "audit")}
    assert ours - theirs == flows | {".github/dependabot.yml"}
    assert theirs - ours == {".gitlab-ci.yml", "renovate.json"}


def test_the_configurations_are_valid(render):
    ours, theirs = render(ci="github"), render(ci="gitlab")
    check = str(TOOLS / "check-jsonschema")
    files = [f"{FLOWS}/{name}" for name in workflows(ours)]
    ours.run(check, "--builtin-schema", "vendor.github-workflows", *files)
    ours.run(check, "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    theirs.run(check, "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml")
    theirs.run(check, "--builtin-schema", "vendor.renovate", "renovate.json")


def test_the_workflows_are_safe(render):
    """Zizmor finds nothing at its strictest; it is told once that a cache is not for tags, which it cannot see."""
    render(ci="github").run(str(TOOLS / "zizmor"), "--offline", "--pedantic", ".github")


def test_permissions_are_the_least(render):
    flows = workflows(render(ci="github"))
    may_open = {"contents": "write", "pull-requests": "write"}
    assert {name: flow["permissions"] for name, flow in flows.items()} == {
        "ci.yml": {"contents": "read"},
        "deliver.yml": {},
        "retrain.yml": {},
        "update.yml": {},
        "audit.yml": {"contents": "read"},
    }
    given = {name: job.get("permissions") for flow in flows.values() for name, job in flow["jobs"].items()}
    may_push = {"contents": "read", "packages": "write"}
    assert given == {
        "ci": None,
        "image": None,
        "deliver": may_push,
        "retrain": may_open,
        "update": may_open,
        "audit": None,
    }


def test_actions_are_pinned_and_no_credentials_stay(render):
    for name, flow in workflows(render(ci="github")).items():
        text = render(ci="github").read(f"{FLOWS}/{name}")
        assert len(re.findall(r"uses: [\w/-]+@[0-9a-f]{40} # v\d", text)) == text.count("uses: ")
        for job in flow["jobs"].values():
            checkout, *others = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
            assert checkout["with"] == {"persist-credentials": False} and not others
            tokens = [step["name"] for step in job["steps"] if "secrets." in str(step) or "github.token" in str(step)]
            wanted = ["deliver", "go back"] if name == "deliver.yml" else ["open the change, if a branch was left"]
            assert tokens == wanted * ("permissions" in job)
