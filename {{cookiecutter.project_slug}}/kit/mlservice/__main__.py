"""`python -m mlservice`: print the version, and which files differ from the release.

`make ci` ends with it, so it imports the standard library only and never fails a build.
"""

import hashlib
import re
import sys
from pathlib import Path

from mlservice import __version__

PACKAGE = Path(__file__).parent
RELEASED = "RELEASED"  # beside pyproject.toml: version, then hash and name of each file
PAGE = "docs/how-to/move-to-the-library.md of the template"


def released_files(text: str) -> tuple[str, dict[str, str]]:
    """Return the version that was released, and the SHA-256 of each of its files."""
    version = re.search(r"^version (\S+)$", text, re.MULTILINE)
    pairs = re.findall(r"^([0-9a-f]{64})  (.+)$", text, re.MULTILINE)
    return version[1] if version else "", {name: digest for digest, name in pairs}


def changed_files(package: Path, released: dict[str, str]) -> list[str]:
    """Return the names of files that were changed, removed, or (modules) added."""
    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    return sorted(
        name
        for name in found | set(released)
        if released.get(name) != file_hash(package / name)
    )


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def release_status(package: Path) -> str:
    """Return in words how a copy of the library differs from its release."""
    beside = package.parent
    if not (beside / "pyproject.toml").is_file():
        return "installed as a package"
    listed = beside / RELEASED
    text = listed.read_text(encoding="utf-8") if listed.is_file() else ""
    version, released = released_files(text)
    if version != __version__:
        return "not released"
    changed = changed_files(package, released)
    return f"changed here: {', '.join(changed)}" if changed else "as released"


def is_used(source: Path) -> bool:
    """Return True where a module under a folder imports this library."""
    texts = (path.read_text("utf-8", "replace") for path in source.rglob("*.py"))
    imports = re.compile(r"^ *(from|import) mlservice\b", re.MULTILINE)
    return any(imports.search(text) for text in texts)


def main(words: list[str]) -> None:
    """Print one line; a folder may be given, whose modules should use the library."""
    print(f"mlservice {__version__}, {release_status(PACKAGE)}")
    if words and not is_used(Path(words[0])):
        print(f"{words[0]}/ does not use it yet: {PAGE} shows how to move")


if __name__ == "__main__":
    main(sys.argv[1:])
