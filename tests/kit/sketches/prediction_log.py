"""Records of what was asked and answered, written by the server: no pandas, no pyarrow."""

from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime
from typing import Any

from mlservice.model.predictor import Predictor
from mlservice.schema.declare import Row
from mlservice.service import D, P


def recorded(predictor: Predictor[P, D], never: Set[str]) -> list[str]:
    """Return the columns that a log may hold: no free text, nothing that is listed in `never`."""
    return [f.column for f in predictor.service.features if f.encoder is None and f.column not in never]


def records(
    predictor: Predictor[P, D], request: str, instances: Sequence[Row], scores: Any, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Make one record of each of n instances, as plain data for a line of JSON."""
    service, decision = predictor.service, predictor.model.manifest.decision
    answers: list[P] = service.decide(instances, scores, decision)
    for row, (instance, answer) in enumerate(zip(instances, answers, strict=True)):
        values = instance.model_dump(mode="json", by_alias=True, include=None)
        yield {
            "prediction_id": f"{request}:{row}",
            "time": datetime.now(UTC).isoformat(),
            "model_version": predictor.version,
            "schema_hash": service.schema_hash,
            "instance": {column: values[column] for column in columns},
            "prediction": answer.model_dump(mode="json"),
            "label": service.label_of(answer),
        }
