"""Predictions for a file: complete and right."""

import csv
import time

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.batch import predict_file
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.testing.toy_models import save_toy
from toys import SERVICES
from toys.classification import SERVICE, Instance

EXAMPLE = SERVICE.example
ROWS = [Instance.model_validate(EXAMPLE)] * 25


def flat(prediction):
    """Return a prediction's fields as the columns of a file have them."""
    found = {}
    for name, value in prediction.model_dump().items():
        if isinstance(value, dict):
            outer = name.replace("probabilities", "probability")
            found |= {f"{outer}_{inner}": each for inner, each in value.items()}
        else:
            found[name] = value
    return found


@pytest.mark.parametrize("task", SERVICES)
@pytest.mark.parametrize("decision", ["the default", "another"])
def test_columns_hold_what_single_predictions_say(decision, task, tmp_path):
    service = SERVICES[task]
    rows = [service.instance.model_validate(service.example)] * 25
    rule = service.decision()
    if decision == "another":
        (name,) = service.decision.model_fields
        rule = service.decision(**{name: 0.3})
    save_toy(service, tmp_path / "model")
    usual = Predictor(service, artifact.load(service, tmp_path / "model")).score(service.encode_example())
    rng = np.random.default_rng(0)
    scores = rng.dirichlet(np.ones(usual.shape[1]), 25 * len(usual)).astype(np.float32)
    scores[: len(usual)] = usual
    scores[len(usual) :: 2] = scores[len(usual) :: 2].round(1)  # equal ones, 0 and 1
    columns = service.tabulate(rows, scores, rule)
    expected = [flat(prediction) for prediction in service.decide(rows, scores, rule)]
    assert [*columns] == [*expected[0]]
    assert pa.table(columns).to_pylist() == expected


def test_each_row_gets_its_prediction(on_model, tmp_path, predictor, jsonl):
    source = jsonl(*[EXAMPLE] * 25)
    assert on_model(source, tmp_path / "out.parquet") == 0
    expected = [
        {"row": number} | flat(each) | {"model_version": predictor.version}
        for number, each in enumerate(predictor.predict(ROWS), start=1)
    ]
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.to_pylist() == expected
    assert found.schema.metadata[b"model_version"].decode() == predictor.version


def test_a_csv_holds_the_same_columns(on_model, tmp_path, jsonl):
    source = jsonl(*[EXAMPLE] * 3)
    on_model(source, tmp_path / "out.parquet")
    on_model(source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [line["row"] for line in written] == ["1", "2", "3"]
    assert [*written[0]] == parquet.read_schema(tmp_path / "out.parquet").names


def test_a_table_is_read_as_its_lines_would_be(on_model, tmp_path, jsonl):
    on_model(jsonl(*[EXAMPLE] * 3), tmp_path / "lines.parquet")
    rows = pa.Table.from_pylist([EXAMPLE | {"ignored": 1}] * 3)
    parquet.write_table(rows, tmp_path / "in.parquet")
    on_model(tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = (tmp_path / "out.parquet").read_bytes()
    assert written == (tmp_path / "lines.parquet").read_bytes()


def test_a_column_may_stand_for_the_rows_numbers(on_model, tmp_path):
    keys = ["a", "b", None]
    rows = pa.Table.from_pylist([EXAMPLE] * 3).append_column("key", pa.array(keys))
    parquet.write_table(rows, tmp_path / "in.parquet")
    on_model(tmp_path / "in.parquet", tmp_path / "out.parquet", "--id", "key")
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found["key"].to_pylist() == keys and "row" not in found.column_names


def test_no_rows_give_a_table_without_rows(on_model, tmp_path, jsonl):
    source = jsonl(EXAMPLE)
    on_model(source, tmp_path / "one.parquet")
    source.write_text("")
    assert on_model(source, tmp_path / "none.parquet") == 0
    one, none = (parquet.read_table(tmp_path / f"{n}.parquet") for n in ("one", "none"))
    assert len(none) == 0 and none.schema == one.schema


def test_results_come_in_order_and_an_error_ends_the_work():
    def slow(number):
        time.sleep(0.01 * (number == 0))
        return 1 / (number - 50)

    given, found = iter(range(1_000)), []
    with pytest.raises(ZeroDivisionError):
        for result in predict_file.in_order(slow, given, 3):
            found.append(result)
    assert found == [1 / (number - 50) for number in range(50)]
    assert next(given) < 60, "much was done ahead of what was wanted"
