"""What the server runs is what `make ci` runs, for both vendors; and it really runs."""

import re
import subprocess

import pytest
import yaml
from conftest import TOOLS


def words(makefile: str) -> list[str]:
    """Return the words that `make ci` stands for."""
    return re.search(r"^CHECKS := (.*)$", makefile, re.M).group(1).split()


def github_jobs(project) -> list[list[str]]:
    """Return what the steps of each job of the GitHub workflow run."""
    workflow = yaml.safe_load(project.read(".github/workflows/ci.yml"))
    steps = [[step for step in job["steps"] if "run" in step] for job in workflow["jobs"].values()]
    return [[line for step in job for line in step["run"].splitlines()] for job in steps]


def gitlab_jobs(project) -> list[list[str]]:
    """Return what each of GitLab's jobs runs."""
    pipeline = yaml.safe_load(project.read(".gitlab-ci.yml"))
    return [job["script"] for name, job in pipeline.items() if not name.startswith(".")]


@pytest.mark.parametrize(("vendor", "jobs"), [("github", github_jobs), ("gitlab", gitlab_jobs)])
def test_ci_runs_the_words_of_make_ci_in_their_order_and_tries_the_image(render, vendor, jobs):
    project = render(ci=vendor)
    client = {"github": [], "gitlab": ["docker-client"]}[vendor]  # GitHub's machines have one
    expected = [["setup", *words(project.read("Makefile"))], [*client, "setup", "image", "image-test"]]
    assert jobs(project) == [[f"make {word}" for word in job] for job in expected]


def test_each_vendor_brings_only_its_own_files(render):
    github, gitlab = set(render(ci="github").files()), set(render(ci="gitlab").files())
    assert github - gitlab == {".github/workflows/ci.yml", ".github/dependabot.yml"}
    assert gitlab - github == {".gitlab-ci.yml", "renovate.json"}


def test_the_configurations_are_valid(render):
    github, gitlab = render(ci="github"), render(ci="gitlab")
    check = str(TOOLS / "check-jsonschema")
    github.run(check, "--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml")
    github.run(check, "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    gitlab.run(check, "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml")
    gitlab.run(check, "--builtin-schema", "vendor.renovate", "renovate.json")


def test_the_workflow_is_safe(render):
    """Least permissions, pinned actions, no credentials left: zizmor finds nothing at its strictest."""
    render(ci="github").run(str(TOOLS / "zizmor"), "--offline", "--pedantic", ".github")


@pytest.mark.slow
def test_act_runs_the_workflow(living, tmp_path):
    """Run it for real, on this machine; the actions that need the web are stood in for by empty ones."""
    text = (living.path / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    stubs = []
    for number, name in enumerate(re.findall(r"uses: (\S+)", text)):
        stub = tmp_path / f"action-{number}"
        stub.mkdir()
        (stub / "action.yml").write_text(
            "name: stub\ndescription: stub\nruns:\n"
            "  using: composite\n  steps:\n    - run: 'true'\n      shell: bash\n",
            encoding="utf-8",
        )
        stubs += ["--local-repository", f"{name}={stub}"] if "checkout" not in name else []
    config = tmp_path / "home/.config/act"
    config.mkdir(parents=True)
    (config / "actrc").write_text("", encoding="utf-8")
    engine = living.try_("docker info")[0] == 0
    jobs = [] if engine else ["--job", "ci"]  # the other one needs a container engine
    done = subprocess.run(
        [TOOLS / "act", "push", "-P", "ubuntu-latest=-self-hosted", *jobs, *stubs],
        cwd=living.path,
        env={**living.env, "HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    expected = words((living.path / "Makefile").read_text(encoding="utf-8"))
    for word in expected + ["image", "image-test"] * engine:
        assert re.search(rf"Success - Main make {word}\s", done.stdout), f"make {word} did not run"
    if not engine:
        pytest.skip("all but the job `image` ran: no container engine answers")
