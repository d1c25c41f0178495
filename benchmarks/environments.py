"""Environments under build/, of pinned packages: made once, and again when their pins or the Python change."""

import subprocess
import time
from pathlib import Path

from common import say, tool
from trial import ROOT

CACHE = ROOT / "build" / "benchmarks"


class NotInstalled(RuntimeError):
    """Packages that could not be installed; says why."""


def environment(folder: Path, python: Path, *options: str) -> Path:
    """Install a folder's requirements.txt, with further options of `uv pip install`; return the folder of programs.

    They run on the same Python as `python`.
    """
    requirements, target = folder / "requirements.txt", CACHE / folder.name
    made_from = f"{python.resolve()}\n{requirements.read_text(encoding='utf-8')}"
    stamp = target / "made-from.txt"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from):
        say(f"installing {folder.name} into {target.relative_to(ROOT)}")
        began = time.monotonic()
        _uv("venv", "--clear", "--python", str(python.resolve()), str(target))
        _uv("pip", "install", "--python", str(target), "--require-hashes", *options, "--requirement", str(requirements))
        stamp.write_text(made_from, encoding="utf-8")
        say(f"that took {time.monotonic() - began:.0f} s")
    return target / "bin"


def _uv(*words: str) -> None:
    done = subprocess.run((tool("uv"), "--quiet", *words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotInstalled(f"cannot be installed: {done.stderr.strip()[-1000:]}")
