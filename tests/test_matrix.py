"""Every other task lives, and with them each Python, both engines, both vendors and hostile text."""

import re
import shutil

import pytest
import yaml

from conftest import git
from documents import TASKS, TEXTS
from hosting import FLOWS, act
from living import Living, interpreter
from pages import commands, has_engine, missing, promised, run_page

pytestmark = pytest.mark.slow

NASTY = {
    "project_name": 'L\'Été "Ops": № 1 🤖',
    "description": 'It says "no\\way" — \\"quoted\\", 100 % sure: #1 & <b>ünïcode</b> `x` {ref}`y` [a](b) 🤖',
    "author_name": 'O\'Brien "Bob"',
}

# The default task lives in all other slow tests.
MATRIX = {
    "regression": ("copier", {"python_version": "3.13", "license": "Apache-2.0", **NASTY}),
    "forecasting": ("cookiecutter", {"python_version": "3.12", "package_name": "a" * 50}),
    "text": ("copier", {"python_version": "3.13", "ci": "gitlab"}),
    # 3.11: the Python for which a folder of wheels may hold PyTorch's build for the CPU.
    "image": ("cookiecutter", {"python_version": "3.11", "ci": "gitlab", **NASTY}),
}
ACT = "regression"  # whose workflow runs as GitHub would run it; act sets up a clone for each job, which takes its time
# What a model could learn goes; what a baseline knows of each product stays.
SHUFFLE = """
import pandas; from {package}.service import SERVICE
TARGET = SERVICE.target
rows = pandas.read_csv("data/raw.csv")
groups = rows["product"] if "product" in rows else [0] * len(rows)
answers = rows.groupby(groups)[TARGET.column]
rows[TARGET.column] = answers.transform(lambda each: each.sample(frac=1, random_state=3).to_numpy())
rows.to_csv("data/raw.csv", index=False)
"""

# Programs of torch.export that were changed: another operator, an expression, a further part.
TAMPERED = """
import io, pathlib, zipfile; from {package}.scorers import TorchScorer
DATA = pathlib.Path("models/current/model.pt2").read_bytes()

def changed(before="", after="", more=()):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DATA)) as held, zipfile.ZipFile(file, "w") as made:
        for part in held.infolist():
            text = held.read(part)
            made.writestr(part, text.replace(before.encode(), after.encode()) if before else text)
        for name in more:
            made.writestr(name, b"cos")
    return file.getvalue()

for data in (
    DATA,
    changed("torch.ops.aten.relu.default", "torch.ops.aten.from_file.default"),
    changed('"as_int"', '"__import__(1)"'),
    changed(more=["archive/data/constants/custom_obj_0"]),
):
    try:
        TorchScorer(data)
        print("listed")
    except ValueError:
        print("refused")
"""


