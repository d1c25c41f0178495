"""Reading a prediction log as data frames, in constant memory.

A line that is damaged, from the future, or of another model is counted and skipped; so
is a file of another service. What was skipped is reported, and nothing else is lost.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from mlservice.encoding.value_statistics import NUMBERS, SCRIPT, is_free
from mlservice.errors import UserError
from mlservice.monitoring.log_files import PATTERN
from mlservice.schema.features import Feature
from mlservice.service import Service

BLOCK_BYTES = 16_000_000  # of lines that are parsed together
AHEAD = timedelta(hours=1)  # that a clock may be fast
TEXT = pa.string()
STATISTICS = pa.struct([*((n, pa.float64()) for n in NUMBERS), (SCRIPT, TEXT)])
TYPES = {"number": pa.float64(), "flag": pa.bool_(), "series": pa.list_(pa.float64())}


@dataclass
class Skipped:
    """What was not read: lines and labels by reason, and files with theirs."""

    lines: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    files: dict[str, str] = field(default_factory=dict)

    def sentences(self) -> list[str]:
        """Return a sentence for each reason and each file."""
        counted = (
            f"{number:,} {what}: {why}"
            for what, found in (("lines", self.lines), ("labels", self.labels))
            for why, number in found.items()
        )
        return [*counted, *(f"{name}: {why}" for name, why in self.files.items())]

    def tell(self) -> None:
        """Print these sentences."""
        for sentence in self.sentences():
            print(f"not read: {sentence}")


def read_log(
    service: Service[Any, Any],
    folder: Path,
    skipped: Skipped,
    now: datetime | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the lines of a log in frames: time, id and so on, `instance.COLUMN`.

    Statistics of a column are `instance.COLUMN.STATISTIC`.
    Raise UserError if the folder holds no log.
    """
    yield from map(_frame, read_tables(service, folder, skipped, now))


def read_tables(
    service: Service[Any, Any],
    folder: Path,
    skipped: Skipped,
    now: datetime | None = None,
) -> Iterator[pa.Table]:
    """Yield the lines of a log in tables of `schema_of`; raise UserError for no log."""
    paths = sorted(folder.glob(PATTERN)) if folder.is_dir() else []
    if not paths:
        raise UserError(
            f"{folder} holds no prediction log; "
            f"serve with SERVE_PREDICTION_LOG={folder}"
        )
    schema = schema_of(service)
    latest = pa.scalar((now or datetime.now(UTC)) + AHEAD, schema.field("time").type)
    for path in paths:
        with path.open("rb") as file:
            if why := _foreign(service, file.readline()):
                skipped.files[path.name] = why
                continue
            for block in _blocks(file, skipped):
                table = _parsed(block, schema, skipped)
                early = table.filter(pc.field("time") <= latest)
                if late := len(table) - len(early):
                    skipped.lines["their time is in the future"] += late
                yield early


def schema_of(service: Service[Any, Any]) -> pa.Schema:
    """Return the Arrow types of a line."""
    instance = [(f.column, _type(f)) for f in service.features]
    free = filter(is_free, service.features)
    return pa.schema(
        {
            "time": pa.timestamp("ms", "UTC"),
            "id": TEXT,
            "unit": TEXT,
            "variant": TEXT,
            "model_version": TEXT,
            "instance": pa.struct(instance),
            "scores": pa.list_(pa.float64()),
            "statistics": pa.struct([(f.column, STATISTICS) for f in free]),
        }
    )


def _type(feature: Feature) -> pa.DataType:
    return TYPES.get(feature.kind, TEXT)


def _foreign(service: Service[Any, Any], header: bytes) -> str | None:
    """Return why a file is not this service's log, None if it is."""
    try:
        facts = json.loads(header)["prediction_log"]
    except (ValueError, TypeError, KeyError):
        return "it is no prediction log"
    if facts.get("service") != service.name:
        return f"it is the log of {facts.get('service')}"
    if facts.get("schema") != service.schema_hash:
        return "it was written with another schema.py"
    return None


def _blocks(file: BinaryIO, skipped: Skipped) -> Iterator[bytes]:
    """Yield blocks of whole lines; a last one without an end is skipped."""
    while data := file.read(BLOCK_BYTES):
        data += file.readline()
        if not data.endswith(b"\n"):
            data = data[: data.rfind(b"\n") + 1]
            skipped.lines["they are not complete"] += 1
        if data:
            yield data


def _parsed(block: bytes, schema: pa.Schema, skipped: Skipped) -> pa.Table:
    """Parse lines; those that are damaged are skipped."""
    try:
        return _parse(block, schema)
    except pa.ArrowInvalid:
        lines = [line for line in block.splitlines() if _is_whole(line, schema)]
    skipped.lines["they are damaged"] += block.count(b"\n") - len(lines)
    return _parse(b"\n".join(lines), schema) if lines else schema.empty_table()


def _parse(block: bytes, schema: pa.Schema) -> pa.Table:
    options = pyarrow.json.ParseOptions(
        explicit_schema=schema, unexpected_field_behavior="ignore"
    )
    size = pyarrow.json.ReadOptions(block_size=max(len(block), 1))
    return pyarrow.json.read_json(
        io.BytesIO(block), read_options=size, parse_options=options
    )


def _is_whole(line: bytes, schema: pa.Schema) -> bool:
    try:
        _parse(line, schema)
    except pa.ArrowInvalid:
        return False
    return True


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return a data frame with a column for each of the instance's, and statistics."""
    columns = {name: table.column(name) for name in table.column_names}
    instance, statistics = (
        columns.pop(name).combine_chunks() for name in ("instance", "statistics")
    )
    for each in instance.type:
        columns[f"instance.{each.name}"] = instance.field(each.name)
    for each in statistics.type:
        for name in (*NUMBERS, SCRIPT):
            found = statistics.field(each.name).field(name)
            if found.null_count < len(found):
                columns[f"instance.{each.name}.{name}"] = found
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    return frame
