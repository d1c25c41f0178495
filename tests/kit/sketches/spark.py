"""A function for `DataFrame.mapInArrow`: service and model's bytes travel in it, each worker loads them once."""

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from mlservice.errors import NeedsRowByRow
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.service import D, P, Service


def mapper(
    service: Service[P, D], files: Mapping[str, bytes], key: str
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that predicts for Arrow batches; `files` are those of an artifact, by name."""

    def predict(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        predictor = Predictor(service, artifact.verify(service, files.__getitem__, "the driver"))
        decision: D = predictor.model.manifest.decision
        for batch in batches:
            rows = pa.Table.from_batches([batch])
            try:
                instances, matrix = [], service.encoding.encode_table(rows)
            except NeedsRowByRow:
                instances = [service.instance.model_validate(row) for row in rows.to_pylist()]
                matrix = service.encoding.encode(instances)
            columns = service.tabulate(instances, predictor.score(matrix), decision)
            yield from pa.table({key: rows[key], **columns}).to_batches()

    return predict