@pytest.fixture(scope="module", params=MATRIX)
def service(request, render, tmp_path_factory):
    """Render a task into a folder of its own; remove its environment afterwards, half a gigabyte each."""
    engine, answers = MATRIX[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    rendered = render(engine, task=request.param, **answers)
    python = interpreter(answers["python_version"], folder)
    copy = shutil.copytree(rendered.folder, folder / rendered.folder.name)
    yield Living(copy, python)
    shutil.rmtree(copy, ignore_errors=True)


def answers_of(service) -> dict[str, str]:
    """Return what the project was rendered with."""
    return yaml.safe_load((service.path / ".copier-answers.yml").read_text(encoding="utf-8"))


def lines_of(service, job: str, words: list[str]) -> list[str]:
    """Return the script of one of GitLab's jobs, or the words that say the same where GitHub is the host."""
    if answers_of(service)["ci"] != "gitlab":
        return words
    return yaml.safe_load((service.path / ".gitlab-ci.yml").read_text(encoding="utf-8"))[job]["script"]


def run_workflow(service, store) -> None:
    """Run GitHub's workflow for real, each job on a fresh clone, which act makes."""
    git(service.path, "commit", "--quiet", "--message", "Rendered")
    chosen = [] if has_engine() else ["--job", "ci"]  # the other one needs a container engine
    default = ("--defaultbranch", git(service.path, "branch", "--show-current").strip())
    done = act(service.path, store, "push", "-W", f"{FLOWS}/ci.yml", *default, *chosen, env=service.env)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "this is the sample" not in done.stdout
    words = re.search(r"^CHECKS := (.*)$", (service.path / "Makefile").read_text(encoding="utf-8"), re.M)[1].split()
    for word in words if chosen else [*words, "image", "image-test"]:
        assert re.search(rf"Success - Main make {word}\s", done.stdout), f"make {word} did not run"
    tried = [line for line in done.stdout.splitlines() if line.startswith("[ci/container image ")]  # both run at once
    assert chosen or (any(" passed" in line for line in tried) and not any("skipped" in line for line in tried))


def test_every_task_lives():
    assert [TASKS[0], *MATRIX] == TASKS


def test_what_the_server_runs_is_green(service, tmp_path):
    service.run("git init --quiet && git add --all")  # Copier makes no repository
    if answers_of(service)["task"] == ACT:
        run_workflow(service, tmp_path)
    assert "this is the sample" not in service.run("make setup"), "the sample is what data/raw.csv.dvc names"
    for line in lines_of(service, "ci", ["make pipeline"] if answers_of(service)["task"] == ACT else ["make ci"]):
        service.run(line)
    assert answers_of(service)["python_version"] in service.run("python --version")
    left = service.run("git ls-files --others --exclude-standard").split()
    assert sorted(left) == ["dvc.lock", "reports/metrics.json", "reports/model-card.md"]
    assert service.run("git diff --stat") == ""


def test_the_readme_s_commands_give_predictions(service):
    readme = (service.path / "README.md").read_text(encoding="utf-8")
    answers = answers_of(service)
    assert answers["project_name"] in readme
    assert answers["description"] in readme
    code, output = run_page(commands(readme), service.path, "ci image-test up down", service.python)
    assert code == 0, output[-6000:]
    assert '{"predictions":[{' in output and '"model_version":"' in output


def test_the_image_passes_its_own_tests(service):
    if not has_engine():
        pytest.skip("no container engine answers")
    if answers_of(service)["task"] == ACT:
        return  # the workflow has said so
    output = "".join(service.run(line) for line in lines_of(service, "container image", ["make image image-test"]))
    assert " passed" in output and "skipped" not in output


def test_the_page_on_pytorch_works_and_its_scorer_refuses_what_is_not_listed(service, tmp_path):
    if answers_of(service)["task"] != "image":
        return  # the page is about that task
    package = next((service.path / "src").iterdir()).name
    page = TEXTS["docs/how-to/models-in-pytorch.md"].replace("digit_reader", package)
    code, output = run_page(commands(page), service.path, "", service.python)
    assert code == 0, output[-6000:]
    assert missing(promised(page), output) == []
    (tmp_path / "tampered.py").write_text(TAMPERED.format(package=package), encoding="utf-8")
    assert service.run(f"python {tmp_path}/tampered.py").split() == ["listed", "refused", "refused", "refused"]


def test_noise_is_refused_and_the_champion_stays(service):
    manifest = service.path / "models/current/manifest.json"
    champion = manifest.read_bytes()
    package = next((service.path / "src").iterdir()).name
    service.run(f"python -c '{SHUFFLE.format(package=package)}'")
    code, output = service.try_("make pipeline")
    assert code != 0
    assert "ship the baseline" in output
    assert manifest.read_bytes() == champion


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_pin_has_a_wheel_for(living, version):
    """All but one pure-Python package (of DVC's) come built, for each Python on offer, installed here or not."""
    living.run(
        f"uv pip compile --quiet --no-header --python-version {version} --only-binary :all: "
        "--no-binary antlr4-python3-runtime requirements/dev.txt --output-file /dev/null"
    )
