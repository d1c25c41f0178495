"""Run the public tables by several workers, and keep each result as soon as it is there."""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common import say
from tables.journey import Result, keep, known, travel
from tables.public import Table, to_csv
from tables.services import Services

FILE = "results.jsonl"


def results_of(
    tables: Sequence[Table], template: Path, kept: Path, work: Path, jobs: int, *, again: bool = False
) -> list[Result]:
    """Return the result of each table; those that `kept` holds are not tried again, unless `again`.

    Services are rendered from `template` into `work`.
    """
    kept.mkdir(parents=True, exist_ok=True)
    done = {} if again else known(kept / FILE)
    open_ = [table for table in tables if table.name not in done]
    paths = to_csv(open_, work) if open_ else {}
    free: queue.Queue[Services] = queue.Queue()
    for number in range(jobs):
        free.put(Services(template, work / f"worker-{number}"))
    lock = threading.Lock()

    def one(table: Table) -> Result:
        services = free.get()
        try:
            result = travel(table, paths[table.name], services)
        finally:
            free.put(services)
        with lock:
            keep(kept / FILE, [result])
            say(f"{table.name}: {result.line}")
        return result

    with ThreadPoolExecutor(jobs) as pool:
        done |= {result.name: result for result in pool.map(one, open_)}
    return [done[table.name] for table in tables]
