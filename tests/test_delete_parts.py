"""Each part that the page lists may be deleted, alone and with all others: what is left of `make ci` is green."""

import re
import shutil
import subprocess

import pytest
import yaml

from conftest import TOOLS, git
from documents import TEXTS
from pages import commands

PAGE = TEXTS["docs/how-to/delete-a-part.md"]
PARTS = {
    section.partition("\n")[0]: commands(section) for section in PAGE.split("\n## ")[1:] if "```bash" in section
}  # what to type
# What a deletion can affect: commands of `make ci`, each as it begins, and tests. Which checks of deploy/ are left is
# tests/kit/testing/test_manifests.py's.
DEPLOY = "tests/test_deploy.py"
AFFECTED = {
    "Kubernetes": ("check-|kubernetes", f"{DEPLOY} -k runbook"),
    "MLflow server": ("hadolint|check-", ""),
    "Prometheus and Grafana": ("check-", DEPLOY),
    "compose.yaml": ("check-", ""),
    "All of deploy": ("hadolint|check-|kubernetes", ""),
    "Container image": ("hadolint|check-|kubernetes", ""),
    "Notebooks": ("find|pytest --quiet -p nbmake.pytest_plugin", ""),
    "Site of the documents": ("flake8|sphinx", ""),
    "CI": ("check-", ""),
    "Git hooks": ("", ""),
    "Following the template": ("flake8|mypy|check-", ""),
    "Small files": ("black", ""),
}


@pytest.fixture
def committed(living):
    """Return the living service with all that it holds in git; give it back as it was."""
    before = git(living.path, "rev-parse", "HEAD").strip()
    git(living.path, "add", "--all")
    git(living.path, "commit", "--quiet", "--no-verify", "--message", "Trained")
    yield living
    git(living.path, "reset", "--quiet", "--hard")
    git(living.path, "reset", "--quiet", before)


def test_every_part_of_the_page_is_deleted_here():
    assert list(PARTS) == list(AFFECTED)


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        (["MLflow server"], {"prometheus", "grafana"}),
        (["Prometheus and Grafana"], {"mlflow"}),
        (["MLflow server", "Prometheus and Grafana"], set()),
    ],
)
def test_what_is_left_of_compose_fits(parts, left, render, tmp_path):
    folder = shutil.copytree(render().folder, tmp_path / "project")
    typed = "".join(PARTS[part] for part in parts)
    subprocess.run(("bash", "-euo", "pipefail", "-c", typed), cwd=folder, check=True)
    compose = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["services"]) == {"api", *left} and set(compose["volumes"] or {}) == left
    assert ("MLFLOW_TRACKING_URI" in compose["services"]["api"]["environment"]) == ("mlflow" in left)
    mounts = re.findall(r"\./(deploy/[\w./]+)", str(compose))
    assert [name for name in mounts if not (folder / name).exists()] == []
    check = (TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", folder / "compose.yaml")
    subprocess.run(check, check=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_deleted_and_what_it_touches_is_green(part, committed):
    if part == "Git hooks":
        committed.run("pre-commit install")
    committed.run(f"set -euo pipefail\n{PARTS[part]}")
    starts, tests = AFFECTED[part]
    listed = committed.run("make --dry-run setup lint type test docs").splitlines()
    chosen = [line for line in listed if starts and re.match(starts, line)]
    committed.run("set -euo pipefail\n" + "\n".join(chosen))
    if tests:
        committed.run(f"pytest -q {tests}")
    if part == "Git hooks":
        assert "ready:" in committed.run("make setup")
        committed.run(
            "git add --all && git -c user.name=t -c user.email=t@example.com commit --quiet --message Deleted"
        )
        committed.run("git reset --quiet --soft HEAD~1")


@pytest.mark.slow
def test_with_every_part_deleted_the_rest_of_make_ci_is_green(committed):
    committed.run("set -euo pipefail\n" + "".join(PARTS.values()))
    left = {path.name for path in committed.path.iterdir()}
    assert not {"deploy", "notebooks", "tools", ".github", "Dockerfile"} & left
    said = committed.run("make ci")
    assert re.search(r"\d+ passed in", said) and not re.search(r"\d+ skipped", said)
    assert "hadolint" not in said and "sphinx-build" not in said and "--nbmake" not in said
