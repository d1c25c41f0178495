"""The same row gets the same prediction in training, serving and files."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlservice.batch.predict_file import predict_file
from mlservice.model import artifact, onnx_export
from mlservice.model.predictor import Predictor
from pyarrow import parquet

CLOSE = {"rtol": 1e-5, "atol": 1e-5}  # float32 sums end otherwise in other batches


@pytest.fixture(scope="module")
def score(predictor):
    """Return `score(matrix)` of the served model."""
    return predictor.model.scorer.run


@pytest.fixture
def matrix(splits):
    """Encoded rows that the model has not seen."""
    return splits["test"].matrix


def test_a_row_alone_is_scored_as_in_a_batch(score, matrix):
    alone = np.concatenate([score(row[np.newaxis]) for row in matrix])
    np.testing.assert_allclose(alone, score(matrix), **CLOSE)


def test_the_order_of_rows_does_not_matter(score, matrix):
    np.testing.assert_allclose(score(matrix[::-1])[::-1], score(matrix), **CLOSE)


def test_a_second_load_predicts_the_same(service, project, predictor):
    again = Predictor(service, artifact.load(service, project / "models/current"))
    row = [service.instance.model_validate(service.example)]
    assert again.predict(row) == predictor.predict(row)
    assert again.version == predictor.version


@given(st.data())
def test_any_row_s_prediction_is_the_same_twice(service, predictor, any_row, draws):
    row = service.instance.model_validate(draws.draw(any_row))
    assert predictor.predict([row]) == predictor.predict([row])


def test_a_file_gets_the_predictions_of_requests(service, predictor, tmp_path):
    rows = [service.example] * 3
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    predict_file(predictor, tmp_path / "in.parquet", tmp_path / "out.parquet")
    found = parquet.read_table(tmp_path / "out.parquet").to_pydict()
    instances = [service.instance.model_validate(row) for row in rows]
    scores = predictor.score(service.encoding.encode(instances))
    decision = predictor.model.manifest.decision
    expected = pa.table(dict(service.tabulate(instances, scores, decision)))
    assert {name: found[name] for name in expected.column_names} == expected.to_pydict()
    assert set(found["model_version"]) == {predictor.version}


def test_training_again_gives_the_same_model_to_the_byte(
    training, params, project, splits
):
    train = splits["train"]
    stored = {path.parent.name: path for path in project.glob("models/**/model.onnx")}
    assert "baseline" in stored
    for name, make in ({"baseline": training.baseline} | training.candidates).items():
        if name not in stored:  # its file is not ONNX, or params.yaml does not list it
            continue
        fitted = make(params.train).fit(train.matrix, train.target)
        again = onnx_export.export(fitted, train.matrix.shape[1])
        served = stored[name].read_bytes()
        assert again == served, name
        assert onnx_export.agreement(fitted, served, splits["test"].matrix) > 0.99
