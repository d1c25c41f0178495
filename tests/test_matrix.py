"""`make ci` is green in real renderings: each Python, both engines, both vendors, hostile text."""

import shutil

import pytest
import yaml
from living import Living, interpreter

NASTY = {
    "project_name": 'L\'Été "Ops": № 1 🤖',
    "description": 'It says "no\\way" — \\"quoted\\", 100 % sure: #1 & <b>ünïcode</b> `x` {ref}`y` [a](b) 🤖',
    "author_name": 'O\'Brien "Bob"',
}

MATRIX = {
    "3.11, cookiecutter, GitLab, image": (  # 3.11: the Python for which a folder of wheels may hold PyTorch for the CPU
        "cookiecutter",
        {"python_version": "3.11", "ci": "gitlab", "task": "image", **NASTY},
    ),
    "3.13, copier, GitHub, regression": (
        "copier",
        {"python_version": "3.13", "license": "Apache-2.0", "task": "regression", **NASTY},
    ),
}


@pytest.fixture(params=MATRIX)
def project(request, render, tmp_path):
    """Set a rendering up; remove its environment afterwards, half a gigabyte each."""
    engine, answers = MATRIX[request.param]
    rendered = render(engine, **answers)
    python = interpreter(answers["python_version"], tmp_path)
    copy = tmp_path / rendered.folder.name
    shutil.copytree(rendered.folder, copy)
    yield Living(copy, python), answers
    shutil.rmtree(copy, ignore_errors=True)


@pytest.mark.slow
def test_what_the_server_runs_is_green(project):
    service, answers = project
    if answers.get("ci") == "gitlab":
        pipeline = yaml.safe_load((service.path / ".gitlab-ci.yml").read_text(encoding="utf-8"))
        for line in pipeline["ci"]["script"]:
            service.run(line)
    else:
        service.timed_ci()
    assert answers["python_version"] in service.run("python --version")
    readme = (service.path / "README.md").read_text(encoding="utf-8")
    assert answers["project_name"] in readme
    assert answers["description"] in readme


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_pin_has_a_wheel_for(living, version):
    """All but one pure-Python package (of DVC's) come built, for each Python on offer, installed here or not."""
    living.run(
        f"uv pip compile --quiet --no-header --python-version {version} --only-binary :all: "
        "--no-binary antlr4-python3-runtime requirements/dev.txt --output-file /dev/null"
    )
