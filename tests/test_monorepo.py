"""A project in a subfolder of a repository: nothing is left out in silence, and CI starts where it is moved to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import TOOLS, Project, git
from documents import TEXTS
from hosting import act
from pages import commands, run_page

PAGE = TEXTS["docs/how-to/monorepo.md"]
FOLDER = "services/churn"
HOSTILE = ["data/", "**/data/**", "model/", "models/", "reports/", "*.dvc", "*.lock", ".idea/", "__pycache__/"]


@pytest.fixture
def project(request, render, tmp_path) -> Project:
    """Return a project in a subfolder of a repository that ignores much; the parameter is the CI's vendor."""
    vendor = getattr(request, "param", "github")
    folder = shutil.copytree(render(ci=vendor).folder, tmp_path / "top" / FOLDER, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path / "top", "init", "--quiet")
    (tmp_path / "top/.gitignore").write_text("\n".join(HOSTILE) + "\n", encoding="utf-8")
    return Project(folder, "")


def report(project: Project) -> list[str]:
    """Return what set-up says of the repository."""
    command = (sys.executable, "-B", "-m", "tools.monorepo")
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_no_rule_around_the_project_leaves_a_file_out(project):
    git(project.folder, "add", ".")
    assert sorted(git(project.folder, "ls-files").splitlines()) == project.files()


def test_what_the_stages_write_for_git_is_kept_and_the_rest_is_not(project):
    kept = ["dvc.lock", "reports/metrics.json", "reports/model-card.md"]
    left = ["data/raw.csv", "data/train.parquet", "models/current/model.onnx", "reports/report.html", ".venv/a"]
    for name in (*kept, *left):
        (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / name).touch()
    git(project.folder, "add", ".")
    assert set(git(project.folder, "ls-files").splitlines()) & {*kept, *left} == set(kept)


def test_set_up_names_the_rule_that_leaves_a_file_out(project):
    with (project.folder.parents[1] / ".gitignore").open("a", encoding="utf-8") as rules:
        rules.write("*.toml\n")
    (project.folder / ".idea").mkdir()
    (project.folder / ".idea/a").touch()
    said = [line for line in report(project) if line.startswith("git leaves out")]
    assert len(said) == 1
    assert said[0].startswith("git leaves out kit/pyproject.toml, pyproject.toml, for `*.toml` in .gitignore of the ")
    with (project.folder / ".gitignore").open("a", encoding="utf-8") as rules:
        rules.write("!pyproject.toml\n")
    assert [line for line in report(project) if line.startswith("git leaves out")] == []


@pytest.mark.parametrize(
    ("project", "file"), [("github", ".github"), ("gitlab", ".gitlab-ci.yml")], indirect=["project"]
)
def test_set_up_says_that_ci_does_not_run_there(project, file):
    said = report(project)
    assert len(said) == 1 and said[0].startswith(f"CI does not run {FOLDER}/{file}: it is read at the top")
    assert "monorepo.md" in said[0]
    dry = subprocess.run(("make", "-n", "setup"), cwd=project.folder, capture_output=True, text=True, check=True)
    assert "python -m tools.monorepo\n" in dry.stdout


def test_a_project_of_its_own_gets_no_report(project):
    git(project.folder, "init", "--quiet")
    assert report(project) == []


def move_ci(project: Project, vendor: str) -> Path:
    """Type the page's commands of a vendor in the project; return the top of the repository."""
    git(project.folder, "add", ".")
    git(project.folder, "commit", "--quiet", "--message", "First")
    code, said = run_page(commands(PAGE.partition(f"\n## {vendor}\n")[2].partition("\n## ")[0]), project.folder)
    assert code == 0, said
    assert report(project) == []
    git(project.folder, "commit", "--quiet", "--message", "CI")
    return project.folder.parents[1]


def test_github_runs_the_workflows_that_were_moved(project, tmp_path):
    (project.folder / "Makefile").write_text("%:\n\t@echo did $@ in $(CURDIR)\n", encoding="utf-8")
    names = [path.name for path in (project.folder / ".github/workflows").iterdir()]
    top = move_ci(project, "GitHub")
    flows = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in top.glob(".github/workflows/*")}
    assert set(flows) == {f"churn-{name}" for name in names}
    for name, flow in flows.items():
        assert f"{flow['name']}.yml" == name and flow["concurrency"]["group"].startswith("churn-")
        text = (top / ".github/workflows" / name).read_text(encoding="utf-8")
        assert text.count(f"{FOLDER}/requirements/") == text.count("actions/cache@")
        assert text.count(f"version-file: {FOLDER}/.python-version") == text.count("actions/setup-python")
    schema = ("--builtin-schema", "vendor.github-workflows")
    subprocess.run((TOOLS / "check-jsonschema", *schema, *top.glob(".github/workflows/*")), check=True)
    default = ("--defaultbranch", git(top, "branch", "--show-current").strip())
    done = act(top, tmp_path / "act", "push", "-W", ".github/workflows/churn-ci.yml", *default, env={**os.environ})
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"{FOLDER}\n" in done.stdout.partition("did image-test in ")[2]


@pytest.mark.parametrize("project", ["gitlab"], indirect=True)
def test_gitlab_runs_the_jobs_that_were_moved(project):
    before = yaml.safe_load(project.read(".gitlab-ci.yml"))
    top = move_ci(project, "GitLab")
    assert yaml.safe_load((top / ".gitlab-ci.yml").read_text(encoding="utf-8")) == {
        "include": [{"local": "/.gitlab/churn.yml"}]
    }
    schema = ("--builtin-schema", "vendor.gitlab-ci")
    subprocess.run((TOOLS / "check-jsonschema", *schema, top / ".gitlab/churn.yml", top / ".gitlab-ci.yml"), check=True)
    pipeline = yaml.safe_load((top / ".gitlab/churn.yml").read_text(encoding="utf-8"))
    jobs = {name for name in before if name[0] != "." and name != "variables"}
    assert {name for name in pipeline if name[0] != "."} == {"variables", *(f"churn {name}" for name in jobs)}
    for name in jobs:
        job = pipeline[f"churn {name}"]
        assert job["before_script"] == [f"cd {FOLDER}"] and job["script"] == before[name]["script"]
        assert not job["cache"] or job["cache"]["key"]["files"] == [f"{FOLDER}/requirements/dev.txt"]
        assert job.get("resource_group", "churn-").startswith("churn-")
    assert pipeline["churn retrain"]["artifacts"]["paths"] == [f"{FOLDER}/reports"]
