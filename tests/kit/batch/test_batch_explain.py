"""`--explain`: a file gets the contributions that requests get, as columns."""

import json
from functools import partial

import pytest
from pyarrow import csv, parquet

from mlservice.batch.command import predict_command
from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.model.explained_predictions import Explainer
from mlservice.model.predictor import Predictor
from mlservice.testing.toy_models import save_toy
from toys import SERVICES
from toys.explained import save_explained


def csv_lines(row):
    """Return a header and three equal rows, every cell in quotes."""
    cells = ["" if value is None else value for value in row.values()]
    return [",".join(f'"{cell}"' for cell in line) for line in (row, *[cells] * 3)]


LINES = {"jsonl": lambda row: [json.dumps(row)] * 3, "csv": csv_lines}


FILES = [(task, ending) for task in SERVICES for ending in LINES if task != "image"]
FILES.remove(("forecasting", "csv"))  # lists do not fit into a CSV file


@pytest.mark.parametrize(("task", "ending"), FILES)
def test_a_file_has_the_contributions_of_requests(task, ending, tmp_path, call):
    service = SERVICES[task]
    save_explained(service, tmp_path / "model")
    source, target = tmp_path / f"in.{ending}", tmp_path / "out.parquet"
    source.write_text("\n".join(LINES[ending](service.example)) + "\n", encoding="utf-8")
    words = (source, target, "--model-dir", tmp_path / "model")
    assert call(partial(predict_command, service), *words, "--explain") == 0
    explainer = Explainer(Predictor(service, artifact.load(service, tmp_path / "model")))
    [expected] = explainer.explain([service.instance.model_validate(service.example)])
    rows = parquet.read_table(target).to_pylist()
    assert len(rows) == 3
    for row in rows:
        assert (row["explained"], row["contribution"]) == (expected["of"], expected["base"])
        for name, values in expected["contributions"].items():
            assert row[f"contribution_{name}"] == values
        for name, values in expected["words"].items():
            assert json.loads(row[f"words_{name}"]) == values
    assert call(partial(predict_command, service), source, tmp_path / "out.csv", *words[2:], "--explain") == 0
    assert csv.read_csv(tmp_path / "out.csv").column_names == [*rows[0]]


def test_without_an_explanation_nothing_is_written(tmp_path, call, jsonl):
    service = SERVICES["classification"]
    save_toy(service, tmp_path / "model")
    words = (jsonl(service.example), tmp_path / "out.csv", "--model-dir", tmp_path / "model", "--explain")
    with pytest.raises(UserError, match="has no explanation: it is neither"):
        call(partial(predict_command, service), *words)
    assert not list(tmp_path.glob("out*"))


def test_an_unfinished_run_without_it_is_not_continued_with_it(tmp_path, call, jsonl):
    service = SERVICES["classification"]
    save_explained(service, tmp_path / "model")
    parts = tmp_path / "out.csv.parts"
    words = (jsonl(service.example), tmp_path / "out.csv", "--model-dir", tmp_path / "model")
    explainer = Explainer(Predictor(service, artifact.load(service, tmp_path / "model")))
    assert not explainer.reads_words
    parts.mkdir()
    (parts / "state.json").write_text("{}")
    with pytest.raises(UserError, match="another --explain|and another --explain"):
        call(partial(predict_command, service), *words, "--explain")
