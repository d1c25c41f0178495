"""Print the .py files of the rendered tree and of templates/ that parse, each ended by a NUL: for `make lint`.

Names hold spaces and quotes, as `{% if cookiecutter.task == 'text' %}texts.py{% endif %}` does.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from trial import ROOT

FOLDERS = ("{{cookiecutter.project_slug}}", "templates")
ENDINGS = (".py", ".py{% endif %}")
STUB = re.compile(r"(\{% set .* %\})?\{% include \[.*\] -?%\}\n?")


def files(*folders: str, root: Path = ROOT) -> Iterator[Path]:
    """Yield the files that git tracks or would track; under certain folders, where some are named."""
    command = ("git", "ls-files", "-coz", "--exclude-standard", *folders)
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    paths = (root / name for name in sorted(set(filter(None, listed.split("\0")))))
    yield from (path for path in paths if path.is_file())


def python_files(*folders: str, root: Path = ROOT) -> Iterator[Path]:
    """Yield those of them that hold Python."""
    yield from (path for path in files(*folders, root=root) if path.name.endswith(ENDINGS))


def parses(path: Path) -> bool:
    """Return True where a file is valid Python before it is rendered."""
    try:
        ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return False
    return True


def is_stub(path: Path) -> bool:
    """Return True where a file is one line that includes another, and chooses which."""
    text = path.read_text(encoding="utf-8", errors="ignore")
    return text.count("\n") <= 1 and bool(STUB.fullmatch(text))


if __name__ == "__main__":
    for file in python_files(*FOLDERS):
        if parses(file):
            sys.stdout.write(f"{file.relative_to(ROOT)}\0")
