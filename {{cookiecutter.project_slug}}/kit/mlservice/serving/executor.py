"""Executor of predictions: small requests inline, large ones in one thread.

A thread costs more than the computation of a small request; without a thread, a large
request would block all others.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mlservice.serving.request_metrics import RequestMetrics
from mlservice.serving.settings import Settings

LARGE = 16_384  # bytes of a body: 60 rows, or a dozen pictures
SWITCH_SECONDS = 0.0005  # until the thread yields the interpreter to small requests
ADVICE = "send fewer rows, or send them later"

T = TypeVar("T")


class SizedExecutor:
    """One thread for large requests, with a bounded queue."""

    def __init__(self, settings: Settings, metrics: RequestMetrics) -> None:
        """Create the executor; its thread starts with the first large request."""
        self._settings, self._busy = settings, metrics.busy
        self._thread = ThreadPoolExecutor(1, "large")
        self._pending = 0  # large requests that wait or are computed
        sys.setswitchinterval(SWITCH_SECONDS)

    async def run(self, size: int, work: Callable[..., T], *args: object) -> T:
        """Return `work(...)` for a body of `size` bytes; raise 503 if overloaded."""
        if size < LARGE:
            return work(*args)
        if self._pending > self._settings.max_queue:
            raise self._busy("queue", f"too many large requests wait; {ADVICE}")
        self._pending += 1
        try:
            job = asyncio.wrap_future(self._thread.submit(work, *args))
            return await asyncio.wait_for(job, self._settings.deadline_seconds)
        except TimeoutError as error:
            detail = f"it could not be computed in time; {ADVICE}"
            raise self._busy("deadline", detail) from error
        finally:
            self._pending -= 1
