"""Prediction log: what was asked and answered, as JSON lines; never in an answer's way.

Requests only append to a bounded queue; a thread serializes and writes it four times a
second. A full queue, a full disk or a failing one costs lines, which are counted, and
no answer. After a kill at most the queue is missing.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from mlservice.arrays import Scores
from mlservice.errors import UserError
from mlservice.monitoring.log_files import LogFiles, NoRoomError, Rotation
from mlservice.encoding.value_statistics import is_free, is_text, statistics_of
from mlservice.service import Service

FORMAT = 1
FLUSH_SECONDS = 0.25
QUEUE_ROWS = 20_000  # that may wait to be written
LONGEST_UNIT = 200  # characters
WRITTEN, DROPPED, NO_ROOM, FAILED = "written", "queue_full", "no_room", "failed"


@dataclass(frozen=True)
class LogOptions:
    """What is recorded of the predictions, and where."""

    folder: Path
    sample: float = 1.0  # share of the requests
    omit: tuple[str, ...] = ()  # columns that are not recorded
    free_text: bool = False  # whether long texts are recorded
    unit_column: str = ""  # the column that names the unit: a customer, a device
    rotation: Rotation = field(default_factory=Rotation)


class Answered(NamedTuple):
    """One answered request."""

    time: float  # seconds since 1970
    request_id: str
    unit: str | None
    variant: str
    model_version: str
    instances: Sequence[Any]
    predictions: Sequence[BaseModel]
    scores: Scores  # (n, outputs) of the model


class PredictionLog:
    """Queue and thread that write answered requests to the files of a folder."""

    def __init__(
        self,
        service: Service[Any, Any],
        options: LogOptions,
        count: Callable[[str, int], None],
    ) -> None:
        """Open the log; `count(outcome, rows)` counts what became of the rows.

        Raise UserError for a folder that cannot be written and for unknown columns.
        """
        self._record = Record(service, options)
        self._sample, self._count = options.sample, count
        self._files = LogFiles(options.folder, header_of(service), options.rotation)
        self._queue: deque[Answered] = deque()
        self._rows, self._lock = 0, threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def add(self, answered: Answered) -> None:
        """Record a request if it is in the sample; return at once."""
        if not in_sample(answered.request_id, self._sample):
            return
        rows = len(answered.predictions)
        with self._lock:
            full = self._rows + rows > QUEUE_ROWS
            if not full:
                self._rows += rows
                self._queue.append(answered)
        if full:
            self._count(DROPPED, rows)

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._stop.set()
        self._thread.join()
        self._files.close()

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        """Write the requests that wait; count the rows that could not be written."""
        while self._queue:
            waiting: list[Answered] = []
            outcome, rows = WRITTEN, 0
            while self._queue and rows < 1_000:
                answered = self._queue.popleft()
                rows += len(answered.predictions)
                waiting.append(answered)
            try:
                self._files.append(
                    [line for each in waiting for line in self._record.lines(each)]
                )
            except NoRoomError:
                outcome = NO_ROOM
            except (OSError, PydanticSerializationError):
                outcome = FAILED
            self._count(outcome, rows)
            with self._lock:
                self._rows -= rows


class Record:
    """Conversion of answered requests to JSON lines."""

    def __init__(self, service: Service[Any, Any], options: LogOptions) -> None:
        """Choose the columns; raise UserError for one that the schema does not have."""
        known = {feature.column: feature for feature in service.features}
        for column in (*options.omit, *filter(None, [options.unit_column])):
            if column not in known:
                raise UserError(
                    f"the prediction log names {column!r}, which is no column; "
                    f"there are {', '.join(known)}"
                )
        free = {
            column: feature.name
            for column, feature in known.items()
            if is_free(feature) and not (options.free_text and is_text(feature))
        }
        self._free = [(c, name) for c, name in free.items() if c not in options.omit]
        self._exclude = {known[c].name for c in {*options.omit, *free}}
        unit = options.unit_column
        self._unit = known[unit].name if unit else ""

    def lines(self, answered: Answered) -> list[bytes]:
        """Return a line for each prediction of a request."""
        start = b'{"time":"%s","id":"%s/' % (
            _time(answered.time),
            answered.request_id.encode(),
        )
        facts = {"variant": answered.variant, "model_version": answered.model_version}
        given = answered.instances, answered.predictions, _by_instance(answered)
        return [
            start + b'%d",' % row + self._facts(answered, facts, *one)
            for row, one in enumerate(zip(*given, strict=True))
        ]

    def _facts(
        self,
        answered: Answered,
        facts: dict[str, str],
        instance: Any,
        prediction: BaseModel,
        scores: list[float] | None,
    ) -> bytes:
        """Return the rest of a line."""
        unit = getattr(instance, self._unit) if self._unit else answered.unit
        known: dict[str, Any] = facts | ({} if unit is None else {"unit": str(unit)})
        if self._free:
            known["statistics"] = {
                column: statistics_of(getattr(instance, name))
                for column, name in self._free
            }
        serializer = instance.__pydantic_serializer__
        asked = serializer.to_json(
            instance, by_alias=True, exclude=self._exclude, warnings=False
        )
        return b'%s,"instance":%s,"prediction":%s,"scores":%s}\n' % (
            to_json(known)[1:-1],
            asked,
            to_json(prediction, by_alias=True),
            to_json(scores),
        )


def _by_instance(answered: Answered) -> Sequence[list[float] | None]:
    """Return the scores of each instance; None if an instance has several rows."""
    rows = len(answered.instances)
    if len(answered.scores) != rows:
        return [None] * rows
    found: list[list[float]] = answered.scores.tolist()
    return found


def header_of(service: Service[Any, Any]) -> bytes:
    """Return the first line of each file: whose log it is."""
    facts = {"format": FORMAT, "service": service.name, "schema": service.schema_hash}
    return to_json({"prediction_log": facts}) + b"\n"


def in_sample(request_id: str, share: float) -> bool:
    """Return whether a request is recorded: the same answer in every replica."""
    if share >= 1:
        return True
    first = hashlib.sha256(request_id.encode()).digest()[:8]
    return int.from_bytes(first) < share * 2**64


def unit_of(header: bytes | None) -> str | None:
    """Return the unit that a client names in `X-Unit-ID`, if it names one."""
    return header.decode("latin-1")[:LONGEST_UNIT] if header else None


def _time(seconds: float) -> bytes:
    second, rest = divmod(int(seconds * 1000), 1000)
    return b"%s.%03dZ" % (_second(second), rest)


@lru_cache(2)
def _second(second: int) -> bytes:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
