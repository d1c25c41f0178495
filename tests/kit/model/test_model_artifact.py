"""A model is loaded complete and unchanged, or refused in a sentence."""

import json

import pytest

from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from toys.classification import SERVICE


def test_what_is_saved_is_what_is_loaded(folder, facts):
    loaded = artifact.load(SERVICE, folder)
    assert loaded.manifest.metrics == facts["metrics"]
    assert loaded.manifest.decision == facts["decision"]
    assert loaded.manifest.model_version == loaded.manifest.sha256[:12]
    assert loaded.scorer.run(SERVICE.encode_example()).shape == (1, 2)


def test_a_model_that_was_changed_is_refused(folder, new):
    (folder / "model.onnx").write_bytes(new)
    with pytest.raises(ArtifactError, match="its manifest describes"):
        artifact.load(SERVICE, folder)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"format": 2}'])
def test_a_manifest_that_cannot_be_one_is_refused(text, folder):
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"manifest\.json is not valid; run `make"):
        artifact.load(SERVICE, folder)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("schema_hash", "0" * 64, "another schema.py"),
        ("sha256", "0" * 64, "its manifest describes"),
        ("surprise", 1, "is not valid"),
        ("decision", {"threshold": "high"}, "is not valid"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(field, value, sentence, folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(ArtifactError, match=sentence):
        artifact.load(SERVICE, folder)


@pytest.mark.parametrize("name", ["model.onnx", "manifest.json"])
def test_a_file_that_is_absent_is_named(name, folder):
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match=f"no model in .*{name}.*make pipeline"):
        artifact.load(SERVICE, folder)


def test_bytes_that_are_no_model_are_refused(tmp_path, facts):
    artifact.save(SERVICE, tmp_path / "bad", b"no protobuf", **facts)
    with pytest.raises(ArtifactError, match="does not load"):
        artifact.load(SERVICE, tmp_path / "bad")
