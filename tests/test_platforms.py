"""Where a project runs: its README says so, set-up refuses other machines at once, and the lock has wheels for each."""

import importlib.util
import os
import platform
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from documents import TEXTS, TREE
from trial import ROOT

SAID = "There are wheels for Linux on x86-64 and arm64 with glibc 2.28 or later, macOS 14 or later on Apple silicon"
LOCKED = ROOT / "{{cookiecutter.project_slug}}/requirements/dev.txt"
HERE = {"system": "Linux", "machine": "x86_64", "libc_ver": ("glibc", "2.36"), "mac_ver": ("14.2", ("", "", ""), "")}
REFUSED = {  # what is different there: a word of the refusal
    "Intel Mac": ({"system": "Darwin"}, "Intel Macs have no wheels"),
    "old macOS": ({"system": "Darwin", "machine": "arm64", "mac_ver": ("13.6", ("", "", ""), "")}, "macOS 13.6"),
    "Alpine": ({"libc_ver": ("", "")}, "Alpine"),
    "musl, by its name": ({"libc_ver": ("musl", "1.2.5")}, "Alpine"),
    "CentOS 7": ({"libc_ver": ("glibc", "2.17")}, "glibc 2.17 has no wheels"),
    "Raspberry Pi, 32 bits": ({"machine": "armv7l"}, "armv7l machines have no wheels"),
    "POWER": ({"machine": "ppc64le"}, "ppc64le machines have no wheels"),
    "Windows": ({"system": "Windows", "machine": "AMD64"}, "use WSL"),
    "FreeBSD": ({"system": "FreeBSD", "machine": "amd64"}, "FreeBSD has no wheels"),
}
ACCEPTED = {
    "Debian 12": {},
    "RHEL 8": {"libc_ver": ("glibc", "2.28")},
    "a version with more to it": {"libc_ver": ("glibc", "2.39.9000-git")},
    "arm64": {"machine": "aarch64"},
    "Apple silicon": {"system": "Darwin", "machine": "arm64"},
    "macOS 26": {"system": "Darwin", "machine": "arm64", "mac_ver": ("26.1", ("", "", ""), "")},
}
# A Python that takes its machine for one with Alpine.
ALPINE = """#!{python}
import os, platform, runpy, sys
if sys.argv[1].endswith("platforms.py"):
    platform.libc_ver = lambda: ("musl", "1.2")
    runpy.run_path(sys.argv[1], run_name="__main__")
if sys.argv[1] == "-c":
    sys._base_executable = __file__
    sys.exit(exec(sys.argv[2]))
os.execv("{python}", ["{python}", *sys.argv[1:]])
"""


@pytest.fixture
def platforms(monkeypatch):
    """Return `platforms(facts)`: the script of the set-up, on a machine with these facts."""
    spec = importlib.util.spec_from_file_location("platforms", TREE / "tools/platforms.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def on(facts: dict):
        for name, value in (HERE | facts).items():
            monkeypatch.setattr(platform, name, lambda value=value: value)
        return module

    return on


@pytest.mark.parametrize("machine", REFUSED)
def test_a_machine_without_wheels_is_refused_with_what_to_do(machine, platforms, capsys):
    facts, word = REFUSED[machine]
    assert platforms(facts).main() == 1
    said = capsys.readouterr().err
    assert word in said and SAID in said and re.search(r"\b(use|update to|install)\b", said)


@pytest.mark.parametrize("machine", ACCEPTED)
def test_a_machine_with_wheels_is_accepted(machine, platforms):
    assert platforms(ACCEPTED[machine]).main() == 0


def test_a_python_without_wheels_is_refused(platforms, monkeypatch):
    module = platforms({})
    monkeypatch.setattr(module.sys, "implementation", SimpleNamespace(name="pypy"))
    assert "CPython" in module.obstacle()


def test_whoever_has_wheels_of_their_own_goes_on(platforms, monkeypatch):
    monkeypatch.setenv("PLATFORM_CHECK", "0")
    assert platforms({"libc_ver": ("", "")}).main() == 0


def test_set_up_refuses_before_it_touches_anything(render, tmp_path):
    project = render()
    for name in ("python3.12", "python3", "python"):
        (tmp_path / name).write_text(ALPINE.format(python=sys.executable), encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(("make", "setup"), cwd=project.folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "Alpine" in done.stderr and SAID in done.stderr
    assert not (project.folder / ".venv").exists() and "Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["the template's", "a project's"])
def test_the_readme_says_where_there_are_wheels(page, render):
    text = {"the template's": TEXTS["README.md"], "a project's": render().read("README.md")}[page]
    for word in ("glibc 2.28", "Apple silicon", "macOS 14", "WSL", "Intel", "Alpine"):
        assert word in text, f"{page} README does not say {word}"


# Linux on x86-64 is tried for each Python by test_matrix.py.
@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.14"])
@pytest.mark.parametrize("machine", ["aarch64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"])
def test_the_lock_has_wheels_for(machine, version, tmp_path):
    """A dry run of the set-up there; one pure-Python package (of DVC's) comes as its source."""
    only = ("--only-binary", ":all:", "--no-binary", "antlr4-python3-runtime", "--require-hashes", "--no-deps")
    target = ("--target", str(tmp_path), "--python-platform", machine, "--python-version", version)
    command = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--dry-run", *only, *target)
    env = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    done = subprocess.run((*command, "--requirement", LOCKED), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
