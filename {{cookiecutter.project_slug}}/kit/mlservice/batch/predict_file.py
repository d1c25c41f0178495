"""Predictions for a file of any length, in constant memory, continued after a kill.

Threads predict for chunks of rows; the chunks of a checkpoint are written together.
Where a chunk begins depends on the schema alone, so a run that was killed and continued
gives the same file as one that was not.
"""

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from mlservice.arrays import Matrix
from mlservice.batch.checkpoints import Checkpoints, Facts, fingerprint
from mlservice.batch.log_predictions import log_predictions
from mlservice.batch.readers import Chunk, Source
from mlservice.batch.rows_to_instances import encoded, instances_of, rows_at_once
from mlservice.errors import UserError
from mlservice.model.explained_predictions import Explainer

if TYPE_CHECKING:
    from mlservice.model.predictor import Predictor

CHUNKS = 20  # in a checkpoint
THREADS = min(os.cpu_count() or 1, 4)  # more would only wait for each other

Given = TypeVar("Given")
Made = TypeVar("Made")


def predict_file(
    predictor: "Predictor[Any, Any]",
    source: Path,
    target: Path,
    *,
    key: str | None = None,
    restart: bool = False,
    explain: bool = False,
    log: Path | None = None,
) -> int:
    """Predict for each row of `source`; return how many rows `target` then has.

    The column `key` is copied in place of the rows' numbers. With `explain`, columns of
    contributions follow: see Explainer. The target appears when it
    is complete; until then `TARGET.parts` has checkpoints, from which the next call
    continues. Then `log`, the folder of a prediction log, gets a file with a line for
    each row.
    Raise UserError for rows that schema.py does not allow, for files that cannot be
    read or written, for a model without explanation, and for checkpoints of another
    run, unless `restart` removes them.
    """
    try:
        if target.exists() and target.samefile(source):
            raise UserError(f"{source} would be overwritten: name another target")
        if key and source.suffix == ".jsonl":
            raise UserError(f"--id {key}: lines of JSON hold features alone")
        rows = Source(source, *_columns(predictor, key))
        explainer = Explainer(predictor) if explain else None
        batch = Batch(predictor, rows, key, explainer)
        done = _run(batch, target, restart)
        if log:
            log_predictions(predictor, rows, f"{batch.facts()}", log)
        return done
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        again = "; make room and run the same command again: it goes on" if full else ""
        why = os.strerror(error.errno) if error.errno else error
        raise UserError(f"{error.filename or target}: {why}{again}") from error


@dataclass(frozen=True)
class Batch:
    """Predictions for the rows of one source, as tables."""

    predictor: "Predictor[Any, Any]"
    source: Source
    key: str | None  # a column that is copied
    explainer: Explainer | None = None

    def facts(self) -> Facts:
        """Return everything that the predictions depend on."""
        manifest = self.predictor.model.manifest
        return {
            "source": fingerprint(self.source.path),
            "model": manifest.model_version,
            "decision": manifest.decision.model_dump_json(),
            "schema.py": self.predictor.service.schema_hash,
            "--id": self.key,
            "--explain": bool(self.explainer) or None,  # None: as if it were absent
        }

    def predict(self, chunk: Chunk) -> pa.Table:
        """Predict for the rows of a chunk."""
        service, path = self.predictor.service, self.source.path
        if self.explainer and self.explainer.reads_words:
            instances: Sequence[Any] = list(instances_of(service, chunk, path))
            matrix = service.encoding.encode(instances)
        else:
            instances, matrix = encoded(service, chunk, path)
        first, end = chunk.first, chunk.first + len(chunk.rows)
        rows: Any = chunk.rows  # a table, where there is a key
        ids = rows[self.key] if self.key else np.arange(first, end)
        return self.table(instances, matrix, ids)

    def empty(self) -> pa.Table:
        """Return a table without rows that has the columns of predictions."""
        service = self.predictor.service
        example = [service.instance.model_validate(service.example)]
        return self.table(
            example, service.encoding.encode(example), [""] if self.key else [1]
        )[:0]

    def table(self, instances: Sequence[Any], matrix: Matrix, ids: Any) -> pa.Table:
        """Return the predictions for n encoded rows as a table."""
        manifest = self.predictor.model.manifest
        scores = self.predictor.score(matrix)
        columns = self.predictor.service.tabulate(instances, scores, manifest.decision)
        if self.explainer:
            columns = {**columns, **self.explainer.columns(instances, matrix, scores)}
        name = self.key or "row"
        if name in (*columns, "model_version"):
            raise UserError(f"--id {name}: the predictions have a column of that name")
        version = manifest.model_version
        columns = {name: ids, **columns, "model_version": pa.repeat(version, len(ids))}
        return pa.table(columns, metadata={"model_version": version})


def _run(batch: Batch, target: Path, restart: bool) -> int:
    """Predict for the source, checkpoint by checkpoint, then merge them."""
    source, size, facts = (
        batch.source,
        rows_at_once(batch.predictor.service),
        batch.facts(),
    )
    checkpoints = Checkpoints(target, facts, size * CHUNKS, restart)
    try:
        with _progress(source) as shown:
            tables = in_order(
                batch.predict, source.chunks(size, checkpoints.rows), THREADS
            )
            while held := list(islice(tables, CHUNKS)):
                checkpoints.add(pa.concat_tables(held))
                shown.update(source.position - shown.n)
        if batch.facts() != facts:
            raise UserError(f"{source.path} was changed while it was read: start again")
    except UserError:  # corrected rows are another source
        checkpoints.clear()
        raise
    checkpoints.merge(batch.empty())
    return checkpoints.rows


def _progress(source: Source) -> Any:
    """Return a progress bar on stderr, hidden without a terminal or if it is quick."""
    unit = " rows" if source.counts_rows else "B"
    return tqdm(
        desc=source.path.name,
        total=source.total,
        unit=unit,
        unit_scale=True,
        delay=2,  # seconds
        disable=None,
    )


def in_order(
    function: Callable[[Given], Made], given: Iterable[Given], threads: int
) -> Iterator[Made]:
    """Apply a function to each item in threads; yield the results in order."""
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for each in given:
                waiting.append(pool.submit(function, each))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _columns(
    predictor: "Predictor[Any, Any]", key: str | None
) -> tuple[list[str], list[str]]:
    """Return the columns to read, each of them once, and which may be left out."""
    features = predictor.service.features
    columns = [feature.column for feature in features]
    optional = [f.column for f in features if f.optional and f.column != key]
    return columns + [key] if key and key not in columns else columns, optional
