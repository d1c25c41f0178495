"""Further files of an artifact: each has its hash, and travels with the model."""

import json
import os

import pytest
from pydantic import ValidationError

from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from toys.classification import SERVICE

FILES = {"reference.json": b'{"months": [1, 2, 3]}', "background_1.bin": b"\x00\xff"}


@pytest.fixture
def with_files(folder, old, facts):
    """A folder whose model has two further files."""
    artifact.save(SERVICE, folder, old, FILES, **facts)
    return folder


def test_further_files_are_saved_and_loaded(with_files):
    loaded = artifact.load(SERVICE, with_files)
    assert loaded.files == FILES and [*loaded.manifest.files] == [*FILES]
    assert sorted(os.listdir(with_files)) == sorted([*FILES, "manifest.json", "model.onnx"])


def test_a_model_without_further_files_has_none(folder):
    assert artifact.load(SERVICE, folder).files == {}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_is_refused_by_its_name(name, with_files):
    with (with_files / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ArtifactError, match=f"{name} is not what its manifest describes; run `make"):
        artifact.load(SERVICE, with_files)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_absent_is_named(name, with_files):
    (with_files / name).unlink()
    with pytest.raises(ArtifactError, match=f"no model in .*{name}.*make pipeline"):
        artifact.load(SERVICE, with_files)


def test_a_folder_in_place_of_a_file_is_refused(with_files):
    (with_files / "reference.json").unlink()
    (with_files / "reference.json").mkdir()
    with pytest.raises(ArtifactError, match="no model in .*reference.json"):
        artifact.load(SERVICE, with_files)


def test_further_files_are_promoted(with_files, tmp_path):
    artifact.promote(SERVICE, with_files, tmp_path / "promoted")
    assert artifact.load(SERVICE, tmp_path / "promoted").files == FILES
    for name in os.listdir(with_files):
        assert (tmp_path / "promoted" / name).read_bytes() == (with_files / name).read_bytes()


def test_promoting_another_model_leaves_no_file_of_the_one_before(with_files, new, facts, tmp_path):
    artifact.save(SERVICE, tmp_path / "plain", new, **facts)
    artifact.promote(SERVICE, tmp_path / "plain", with_files)
    assert sorted(os.listdir(with_files)) == ["manifest.json", "model.onnx"]


def test_a_changed_file_is_not_promoted(with_files, folder, tmp_path):
    (with_files / "reference.json").write_bytes(b"other")
    with pytest.raises(ArtifactError, match="reference.json"):
        artifact.promote(SERVICE, with_files, tmp_path / "promoted")
    assert not (tmp_path / "promoted").exists() and folder.exists()


BAD = ["../outside", "/etc/passwd", "a/b", ".hidden", "", "a b", "ü", "a\n", "..", "model.onnx", "manifest.json"]


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_is_no_plain_file_name_is_refused_when_saving(name, tmp_path, old, facts):
    with pytest.raises(ValidationError, match="files"):
        artifact.save(SERVICE, tmp_path / "bad", old, {name: b"x"}, **facts)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", BAD)
def test_a_manifest_that_names_such_a_file_is_refused_before_it_is_read(name, with_files):
    path = with_files / "manifest.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(facts | {"files": {name: "0" * 64}}))
    read = []

    def reading(file):
        read.append(file)
        return (with_files / file).read_bytes()

    with pytest.raises(ArtifactError, match="manifest.json is not valid"):
        artifact.verify(SERVICE, reading, "here")
    assert read == ["manifest.json"]
