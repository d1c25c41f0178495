"""The reference is compared with what it describes, line by line."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from conftest import ROOT
from documents import LIBRARY, TASKS, TEXTS, TREE, cells, files_in, names, of_task, required, words_of


def test_the_questions_are_those_of_the_template():
    questions = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    stated = cells("docs/reference/questions.md")
    assert [row[0].strip("`") for row in stated] == [name for name in questions if name[0] != "_"]
    for name, default, choices, _ in stated:
        asked = questions[name.strip("`")]
        if isinstance(asked, list):
            assert re.findall(r"`(.+?)`", choices) == asked
        if "{" not in str(asked):
            assert default.strip("`") == (asked[0] if isinstance(asked, list) else asked)
    limits = dict(re.findall(r'"(\w+)": (\d+)', (ROOT / "hooks/pre_gen_project.py").read_text(encoding="utf-8")))
    stated_limits = {row[0].strip("`"): re.search(r"(\d+) characters", row[2]) for row in stated}
    assert {name: stated_limits[name].group(1) for name in limits} == limits


def test_the_words_are_those_of_the_makefiles(render):
    page = "docs/reference/makefile.md"
    assert {name.removeprefix("make ") for name in names(page)} == all_words(render().folder / "Makefile")
    own = re.findall(r"`make ([a-z-]+)`", TEXTS[page].partition("The template's own targets")[2])
    assert set(own) | {"help"} == words_of(ROOT / "Makefile")
    assert f"`{order(render().folder / 'Makefile')}`" in TEXTS[page]


def order(makefile: Path) -> str:
    """Return what `make ci` runs."""
    text = makefile.read_text(encoding="utf-8")
    name = re.search(r"^ci: \$\((\w+)\)", text, re.MULTILINE).group(1)
    return re.search(rf"^{name} := (.*)", text, re.MULTILINE).group(1)


def all_words(makefile: Path) -> set[str]:
    """Return the words that a rendered Makefile offers, those of `make ci` among them."""
    return words_of(makefile) | set(order(makefile).split())


def test_the_settings_are_those_of_the_service():
    config = (LIBRARY / "serving/settings.py").read_text(encoding="utf-8")
    fields = re.findall(
        r"^    (\w+): \S+ = (?:Field\()?\s*(\S+?)[,\n]", config.partition("class Settings")[2], re.MULTILINE
    )
    fields += re.findall(r"^    (\w+): Literal\[.*\] = (\S+)$", config, re.MULTILINE)
    defaults = {f"SERVE_{name.upper()}": value.strip('"').replace("_", "").replace("()", "") for name, value in fields}
    stated = {row[0].strip("`"): row[1].strip('`"') for row in cells("docs/reference/environment.md")}
    paths = (LIBRARY / "paths.py").read_text(encoding="utf-8")
    models, current = re.search(r'^MODELS = Path\("(.*)"\)$.*^CURRENT = MODELS / "(.*?)"', paths, re.M | re.S).groups()
    assert stated == {**defaults, "SERVE_MODEL_DIR": f"{models}/{current}"}


@pytest.mark.parametrize("task", TASKS)
def test_the_knobs_are_those_of_params_yaml(task):
    params = yaml.safe_load(of_task(task, "params.yaml").read_text(encoding="utf-8"))
    rows = cells("docs/reference/params.md", f"## {task}\n")
    assert {row[0].strip("`"): yaml.safe_load(row[1].strip("`")) for row in rows} == flat(params)


def flat(params: dict) -> dict:
    """Return the parameters of nested sections by their names with dots."""
    found = {}
    for name, value in params.items():
        inner = flat(value) if isinstance(value, dict) else {"": value}
        found |= {f"{name}.{more}".strip("."): each for more, each in inner.items()}
    return found


def test_the_contract_is_that_of_the_service():
    names_of_modules = ("endpoints", "messages", "request_metrics", "connections")
    routed, api, observe, connections = (
        (LIBRARY / f"serving/{name}.py").read_text(encoding="utf-8") for name in names_of_modules
    )
    page = TEXTS["docs/reference/http.md"]
    routes = {f"{verb.upper()} {path}" for verb, path in re.findall(r'\w+\.(get|post)\(\s*"(/[\w/]+)"', routed)}
    assert set(re.findall(r"`((?:GET|POST) /[\w./]+)`", page)) == routes | {"GET /docs", "GET /openapi.json"}
    refusals = set(re.findall(r"^    (\d{3}): ", api, re.MULTILINE)) | {"500"}
    refusals |= set(re.findall(r"refuse\((\d{3})", connections))
    assert set(re.findall(r"^\| (\d{3}) \|", page, re.MULTILINE)) == refusals
    meters = re.findall(r'(?:[Cc]ounter|[Hh]istogram|Gauge)\(\s*"(\w+)"', observe)
    assert [name for name in names("docs/reference/http.md") if " " not in name] == meters
    assert f"at most {re.search(r'MAX_FAULTS = (.+?) ', api).group(1)};" in page


@pytest.mark.parametrize("task", TASKS)
def test_the_files_are_those_of_the_pipeline(task, render):
    stages = yaml.safe_load(render(task=task).read("dvc.yaml"))["stages"]
    written = {"data/raw.csv": ("you, or `sample.py`", "DVC")}
    for stage, facts in stages.items():
        for out in (*facts["outs"], *facts.get("metrics", ()), *facts.get("plots", ())):
            name, options = next(iter(out.items())) if isinstance(out, dict) else (out, {})
            written[name] = (stage, "DVC" if options.get("cache", True) else "git")
    stated = {row[0].strip("`"): (row[1], row[2]) for row in cells("docs/reference/files.md")}
    assert stated == written


def test_the_manifest_s_fields_are_those_of_the_class():
    source = (LIBRARY / "model/manifests.py").read_text(encoding="utf-8")
    manifest = source.partition("class Manifest")[2].partition("\nclass ")[0]
    listed = TEXTS["docs/reference/files.md"].partition("The manifest holds")[2].partition(". ")[0]
    assert re.findall(r"`(\w+)`", listed) == re.findall(r"^    (\w+): ", manifest, re.MULTILINE)


@pytest.mark.parametrize("part", ["serve", "train", "dev"])
def test_the_dependencies_of_a_service_each_have_a_reason(part):
    lines = (ROOT / f"templates/pins/{part}.in").read_text(encoding="utf-8").splitlines()
    assert sorted(names("docs/decisions/0004-dependencies.md", f"## requirements/{part}.in\n")) == required(lines)


def test_the_dependencies_of_the_template_each_have_a_reason():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    stated = names("docs/decisions/0004-dependencies.md", "## pyproject.toml of the template\n")
    assert sorted(stated) == required(groups["dev"])


def test_the_dependencies_of_the_library_s_tests_each_have_a_reason():
    lines = (ROOT / "tests/kit/requirements.in").read_text(encoding="utf-8").splitlines()
    stated = names("docs/decisions/0004-dependencies.md", "## tests/kit/requirements.in\n")
    assert sorted(stated) == required(lines) == ["numba", "shap", "skops"]


@pytest.mark.parametrize("name", ["copier", "uv"])
def test_a_pin_that_stands_in_several_places_is_the_same_everywhere(name):
    tree = [top / file for top in (TREE, ROOT / "conventions") for file in files_in(top)]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "Makefile", ROOT / "requirements.txt", *tree)]
    found = [re.findall(rf"\b(?:TEAM_)?{name}(?:==| := )([\d.]+)", text, re.IGNORECASE) for text in texts]
    assert len({each for pins in found for each in pins}) == 1 and sum(map(len, found)) > 1


def test_the_tasks_are_those_that_are_asked_for():
    rows = cells("docs/reference/tasks.md")
    assert [row[0].strip("`") for row in rows] == TASKS
    for task, sample, _, _, metric in rows:
        params = yaml.safe_load(of_task(task.strip("`"), "params.yaml").read_text(encoding="utf-8"))
        assert metric.strip("`") == params["gate"]["metric"]
        text = of_task(task.strip("`"), "sample.py").read_text(encoding="utf-8").replace("_", ",")
        assert re.search(r"[\d,]+", sample)[0] in text
