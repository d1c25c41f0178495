"""A model whose encoding was changed since it was trained is refused, by the column that differs."""

import json
from dataclasses import replace
from typing import Annotated

import numpy as np
import pytest

from mlservice.encoding.table import TableEncoding
from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from mlservice.schema.declare import Row, coded, number
from mlservice.schema.encoder import Encoder
from mlservice.testing.toy_models import save_toy
from toys import SERVICES
from toys.classification import SERVICE, Instance


def deriving(**derived):
    """Return the toy service with derived features."""
    return replace(SERVICE, encoding=TableEncoding(Instance, derived=derived))


@pytest.mark.parametrize("task", SERVICES)
def test_the_manifest_keeps_the_encoded_example(task, tmp_path):
    manifest = save_toy(SERVICES[task], tmp_path / "model")
    assert manifest.encoded_example
    assert artifact.load(SERVICES[task], tmp_path / "model").manifest.encoded_example == manifest.encoded_example


def test_a_changed_function_under_an_old_name_is_refused_by_its_name(tmp_path):
    save_toy(deriving(per_call=lambda c: c["charge"] / (1 + c["calls"])), tmp_path / "model")
    changed = deriving(per_call=lambda c: c["charge"] / (2 + c["calls"]))
    with pytest.raises(ArtifactError, match=r"another encoding .* \(per_call was 17\.9, is 14\.9167\); run `make"):
        artifact.load(changed, tmp_path / "model")


def test_a_function_that_gives_the_same_numbers_is_the_same(tmp_path):
    save_toy(deriving(per_call=lambda c: c["charge"] / (1 + c["calls"])), tmp_path / "model")
    same = deriving(per_call=lambda c: c["charge"] * (1 / (c["calls"] + 1.0)))
    assert artifact.load(same, tmp_path / "model")


@pytest.mark.parametrize(("factor", "good"), [(1 + 1e-6, True), (1 + 1e-4, False)])
def test_rounding_is_tolerated_and_no_more(factor, good, tmp_path):
    save_toy(deriving(price=lambda c: c["charge"]), tmp_path / "model")
    other = deriving(price=lambda c: c["charge"] * factor)
    if good:
        assert artifact.load(other, tmp_path / "model")
    else:
        with pytest.raises(ArtifactError, match="price was 89.5, is 89.5089"):
            artifact.load(other, tmp_path / "model")


def test_a_number_that_becomes_missing_is_a_change(tmp_path):
    save_toy(deriving(odd=lambda c: c["calls"]), tmp_path / "model")
    with pytest.raises(ArtifactError, match="odd was 4, is nan"):
        artifact.load(deriving(odd=lambda c: np.where(c["calls"] == 4, np.nan, 0)), tmp_path / "model")


def test_what_is_missing_in_both_is_the_same(tmp_path):
    save_toy(deriving(odd=lambda c: c["calls"] * np.nan), tmp_path / "model")
    assert artifact.load(deriving(odd=lambda c: c["calls"] * np.nan), tmp_path / "model")


def test_a_function_that_fails_today_is_one_sentence(tmp_path):
    save_toy(deriving(odd=lambda c: c["calls"]), tmp_path / "model")
    with pytest.raises(ArtifactError, match="the example of schema.py cannot be encoded .KeyError: 'typo'.; correct"):
        artifact.load(deriving(odd=lambda c: c["typo"]), tmp_path / "model")


def encoding_lengths(factor):
    """Return a service whose encoder gives `factor` times a text's length."""

    def encode(texts):
        return np.array([[factor * len(text)] for text in texts], np.float32).reshape(-1, 1)

    length = Encoder(form="a text", longest=99, width=1, read=str, encode=encode)

    class Row2(Row):
        """One row."""

        text: Annotated[str, length] = coded("Text", example="five!")
        size: float = number("Size", 0, 9, unit="m", example=1)

    return replace(SERVICE, instance=Row2, encoding=TableEncoding(Row2))


def test_a_changed_encoder_is_refused_by_its_column(tmp_path):
    save_toy(encoding_lengths(1), tmp_path / "model")
    with pytest.raises(ArtifactError, match=r"text#0 was 5, is 10"):
        artifact.load(encoding_lengths(2), tmp_path / "model")


def test_a_manifest_whose_example_has_another_size_is_refused(tmp_path):
    edit(tmp_path, save_toy(SERVICE, tmp_path / "model"), encoded_example="AAAAAA==")
    with pytest.raises(ArtifactError, match="another encoding of the example in schema.py; run"):
        artifact.load(SERVICE, tmp_path / "model")


@pytest.mark.parametrize("text", ["AAA", "é", "AAAA"])
def test_a_manifest_whose_example_is_no_matrix_is_refused(text, tmp_path):
    edit(tmp_path, save_toy(SERVICE, tmp_path / "model"), encoded_example=text)
    with pytest.raises(ArtifactError, match="run `make pipeline`"):
        artifact.load(SERVICE, tmp_path / "model")


def test_a_model_of_before_0_7_0_holds_no_example_and_loads(tmp_path):
    edit(tmp_path, save_toy(SERVICE, tmp_path / "model"), remove=("encoded_example", "files"))
    assert artifact.load(SERVICE, tmp_path / "model").manifest.encoded_example == ""


def edit(folder, _manifest, remove=(), **facts):
    """Change what the manifest in `folder/model` holds."""
    path = folder / "model/manifest.json"
    found = json.loads(path.read_text()) | facts
    path.write_text(json.dumps({name: value for name, value in found.items() if name not in remove}))
