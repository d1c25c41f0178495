"""A prediction log as one Parquet file, for other tools; serving imports no pyarrow."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mlservice.atomic import replace_file
from mlservice.monitoring.log_reader import Skipped, read_tables, schema_of
from mlservice.service import Service


def write_parquet(
    service: Service[Any, Any], folder: Path, path: Path, skipped: Skipped
) -> int:
    """Write a log as one Parquet file, which is replaced as a whole; return its rows.

    A column each: time, id and so on, `instance.COLUMN`, `statistics.COLUMN`. Raise
    UserError if the folder holds no log.
    """
    rows = 0

    def write(new: Path) -> None:
        nonlocal rows
        schema = schema_of(service).empty_table().flatten().schema
        with pq.ParquetWriter(new, schema, compression="zstd") as file:
            for table in read_tables(service, folder, skipped):
                file.write_table(table.flatten())
                rows += len(table)

    replace_file(path, write)
    return rows
