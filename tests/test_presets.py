"""One file holds a team's answers and conventions, for both engines; it is checked, and it outlives updates."""

import json
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from conftest import ENGINES, ROOT, TOOLS, Project, git
from documents import TEXTS, cells
from hook_modules import PRE
from in_process import run_engine

EXAMPLE = ROOT / "docs/how-to/team.yml"
TEAM = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
BAD = [
    ({"image_registry": "Registry/Team"}, "image_registry"),
    ({"image_registry": 5}, "image_registry"),
    ({"mlflow_tracking_uri": "mlflow"}, "mlflow_tracking_uri"),
    ({"dvc_remote": "s3://x\ny"}, "dvc_remote"),
    ({"runner_labels": "linux"}, "runner_labels"),
    ({"runner_labels": ["a b"]}, "runner_labels"),
    ({"runner_labels": [1]}, "runner_labels"),
    ({"line_length": 79}, "line_length"),
    ({"line_length": "100"}, "line_length"),
    ({"line_length": True}, "line_length"),
    ({"flake8_rules": ["b904"]}, "flake8_rules"),
    ({"pylint_rules": {"a": 1}}, "pylint_rules"),
    ({"docs_theme": "neon"}, "docs_theme"),
]


def render(engine, template, output, file=EXAMPLE) -> tuple[int, str]:
    """Render with a preset as its page says; return exit code and output."""
    command = {
        "cookiecutter": ("cookiecutter", template, "--no-input", "--config-file", file, "--output-dir", output),
        "copier": ("copier", "copy", "--defaults", "--vcs-ref", "HEAD", "--data-file", file, template, output / "made"),
    }[engine]
    output.mkdir(parents=True, exist_ok=True)
    done = subprocess.run((TOOLS / command[0], *command[1:]), cwd=output, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def made_in(output) -> Project:
    """Return the one project in a folder."""
    return Project(next(output.iterdir()), "")


@pytest.fixture(scope="module")
def teams(template, tmp_path_factory):
    """Return the example rendered by each engine."""
    folders = {engine: tmp_path_factory.mktemp(engine) / "out" for engine in ENGINES}
    for engine, folder in folders.items():
        code, said = render(engine, template, folder)
        assert code == 0, said
    return {engine: made_in(folder) for engine, folder in folders.items()}


def test_both_engines_render_the_same(teams):
    one, other = (teams[engine].contents() for engine in ENGINES)
    assert one == other


def test_the_conventions_reach_their_places(teams):
    project = teams["copier"]
    assert "IMAGE := registry.example.com/churn/customer-churn\n" in project.read("Makefile")
    assert "export MLFLOW_TRACKING_URI ?= https://mlflow.example.com\n" in project.read("Makefile")
    assert "url = s3://example-data/dvc/customer-churn\n" in project.read(".dvc/config")
    assert "max_line_length = 100\n" in project.read(".editorconfig")
    assert 'html_theme = "alabaster"' in project.read("docs/conf.py")
    images = re.findall(r"image: \"?([\w./-]+customer-churn)", project.read("compose.yaml"))
    images += re.findall(r"image: \"(.*)\"", project.read("deploy/kubernetes/base/deployment.yaml"))
    assert set(images) == {"registry.example.com/churn/customer-churn"} and len(images) >= 2
    tools = tomllib.loads(project.read("pyproject.toml"))["tool"]
    assert (tools["flake8"]["max-line-length"], tools["pylint"]["format"]["max-line-length"]) == (100, 100)
    assert tools["flake8"]["extend-select"] == ["B950", "B904"] and tools["black"]["line-length"] == 88
    assert tools["pylint"]["messages control"]["enable"] == ["deprecated-pragma"]
    jobs = {name: job for name, job in yaml.safe_load(project.read(".gitlab-ci.yml")).items() if name[0] != "."}
    tags = {name: job["tags"] for name, job in jobs.items() if name != "variables"}
    assert list(tags) == ["ci", "container image", "retrain", "update", "audit", "deliver", "rollback-image"]
    assert all(each == ["self-hosted", "linux"] for each in tags.values())


def test_every_github_job_runs_on_the_team_s_machines(template, tmp_path):
    (tmp_path / "team.yml").write_text(EXAMPLE.read_text("utf-8").replace("ci: gitlab", "ci: github"), "utf-8")
    assert render("copier", template, tmp_path / "out", tmp_path / "team.yml")[0] == 0
    for workflow in (tmp_path / "out/made/.github/workflows").iterdir():
        jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
        assert [job["runs-on"] for job in jobs] == [["self-hosted", "linux"]] * len(jobs)


def test_the_code_is_in_the_team_s_style(teams):
    for command in (("black", "--check", "--quiet", "."), ("flake8", "src", "tests", "docs")):
        teams["copier"].run(str(TOOLS / command[0]), *command[1:])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_conventions_outlive_an_update(engine, template, tmp_path):
    source = shutil.copytree(template, tmp_path / "source")
    git(source, "tag", "1.0.0")
    assert render(engine, source, tmp_path / "out")[0] == 0
    project = made_in(tmp_path / "out")
    git(project.folder, "init", "-q")
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "Mine", "--allow-empty")
    with (source / "{{cookiecutter.project_slug}}/.editorconfig").open("a", encoding="utf-8") as settings:
        settings.write("# from the template\n")
    git(source, "commit", "-qam", "The template's")
    git(source, "tag", "1.1.0")
    subprocess.run((TOOLS / "copier", "update", "--defaults"), cwd=project.folder, check=True, capture_output=True)
    changed = git(project.folder, "diff", "--name-only").splitlines()
    assert sorted(changed) == [".copier-answers.yml", ".editorconfig"]
    assert "max_line_length = 100\n" in project.read(".editorconfig")
    assert yaml.safe_load(project.read(".copier-answers.yml"))["conventions"] == TEAM["conventions"]
    git(project.folder, "commit", "-qam", "Updated")
    newer = tmp_path / "newer.yml"
    newer.write_text(EXAMPLE.read_text("utf-8").replace("line_length: 100", "line_length: 120"), encoding="utf-8")
    command = (TOOLS / "copier", "update", "--defaults", "--data-file", newer)
    subprocess.run(command, cwd=project.folder, check=True, capture_output=True)
    assert "max_line_length = 120\n" in project.read(".editorconfig")


