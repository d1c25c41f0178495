"""Checks of the stored model: it loads as it was saved, or is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlservice.model import artifact
from mlservice.model.artifact import ArtifactError
from mlservice.model.predictor import Predictor
from mlservice.service import Service
from mlservice.testing.rows import instances_of, valid_rows
from mlservice.testing.toy_app import toy_folder
from mlservice.testing.toy_models import save_toy, toy_model


def check_saved_model_predicts_the_same(service: Service[Any, Any]) -> None:
    """Check that a loaded model has the same manifest, decision and predictions."""
    instances = instances_of(service, valid_rows(service))
    with toy_folder(service) as folder:
        first, again = (artifact.load(service, folder) for _ in range(2))
        assert first.manifest == again.manifest
        assert isinstance(first.manifest.decision, service.decision)
        found, expected = (Predictor(service, one) for one in (first, again))
        assert found.predict(instances) == expected.predict(instances)


def check_changed_model_is_refused(service: Service[Any, Any]) -> None:
    """Check that a model that is not the one of its manifest is refused."""
    with toy_folder(service) as folder:
        (folder / "model.onnx").write_bytes(toy_model(service, seed=8))
        _assert_refused(service, folder, "not what its manifest describes")


def check_model_of_another_schema_is_refused(service: Service[Any, Any]) -> None:
    """Check that a model that was trained for another schema is refused."""
    with toy_folder(service) as folder:
        manifest = folder / "manifest.json"
        text = manifest.read_text(encoding="utf-8")
        other = text.replace(service.schema_hash, "0" * 64)
        manifest.write_text(other, encoding="utf-8")
        _assert_refused(service, folder, "trained for another schema.py")


def check_model_of_another_encoding_is_refused(service: Service[Any, Any]) -> None:
    """Check that a model is refused if the example is encoded to other numbers."""
    with toy_folder(service) as folder:
        encoding: Any = _Shifted(service.encoding)
        save_toy(replace(service, encoding=encoding), folder)
        _assert_refused(service, folder, "another encoding of the example")


def check_decision_of_another_shape_is_refused(service: Service[Any, Any]) -> None:
    """Check that a model whose decision rule is not this service's is refused."""
    with toy_folder(service) as folder:
        path = folder / "manifest.json"
        manifest = artifact.Manifest.model_validate_json(path.read_bytes())
        other = manifest.model_copy(update={"decision": "no rule"})
        path.write_text(other.model_dump_json(), encoding="utf-8")
        _assert_refused(service, folder, "manifest.json is not valid")


class _Shifted:
    """An encoding under the same names that gives other numbers."""

    def __init__(self, encoding: Any) -> None:
        self.names, self.derived = encoding.names, encoding.derived
        self._encode = encoding.encode

    def encode(self, instances: Any) -> Any:
        """Encode as before, and one more in every column."""
        return np.nan_to_num(self._encode(instances)) + np.float32(1)


def _assert_refused(service: Service[Any, Any], folder: Path, words: str) -> None:
    with pytest.raises(ArtifactError) as caught:
        artifact.load(service, folder)
    assert words in str(caught.value)
