"""Run other programs: docker, kubectl, git, dvc."""

import os
import shlex
import subprocess
from collections.abc import Mapping

from mlservice.errors import UserError

NOISE = (
    "warning:",
    "hint:",
    "usage:",
    "see ",
)  # beginnings of lines that are no reason


def run(*words: str, given: str = "", more: Mapping[str, str] | None = None) -> str:
    """Run a program with text on stdin; return its output.

    `more` is added to its environment. Raise UserError with the program's own reason if
    it fails or is not installed.
    """
    try:
        done = subprocess.run(
            words,
            input=given,
            env={**os.environ, **(more or {})},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise UserError(f"{words[0]} is not installed, and is needed here") from error
    if done.returncode:
        shown = shlex.join(words[:4])
        raise UserError(f"`{shown} …` failed: {_reason(done.stderr or done.stdout)}")
    return done.stdout.strip()


def succeeds(*words: str) -> bool:
    """Run a program; return whether it is there and succeeds."""
    try:
        run(*words)
    except UserError:
        return False
    return True


def _reason(said: str) -> str:
    """Return the last line that gives a reason."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [line for line in lines if not line.lower().startswith(NOISE)]
    return (told or lines or ["it gave no reason"])[-1].rstrip(".")
