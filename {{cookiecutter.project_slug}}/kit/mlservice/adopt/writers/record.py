"""Record of the files that adopting wrote, so that it never replaces manual edits.

`.adopted.json` holds a hash of each file, or of each passage of a document, as adopting
left it. Before the first time, git's first version of a file takes its place; a file
that git does not know counts as unedited.
"""

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from mlservice.adopt.writers.document_templates import passages
from mlservice.errors import UserError

RECORD = Path(".adopted.json")
Texts = Mapping[Path, str]  # path → the new text; a document with its passages marked


def refuse_edited(texts: Texts) -> None:
    """Raise UserError that names the files in which manual edits would be lost."""
    if found := edited(texts):
        names = ", ".join(path.as_posix() for path in found)
        raise UserError(
            f"changed by hand since they were made: {names}; commit them, then say "
            "OVERWRITE=1 to have them written anew"
        )


def edited(texts: Texts) -> list[Path]:
    """Return the files whose present text is neither adopting's nor the template's.

    Files that would not change, and files that do not exist, are not among them.
    """
    record = _load()
    return [path for path, text in texts.items() if _is_edited(path, text, record)]


def with_record(texts: Texts) -> dict[Path, str]:
    """Return the texts, and the record of their hashes."""
    hashes = _load()
    for path, text in texts.items():
        hashes |= {name: _hash(part) for name, part in _parts(path, text).items()}
    lines = json.dumps({"adopted": hashes}, indent=2, sort_keys=True)
    return {**texts, RECORD: lines + "\n"}


def _is_edited(path: Path, text: str, record: Mapping[str, str]) -> bool:
    if not path.exists():
        return False
    present, new = _parts(path, _read(path)), _parts(path, text)
    changed = [name for name in present if present[name] != new.get(name)]
    if not changed:
        return False
    originals = _originals(path)
    for name in changed:  # as adopted, or as rendered, or unknown to both
        known = [each[name] for each in (record, originals) if name in each]
        if known and _hash(present[name]) not in known:
            return True
    return False


def _parts(path: Path, text: str) -> dict[str, str]:
    """Return what adopting writes of a file: passages of a document, or the whole."""
    if path.suffix != ".md":
        return {path.as_posix(): text}
    return {f"{path.as_posix()}: {name}": own for name, own in passages(text).items()}


def _originals(path: Path) -> dict[str, str]:
    """Return the hashes of the file's first version in git, if there is one."""
    name = f"./{path.as_posix()}"
    added = _git("log", "--diff-filter=A", "--format=%H", "--", name).split()
    first = _git("show", f"{added[-1]}:{name}") if added else ""
    return {part: _hash(text) for part, text in _parts(path, first).items() if first}


def _git(*words: str) -> str:
    """Return the output of a git command, or "" without git or history."""
    try:
        done = subprocess.run(("git", *words), capture_output=True, check=False)
    except OSError:
        return ""
    return "" if done.returncode else _text(done.stdout)


def _load() -> dict[str, str]:
    try:
        found = json.loads(_read(RECORD))["adopted"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{RECORD} cannot be read ({error}): take it back from git, or remove it"
        ) from error
    return dict(found)


def _read(path: Path) -> str:
    return _text(path.read_bytes())


def _text(content: bytes) -> str:
    """Decode a file with plain line ends; a binary file still has a hash."""
    return content.decode("utf-8", "backslashreplace").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
