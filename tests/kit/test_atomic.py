"""Several files are replaced together, whenever a run is killed."""

import itertools
import os
import shutil
from pathlib import Path

import pytest

from mlservice.atomic import finish_replacement, replace_files

OLD = {"a.txt": "old a", "plots/one.png": "old one", "plots/two.png": "old two"}
NEW = {"a.txt": "new a", "plots/one.png": "new one", "b.txt": "new b"}
KEPT = {"mine.txt": "not replaced"}


class Killed(BaseException):
    """Ends a replacement as SIGKILL would: nothing after it runs."""


def write(folder, files):
    """Write files by their path in a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def contents(folder):
    """Return the text of every file by its path in the folder."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    }


def replace(folder):
    """Replace the old files by the new ones."""
    with replace_files(folder) as new:
        write(new, NEW)


@pytest.fixture
def folder(tmp_path):
    """A folder with the old files and one that is not replaced."""
    write(tmp_path / "reports", OLD | KEPT)
    return tmp_path / "reports"


def test_new_files_replace_those_of_their_name_and_a_folder_as_a_whole(folder):
    replace(folder)
    assert contents(folder) == NEW | KEPT


def test_a_folder_that_does_not_exist_is_made(tmp_path):
    replace(tmp_path / "deep/er")
    assert contents(tmp_path / "deep/er") == NEW


def test_an_error_in_the_block_changes_nothing(folder):
    with pytest.raises(ZeroDivisionError), replace_files(folder) as new:
        write(new, NEW)
        raise ZeroDivisionError
    assert contents(folder) == OLD | KEPT


def test_a_full_disk_changes_nothing(folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace(folder)
    assert contents(folder) == OLD | KEPT


def kill_at(step, patch):
    """Let the replacement die at its n-th change of the disk."""
    changes = itertools.count()

    def mortal(change):
        def wrapped(*args, **options):
            if next(changes) == step:
                raise Killed
            return change(*args, **options)

        return wrapped

    for owner, name in ((Path, "mkdir"), (Path, "rename"), (Path, "replace"), (Path, "rmdir"), (os, "fsync")):
        patch.setattr(owner, name, mortal(getattr(owner, name)))
    patch.setattr(shutil, "rmtree", mortal(shutil.rmtree))


def test_killed_at_any_point_it_leaves_all_old_or_all_new_files_to_the_next_run(tmp_path):
    found = []
    for step in itertools.count():
        folder = tmp_path / str(step)
        write(folder, OLD | KEPT)
        try:
            with pytest.MonkeyPatch.context() as patch:
                kill_at(step, patch)
                replace(folder)
            break
        except Killed:
            finish_replacement(folder)
            found.append({name: text for name, text in contents(folder).items() if not name.startswith(".new")})
    switch = found.index(NEW | KEPT)
    assert found[:switch] == [OLD | KEPT] * switch and switch > 3
    assert all(one == NEW | KEPT for one in found[switch:]) and len(found) - switch > 3


def test_what_a_killed_run_left_is_gone_after_the_next(folder):
    write(folder / ".new", {"half.txt": "half"})
    replace(folder)
    assert contents(folder) == NEW | KEPT
