"""Documents cannot lie: what they state is compared with what is."""

import json
import math
import re
from pathlib import Path
from statistics import NormalDist

import pytest
import yaml
from mlservice.serving.settings import Settings

ROOT = Path(__file__).parents[2]


def read(path: Path) -> str:
    """A document without its indented lines and, in the README, its head: free text."""
    text = re.sub(r"^ {4}.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return text[text.index("\n## ") :] if path.name == "README.md" else text


README = read(ROOT / "README.md")
DOCUMENTS = {
    path.relative_to(ROOT): read(path)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}


def found(pattern: str) -> list[tuple[Path, tuple[str, ...]]]:
    """Every match in every document: the document's path and the groups."""
    return [
        (path, match.groups())
        for path, text in DOCUMENTS.items()
        for match in re.finditer(pattern, text, re.MULTILINE)
    ]


def test_values_are_those_of_params_yaml():
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    stated = found(r"`(\w+(?:\.\w+)+)`\s=\s`([^`]+)`")
    assert stated, "the design document states the values that were chosen"
    for path, (name, value) in stated:
        held = params
        for part in name.split("."):
            held = held.get(part, {})
        assert held == yaml.safe_load(value), f"{path}: {name}"


def test_numbers_are_those_of_the_last_run():
    """`make report` writes them; a mark before each says which number it is.

    The last digit may be off by one: processors differ in rounding.
    """
    metrics = ROOT / "reports/metrics.json"
    if not metrics.exists():
        pytest.skip("no run yet: `make pipeline`")
    known = json.loads(metrics.read_text(encoding="utf-8"))
    for path, (name, stated) in found(r"<!-- metrics: (\S+) -->(-?[\d,]*\d(?:\.\d+)?)"):
        held = known
        for part in name.split("."):
            held = held[part]
        off = abs(held - float(stated.replace(",", "")))
        last = 10.0 ** -len(stated.partition(".")[2])
        assert off < 1.5 * last, f"{path}: {name} is {held}: type `make report`"


def test_make_targets_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {target for _, (target,) in found(r"(?:`|^)make ([a-z-]+)")} <= targets


def test_settings_are_those_of_the_readme():
    stated = re.findall(r"^\| `SERVE_(\w+)` \| `([^`]+)`", README, re.MULTILINE)
    defaults = {name.upper(): f.default for name, f in Settings.model_fields.items()}
    shown = {
        name: "''" if value in ("", ()) else str(value)
        for name, value in defaults.items()
    }
    assert dict(stated) == shown


def test_the_readme_s_tree_lists_every_module():
    listed = re.findall(r"^│   [├└]── (\S+)", README, re.MULTILINE)
    package = ROOT / "src/{{ cookiecutter.package_name }}"
    found = [path for path in package.iterdir() if path.name != "__pycache__"]
    assert listed == sorted(path.name + "/" * path.is_dir() for path in found)


def test_request_of_the_readme_is_the_example(service):
    (body,) = re.findall(r"-d '(\{.*?\})'\n", README, re.DOTALL)
    assert json.loads(body) == {"instances": [service.example]}


def test_links_lead_to_files():
    for path, (target,) in found(r"\]\(([^)#:]+)(?:#[^)]*)?\)"):
        beside = (ROOT / path).parent / target
        made = target.startswith("api/")  # by `make docs`
        exists = beside.exists() or beside.with_name(f"{beside.name}.md").exists()
        assert made or exists, f"{path}: {target}"


def per_group(first: float, second: float, alpha: float, power: float) -> int:
    """People in each of two groups (Fleiss, Levin & Paik 2003, chapter 4)."""
    z, mean = NormalDist().inv_cdf, (first + second) / 2
    under_null = z(1 - alpha / 2) * math.sqrt(2 * mean * (1 - mean))
    spread = first * (1 - first) + second * (1 - second)
    root = (under_null + z(power) * math.sqrt(spread)) / (first - second)
    return math.ceil(root**2)


def test_sample_sizes_are_computed():
    stated = found(r"from ([\d.]+) % to ([\d.]+) %: ([\d,]+) ")
    assert stated, "the experiment's plan states the size of a group"
    for path, (first, second, size) in stated:
        computed = per_group(float(first) / 100, float(second) / 100, 0.05, 0.8)
        assert int(size.replace(",", "")) == computed, path
