"""Prediction log of a batch: the same lines that a service writes for its requests."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlservice.atomic import replace_file
from mlservice.batch.readers import Source
from mlservice.batch.rows_to_instances import instances_of, rows_at_once
from mlservice.monitoring.prediction_log import Answered, LogOptions, Record, header_of

if TYPE_CHECKING:
    from mlservice.model.predictor import Predictor

VARIANT = "champion"


def log_predictions(
    predictor: "Predictor[Any, Any]", source: Source, facts: str, folder: Path
) -> Path:
    """Write the predictions for a source to one file of a log; return its path.

    The file is named after `facts`, what the predictions depend on: writing it again
    replaces it. Raise UserError for rows that schema.py does not allow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"batch-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
    path = folder / f"predictions-{name}.jsonl"

    def write(new: Path) -> None:
        with new.open("wb") as file:
            file.write(header_of(predictor.service))
            file.writelines(_lines(predictor, source, name, folder))

    replace_file(path, write)
    return path


def _lines(
    predictor: "Predictor[Any, Any]", source: Source, name: str, folder: Path
) -> Iterator[bytes]:
    """Yield a line for each row of a source."""
    service, now = predictor.service, time.time()
    record = Record(service, LogOptions(folder))
    for chunk in source.chunks(rows_at_once(service), 0):
        instances = list(instances_of(service, chunk, source.path))
        answered = instances, *predictor.predict_with_scores(instances)
        request = now, f"{name}-{chunk.first}", None, VARIANT, predictor.version
        yield from record.lines(Answered(*request, *answered))
