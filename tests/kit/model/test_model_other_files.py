"""Models in files other than ONNX: what the service lists is loaded and verified, all else is refused unread."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from mlservice.model import artifact, scorer
from mlservice.model.artifact import ArtifactError
from mlservice.model.onnx_export import ExportError, agreement
from mlservice.model.predictor import Predictor
from toys.classification import SERVICE
from toys.weights import FILE, WeightsModel, WeightsScorer, bytes_of, listing, save_weights

LISTING = listing(SERVICE)
UNLISTED = f"{FILE}: `scorers` in service.py does not list what loads such a file; list it, or run `make pipeline`"


@pytest.fixture
def weights(tmp_path):
    """A folder with such a model."""
    save_weights(LISTING, tmp_path / "weights", outputs=2, files={"reference.json": b"[1]"})
    return tmp_path / "weights"


def test_a_listed_file_is_loaded_by_its_scorer(weights):
    loaded = artifact.load(LISTING, weights)
    assert isinstance(loaded.scorer, WeightsScorer)
    assert loaded.manifest.model_file == FILE and [*loaded.files] == ["reference.json"]
    assert sorted(os.listdir(weights)) == ["manifest.json", FILE, "reference.json"]
    scores = loaded.scorer.run(LISTING.encode_example())
    assert Predictor(LISTING, loaded).score(LISTING.encode_example()) == pytest.approx(scores)


def test_a_file_that_is_not_listed_is_refused_before_it_is_read(weights):
    read = []

    def reading(name):
        read.append(name)
        return (weights / name).read_bytes()

    with pytest.raises(ArtifactError) as caught:
        artifact.verify(SERVICE, reading, "here")
    assert str(caught.value) == f"here/{UNLISTED} to make a new one"
    assert read == ["manifest.json"]


@pytest.mark.parametrize("name", [FILE, "reference.json"])
def test_a_changed_file_is_refused_before_it_is_loaded(name, weights):
    def load(_):
        raise AssertionError("loaded")

    (weights / name).write_bytes(b"other")
    with pytest.raises(ArtifactError, match=f"{name} is not what its manifest describes"):
        artifact.load(replace(SERVICE, scorers={FILE: load}), weights)


def test_what_its_scorer_refuses_is_said(weights, facts):
    artifact.save(LISTING, weights, b"no array", model_file=FILE, **facts)
    with pytest.raises(ArtifactError, match=f"{FILE} does not load: "):
        artifact.load(LISTING, weights)


def test_promoting_keeps_the_file_and_leaves_none_of_the_model_before(weights, folder):
    artifact.promote(LISTING, weights, folder, candidate="weights")
    assert sorted(os.listdir(folder)) == ["manifest.json", FILE, "reference.json"]
    assert artifact.load(LISTING, folder).manifest.notes == {"candidate": "weights"}


@pytest.mark.parametrize("name", ["../outside", "manifest.json", ".hidden", ""])
def test_a_model_s_file_has_a_plain_name(name, tmp_path, facts):
    with pytest.raises(ValidationError, match="model_file"):
        artifact.save(SERVICE, tmp_path / "bad", b"x", model_file=name, **facts)
    assert os.listdir(tmp_path) == []


def test_a_file_is_the_model_or_a_further_one(tmp_path, facts):
    with pytest.raises(ValidationError, match=f"{FILE} is a model, and no further file"):
        artifact.save(SERVICE, tmp_path / "bad", b"x", {FILE: b"y"}, model_file=FILE, **facts)


def test_the_manifest_of_an_onnx_model_is_that_of_0_8_0(folder):
    assert "model_file" not in json.loads((folder / "manifest.json").read_text())
    assert artifact.load(LISTING, folder).manifest.model_file == "model.onnx"


def test_the_onnx_scorer_keeps_its_old_name():
    assert scorer.Scorer is scorer.OnnxScorer


MATRIX = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32)
FITTED = WeightsModel().fit(MATRIX, MATRIX[:, 0] + 2)


def test_another_scorer_is_compared_with_the_estimator():
    assert agreement(FITTED, WeightsScorer(FITTED.to_file()[1]), MATRIX) == 1.0
    with pytest.raises(ExportError, match="WeightsScorer agrees with the estimator on only 0.00% of the rows"):
        agreement(FITTED, WeightsScorer(bytes_of(FITTED.weights_ + 1)), MATRIX)


@pytest.mark.parametrize("wrong", [FITTED.weights_.astype(float), FITTED.weights_[:, 0]])
def test_scores_of_another_type_or_shape_are_refused(wrong):
    with pytest.raises(ExportError, match=r"WeightsScorer returned float(32|64) \(50.* and not float32 \(50, 1\)"):
        agreement(FITTED, WeightsScorer(bytes_of(wrong)), MATRIX)
