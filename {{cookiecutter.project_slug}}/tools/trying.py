"""Try a worktree as CI would: `make ci`, with the project's data and its own pins."""

import os
import shutil
import subprocess
from pathlib import Path


def lend(project: Path, tree: Path) -> None:
    """Give the worktree what git does not keep: DVC's cache and private settings."""
    private, cache = project / ".dvc/config.local", project / ".dvc/cache"
    if private.is_file():
        shutil.copy(private, tree / ".dvc/config.local")
    if cache.is_dir():
        (tree / ".dvc/cache").symlink_to(cache.resolve())


def passes_ci(tree: Path) -> bool:
    """Tell whether `make ci` passes; it makes an environment of its own."""
    lend(Path(), tree)
    ours = str(Path(".venv/bin").resolve())
    kept = {name: text for name, text in os.environ.items() if not is_makes(name)}
    path = [each for each in kept["PATH"].split(os.pathsep) if each != ours]
    env = {**kept, "PATH": os.pathsep.join(path)}
    print("make ci, in a worktree of that branch:", flush=True)
    return not subprocess.run(("make", "ci"), cwd=tree, env=env, check=False).returncode


def is_makes(name: str) -> bool:
    """Tell whether a variable is how one make speaks to the make that it runs."""
    return name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKEFILES")
