"""What the benchmarks share: a clean copy of the template, the engines' command lines, a table."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    "cookiecutter": "run it with the Python that Cookiecutter and Copier are installed in",
    "copier": "run it with the Python that Cookiecutter and Copier are installed in",
    "taskset": "on Debian, apt-get install util-linux",
    "wrk": "on Debian, apt-get install wrk",
}
PYTHON_SETTINGS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")  # without bytecode a start takes far longer


def tool(name: str) -> str:
    """Find a program beside this Python or on the PATH; one sentence where there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    return found or sys.exit(f"this benchmark needs {name}: {SOURCES[name]}")


def copy_template(target: Path) -> Path:
    """Copy what git tracks or would track of the template, as a git repository of one commit."""
    listed = subprocess.run(
        ("git", "ls-files", "-coz", "--exclude-standard"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # and not deleted since
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return commit(target)


def commit(folder: Path) -> Path:
    """Make a folder a git repository of one commit."""
    someone = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com")
    for words in (("init", "-q"), ("add", "-Af"), (*someone, "commit", "-qm", "The template")):
        subprocess.run(("git", *words), cwd=folder, check=True)
    return folder


def render_command(engine: str, template: Path, output: Path, *, hooks: bool = True) -> list[str]:
    """Return what a user types to take every default; the project is the one folder in `output`."""
    if engine == "copier":
        words = ["copy", "--quiet", "--defaults", "--vcs-ref", "HEAD", str(template), str(output / "made")]
    else:
        accept = f"--accept-hooks={'yes' if hooks else 'no'}"
        words = [str(template), "--no-input", accept, "--output-dir", str(output)]
    return [tool(engine), *words]


def clean_home(folder: Path) -> dict[str, str]:
    """Return an environment in which no configuration of this machine's user reaches git, an engine or Python."""
    folder.mkdir()
    hidden = ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "COOKIECUTTER_CONFIG", "COPIER_SETTINGS_PATH", *PYTHON_SETTINGS)
    kept = {name: text for name, text in os.environ.items() if name not in hidden}
    return {**kept, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