def test_without_a_preset_nothing_is_recorded(template, tmp_path):
    (tmp_path / "empty.yml").write_text("default_context: {}\n", encoding="utf-8")
    assert render("copier", template, tmp_path / "out", tmp_path / "empty.yml")[0] == 0
    recorded = yaml.safe_load(made_in(tmp_path / "out").read(".copier-answers.yml"))
    assert not {"conventions", "scope", "yours"} & set(recorded)


def written(tmp_path, conventions) -> object:
    """Write a preset with these conventions, as the example does."""
    text = yaml.safe_dump({"default_context": {"_conventions": conventions}, "conventions": conventions})
    (tmp_path / "team.yml").write_text(text, encoding="utf-8")
    return tmp_path / "team.yml"


SAID = [
    *((bad, PRE.VALUE.format(name, PRE.FORMS[name][2])) for bad, name in BAD),
    ({"line_lenght": 100}, PRE.UNKNOWN.format("line_lenght")),
    ("100", PRE.NAMES),
]


@pytest.mark.parametrize("conventions, said", SAID)
@pytest.mark.usefixtures("no_git")
def test_copier_refuses_it_in_the_same_words(conventions, said, template_folder, output):
    assert PRE.check_conventions(conventions) == said
    code, error = run_engine("copier", template_folder, output, {"conventions": json.dumps(conventions)})
    assert code == 1 and error.endswith(said)
    assert not any(output.iterdir())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bad_preset_leaves_nothing(engine, template_folder, tmp_path):
    code, said = render(engine, template_folder, tmp_path / "out", written(tmp_path, {"line_length": 60}))
    assert code == 1 and PRE.VALUE.format("line_length", PRE.FORMS["line_length"][2]) in said
    assert not any((tmp_path / "out").iterdir())


def test_the_page_lists_every_convention():
    stated = {row[0].strip("`"): row[2] for row in cells("docs/how-to/team-presets.md")}
    assert list(stated) == list(PRE.FORMS)
    assert {name: words for name, words in stated.items() if PRE.FORMS[name][2] not in words} == {}
    assert "team.yml" in TEXTS["docs/how-to/team-presets.md"]


@pytest.mark.parametrize("theme", re.findall(r"\w+", PRE.FORMS["docs_theme"][2].partition("of ")[2]))
def test_a_theme_is_there_to_build_with(theme, tmp_path):
    (tmp_path / "conf.py").write_text(f"html_theme = {theme!r}\n", encoding="utf-8")
    (tmp_path / "index.rst").write_text("A\n=\n", encoding="utf-8")
    command = (TOOLS / "sphinx-build", "--quiet", "--fail-on-warning", tmp_path, tmp_path / "site")
    subprocess.run(command, check=True, capture_output=True)
