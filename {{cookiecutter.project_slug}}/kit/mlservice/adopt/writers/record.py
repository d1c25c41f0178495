"""What adopt wrote, so that it never replaces what a person wrote since.

`.adopted.json` holds a hash of each file, or of each passage of a document, as adopt
left it. Before the first time, git's first version of a file takes its place; a file
that git does not know counts as untouched.
"""

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ..errors import UserError
from .pages import passages

RECORD = Path(".adopted.json")
Texts = Mapping[Path, str]  # path → the new text; a document with its passages marked


def refuse_edited(texts: Texts) -> None:
    """Raise UserError that names the files in which a person's words would be lost."""
    if found := edited(texts):
        names = ", ".join(path.as_posix() for path in found)
        raise UserError(
            f"changed by hand since they were made: {names}; commit them, then say "
            "OVERWRITE=1 to have them written anew"
        )


def edited(texts: Texts) -> list[Path]:
    """Return the files whose present text is neither adopt's nor the template's.

    What already is as it would be written is never named, nor what is yet to come.
    """
    record = _load()
    return [path for path, text in texts.items() if _is_edited(path, text, record)]


def with_record(texts: Texts) -> dict[Path, str]:
    """Return the texts, and with them the record of what they are."""
    hashes = _load()
    for path, text in texts.items():
        hashes |= {name: _hash(part) for name, part in _parts(path, text).items()}
    lines = json.dumps({"adopted": hashes}, indent=2, sort_keys=True)
    return {**texts, RECORD: lines + "\n"}


def _is_edited(path: Path, text: str, record: Mapping[str, str]) -> bool:
    if not path.exists():
        return False
    present, new = _parts(path, _read(path)), _parts(path, text)
    doubtful = [name for name in present if present[name] != new.get(name)]
    if not doubtful:
        return False
    originals = _originals(path)
    for name in doubtful:  # as adopt left it, or as it was rendered, or unknown to both
        known = [each[name] for each in (record, originals) if name in each]
        if known and _hash(present[name]) not in known:
            return True
    return False


def _parts(path: Path, text: str) -> dict[str, str]:
    """Return what adopt writes of a file: a document's passages, or the whole text."""
    if path.suffix != ".md":
        return {path.as_posix(): text}
    return {f"{path.as_posix()}: {name}": own for name, own in passages(text).items()}


def _originals(path: Path) -> dict[str, str]:
    """Return the hashes of the version that git was given first, if it was."""
    name = f"./{path.as_posix()}"
    added = _git("log", "--diff-filter=A", "--format=%H", "--", name).split()
    first = _git("show", f"{added[-1]}:{name}") if added else ""
    return {part: _hash(text) for part, text in _parts(path, first).items() if first}


def _git(*words: str) -> str:
    """Ask git; say nothing where there is no git, or no history yet."""
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
    """Read a text with plain line ends; what is no text still has a hash."""
    return content.decode("utf-8", "backslashreplace").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
