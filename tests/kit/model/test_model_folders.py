"""Saving a model never loses the old one, whenever it is interrupted."""

import hashlib
import itertools
import os
import shutil
from pathlib import Path

import pytest

from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from toys.classification import SERVICE


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


@pytest.mark.parametrize("more", [{}, {"reference.json": b"[]"}], ids=["plain", "with a further file"])
def test_a_save_killed_at_any_point_leaves_the_old_or_the_new_model(more, folder, old, new, facts):
    served, gaps = [], 0
    for step in itertools.count():
        artifact.save(SERVICE, folder, old, **facts)
        assert os.listdir(folder.parent) == [folder.name]  # tidy after the last kill
        try:
            with pytest.MonkeyPatch.context() as patch:
                kill_at(step, patch)
                artifact.save(SERVICE, folder, new, more, **facts)
            break
        except Killed:
            gaps += not folder.exists()  # between the two renames
            found = artifact.load(SERVICE, folder)
            served.append((found.manifest.sha256, dict(found.files)))
    assert gaps == 1
    switch = served.index((sha(new), more))
    assert served[:switch] == [(sha(old), {})] * switch
    assert all(one == (sha(new), more) for one in served[switch:])


def test_a_full_disk_leaves_the_old_model(folder, old, new, facts, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        artifact.save(SERVICE, folder, new, **facts)
    assert artifact.load(SERVICE, folder).manifest.sha256 == sha(old)


def test_only_a_model_that_loads_is_promoted(folder, old, tmp_path, facts):
    artifact.save(SERVICE, tmp_path / "bad", b"no protobuf", **facts)
    with pytest.raises(ArtifactError):
        artifact.promote(SERVICE, tmp_path / "bad", folder)
    assert artifact.load(SERVICE, folder).manifest.sha256 == sha(old)


def test_a_source_whose_save_was_killed_is_still_promoted(folder, old, new, tmp_path, facts):
    artifact.save(SERVICE, tmp_path / "candidate", new, **facts)
    (tmp_path / "candidate").rename(tmp_path / ".candidate.old")
    artifact.promote(SERVICE, tmp_path / "candidate", folder)
    assert artifact.load(SERVICE, folder).manifest.sha256 == sha(new) != sha(old)


def test_promoting_copies_model_and_manifest(folder, new, tmp_path, facts):
    artifact.save(SERVICE, tmp_path / "candidate", new, **facts)
    artifact.promote(SERVICE, tmp_path / "candidate", folder)
    for name in ("model.onnx", "manifest.json"):
        promoted = (folder / name).read_bytes()
        assert promoted == (tmp_path / "candidate" / name).read_bytes()
