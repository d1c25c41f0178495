"""Commands of other programs, and how their refusal is told."""

import os
import subprocess
from pathlib import Path

SETTINGS = {  # of one merge, whatever the user's own are
    "commit.gpgsign": "false",  # nobody is there who could type a passphrase
    "core.hooksPath": os.devnull,
    "merge.conflictStyle": "merge",
    "merge.directoryRenames": "true",
    "rerere.enabled": "false",
}


class Refused(Exception):
    """What is in the way, in one sentence; the project is as it was."""


def run(*words: str | Path, at: Path | None = None, **more: str) -> str:
    """Run a command with more environment; return what it prints, or refuse."""
    done = subprocess.run(
        words,
        cwd=at,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no reason").splitlines()
        fatal = (line for line in said if line.startswith(("fatal: ", "error: ")))
        raise Refused(next(fatal, said[-1]).strip().rstrip("."))
    return done.stdout


def git(at: Path, *words: str | Path, **more: str) -> str:
    """Run git there; hooks and settings of the user play no part."""
    settings = (f"{name}={value}" for name, value in SETTINGS.items())
    options = [word for each in settings for word in ("-c", each)]
    return run("git", *options, *words, at=at, **more)


def signing(at: Path, branch: str) -> str:
    """Return how to sign the commits of a branch, where the user signs, or ""."""
    asked = ("config", "--type=bool", "--default=false", "commit.gpgsign")
    if run("git", *asked, at=at).strip() == "false":
        return ""
    rebase = "git rebase --exec 'git commit --amend --no-edit -S' -"
    return f"  sign it:       git switch {branch} && {rebase}\n"
