"""An environment for each peer, under build/: made once, and again when its requirements or the Python change."""

import subprocess
import time
from pathlib import Path

from common import say, tool
from trial import ROOT

HERE = Path(__file__).resolve().parent
CACHE = ROOT / "build" / "benchmarks"


class NotInstalled(RuntimeError):
    """A peer that could not be installed; says why."""


def environment(name: str, python: Path) -> Path:
    """Return the folder of a peer's programs; they run on the same Python as `python`."""
    requirements, target = HERE / name / "requirements.txt", CACHE / name
    made_from = f"{python.resolve()}\n{requirements.read_text(encoding='utf-8')}"
    stamp = target / "made-from.txt"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from):
        say(f"installing {name} into {target.relative_to(ROOT)}")
        began = time.monotonic()
        _uv("venv", "--clear", "--python", str(python.resolve()), str(target))
        _uv("pip", "install", "--python", str(target), "--require-hashes", "--requirement", str(requirements))
        stamp.write_text(made_from, encoding="utf-8")
        say(f"that took {time.monotonic() - began:.0f} s")
    return target / "bin"


def _uv(*words: str) -> None:
    done = subprocess.run((tool("uv"), "--quiet", *words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotInstalled(f"cannot be installed: {done.stderr.strip()[-1000:]}")
