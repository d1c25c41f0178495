"""Print the .py files of the rendered tree and of templates/ that parse as Python, each ended by a NUL: for `make lint`.

Names hold spaces and quotes, as `{% if cookiecutter.task == 'text' %}texts.py{% endif %}` does.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from trial import ROOT

FOLDERS = ("{{cookiecutter.project_slug}}", "templates")
ENDINGS = (".py", ".py{% endif %}")


def python_files(*folders: str) -> Iterator[Path]:
    """Yield the Python files that git tracks or would track; under certain folders, where some are named."""
    command = ("git", "ls-files", "-coz", "--exclude-standard", *folders)
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in sorted(set(filter(None, listed.split("\0")))))
    yield from (path for path in paths if path.name.endswith(ENDINGS) and path.is_file())


def parses(path: Path) -> bool:
    """Return True where a file is valid Python before it is rendered."""
    try:
        ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return False
    return True


if __name__ == "__main__":
    for file in python_files(*FOLDERS):
        if parses(file):
            sys.stdout.write(f"{file.relative_to(ROOT)}\0")
