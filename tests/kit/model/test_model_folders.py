"""Saving a model never loses the old one, whenever it is interrupted."""

import hashlib
import itertools
import os
import shutil
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import artifact
from {{ cookiecutter.package_name }}.artifact import ArtifactError


class Killed(BaseException):
    """Ends a save as SIGKILL would: nothing after it runs."""


def sha(model):
    """Return what the manifest calls sha256."""
    return hashlib.sha256(model).hexdigest()


def kill_at(step, patch):
    """Let the save die at its n-th change of the disk."""
    changes = itertools.count()

    def mortal(change):
        def wrapped(*args, **options):
            if next(changes) == step:
                raise Killed
            return change(*args, **options)

        return wrapped

    for owner, name in ((Path, "mkdir"), (Path, "rename"), (os, "fsync")):
        patch.setattr(owner, name, mortal(getattr(owner, name)))
    patch.setattr(shutil, "rmtree", mortal(shutil.rmtree))


def test_a_save_killed_at_any_point_leaves_the_old_or_the_new_model(
    folder, old, new, facts
):
    served, gaps = [], 0
    for step in itertools.count():
        artifact.save(folder, old, **facts)
        assert os.listdir(folder.parent) == [folder.name]  # tidy after the last kill
        try:
            with pytest.MonkeyPatch.context() as patch:
                kill_at(step, patch)
                artifact.save(folder, new, **facts)
            break
        except Killed:
            gaps += not folder.exists()  # between the two renames
            served.append(artifact.load(folder).manifest.sha256)
    assert gaps == 1
    switch = served.index(sha(new))
    assert served[:switch] == [sha(old)] * switch
    assert set(served[switch:]) == {sha(new)}


def test_a_full_disk_leaves_the_old_model(folder, old, new, facts, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        artifact.save(folder, new, **facts)
    assert artifact.load(folder).manifest.sha256 == sha(old)


def test_only_a_model_that_loads_is_promoted(folder, old, tmp_path, facts):
    artifact.save(tmp_path / "bad", b"no protobuf", **facts)
    with pytest.raises(ArtifactError):
        artifact.promote(tmp_path / "bad", folder)
    assert artifact.load(folder).manifest.sha256 == sha(old)


def test_a_source_whose_save_was_killed_is_still_promoted(
    folder, old, new, tmp_path, facts
):
    artifact.save(tmp_path / "candidate", new, **facts)
    (tmp_path / "candidate").rename(tmp_path / ".candidate.old")
    artifact.promote(tmp_path / "candidate", folder)
    assert artifact.load(folder).manifest.sha256 == sha(new) != sha(old)


def test_promoting_copies_model_and_manifest(folder, new, tmp_path, facts):
    artifact.save(tmp_path / "candidate", new, **facts)
    artifact.promote(tmp_path / "candidate", folder)
    for name in ("model.onnx", "manifest.json"):
        promoted = (folder / name).read_bytes()
        assert promoted == (tmp_path / "candidate" / name).read_bytes()
