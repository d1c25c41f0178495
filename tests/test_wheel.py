"""The library as a wheel instead of kit/, and the wheel of a service, which carries the library."""

import json
import re
import shutil
from pathlib import Path

import pytest
from living import UV_CACHE
from packaging.utils import canonicalize_name
from pages import commands, run_page
from trial import documented_example, fetch

from conftest import ROOT
from documents import TEXTS, required
from test_commands import check

PAGE = "docs/how-to/use-the-library-as-a-package.md"
LOCK = "make lock ONLY=mlservice\n"
# What `make lock` adds, without asking an index for the newest of three hundred packages.
PINS = """
pin="mlservice==$version --hash=sha256:$(sha256sum ../packages/*.whl | cut -d' ' -f1)"
for name in dev train serve; do echo "$pin" >> requirements/$name.txt; done
grep -q '^lock:' Makefile
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def lent(living, tmp_path):
    """Lend the service; afterwards it is as before, its environment too."""
    with living.borrowed(tmp_path / "before"):
        yield living
    shutil.rmtree(living.path.parent / "packages", ignore_errors=True)
    (living.path / ".venv/.ready").unlink(missing_ok=True)
    living.run("make setup")


def test_a_project_without_kit_installs_the_wheel(lent):
    typed = commands(TEXTS[PAGE])
    assert typed.count(LOCK) == 1
    code, said = run_page(typed.replace(LOCK, PINS), lent.path, "", lent.python)
    check(TEXTS[PAGE], code, said)
    assert not (lent.path / "kit").exists()
    where = lent.run("python -c 'import mlservice; print(mlservice.__file__)'")
    assert "site-packages" in where
    assert asked(lent, "") == []
    # Nobody answers there, and the name was asked for: so the line above can fail.
    assert asked(lent, "--no-config --default-index http://127.0.0.1:9/simple") != []


def asked(service, options: str) -> list[str]:
    """Install the library's pin once more; return the lines of uv's log in which an index is asked for its name."""
    install = f"uv pip install --verbose --reinstall --no-deps --require-hashes {options} --requirement"
    command = f"grep ^mlservice== requirements/serve.txt > pin.txt; {install} pin.txt; rm pin.txt"
    said = service.try_(command, UV_HTTP_RETRIES="0", UV_FIND_LINKS="")[1]
    return [line for line in said.splitlines() if re.search(r"://\S+/mlservice/", line)]


def test_the_name_stands_in_no_requirement():
    """An index is never asked for it: another's package of that name would be installed."""
    files = [path for folder in ("templates", "{{cookiecutter.project_slug}}") for path in (ROOT / folder).rglob("*")]
    pins = [path for path in files if path.suffix in (".in", ".txt") and path.parent.name in ("requirements", "pins")]
    assert len(pins) > 6
    assert [path.name for path in pins if "mlservice" in path.read_text(encoding="utf-8")] == []


def test_an_installed_service_predicts_elsewhere(living, tmp_path):
    """Without any file of the project: what it needs is declared, and the library is inside."""
    python = tmp_path / "venv/bin/python"
    living.run(f"uv venv --quiet --python .venv/bin/python {tmp_path}/venv", UV_CACHE_DIR=UV_CACHE)
    pinned = f"--constraint {living.path}/requirements/serve.txt"  # so that no newer version is fetched
    living.run(f"uv pip install --quiet --python {python} {pinned} .")
    asked = f"{python} -c 'import importlib.metadata as m; print(*m.requires(\"customer-churn\"), sep=chr(10))'"
    needs = living.run(f"env -C {tmp_path} {asked}").splitlines()
    serve, train = (living.path / f"requirements/{name}.in" for name in ("serve", "train"))  # and mlservice in neither
    assert required([each for each in needs if "extra" not in each]) == required(serve.read_text("utf-8").splitlines())
    extra = required([each for each in needs if "extra" in each])  # a wheel writes names in their canonical form
    assert extra == [canonicalize_name(name) for name in required(train.read_text("utf-8").splitlines())]
    model = shutil.copytree(living.path / "models/current", tmp_path / "models")
    command = f"env -C {tmp_path} {python} -m customer_churn"
    with living.background(command, "/readyz", SERVE_MODEL_DIR=str(model)) as address:
        body = json.dumps(documented_example(address)).encode()
        assert len(json.loads(fetch(f"{address}/predict", body))["predictions"]) == 1
        assert b"fetch(" in fetch(f"{address}/page/page.js")  # package data
    listed = living.run(f"env -C {tmp_path} {python} -c 'import mlservice; print(mlservice.__file__)'")
    assert Path(listed.strip()).is_relative_to(tmp_path)
