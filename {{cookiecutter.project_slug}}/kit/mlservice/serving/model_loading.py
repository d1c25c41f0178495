"""Load the model when the service starts, and replace it while it serves.

A new model is loaded beside the current one, verified and tried on the example of the
schema. Then one assignment replaces the current model. A failure changes nothing.
"""

import asyncio
import ctypes
import gc
import os
import signal
import threading
from contextlib import suppress
from typing import Any

import structlog
from fastapi import FastAPI

from mlservice.model import artifact, mlflow_registry
from mlservice.model.artifact import RETRAIN, ArtifactError
from mlservice.model.predictor import Predictor
from mlservice.service import Service
from mlservice.serving.settings import Settings

AnyService = Service[Any, Any]
STDIN = 0
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # parameters of mallopt(3)
FREE_BYTES = 1_048_576  # that may stay at the end of the heap

log = structlog.get_logger()


async def try_to_load(app: FastAPI) -> None:
    """Try to load the first model and log the result, a new reason once."""
    state = app.state
    try:
        log.info("ready", model_version=await load_model(app))
    except ArtifactError as error:
        if state.reason != str(error):
            log.error("not ready", reason=str(error))
        state.reason = str(error)


async def retry_until_loaded(app: FastAPI) -> None:
    """Retry until a model is loaded, here or by a reload."""
    while app.state.predictor is None:
        await asyncio.sleep(max(1, app.state.settings.retry_after_seconds))
        if app.state.predictor is None:
            await try_to_load(app)


async def load_model(app: FastAPI) -> str:
    """Load the model and return its version; one load at a time.

    Raise ArtifactError if it must not be served: then the current model stays.
    """
    state = app.state
    async with state.load_lock:
        given = state.service, state.settings
        predictor = await asyncio.to_thread(load_predictor, *given)
        state.predictor = predictor  # each request reads it once
    state.metrics.model.clear()
    state.metrics.model.labels(predictor.version).set(1)
    if threading.current_thread() is threading.main_thread():  # the process is ours
        _exempt_from_collection()
    return predictor.version


def _exempt_from_collection() -> None:
    """Exempt what stays loaded from garbage collection: it added 80 ms to p99."""
    gc.unfreeze()  # else the old model would never be freed
    gc.collect()
    gc.freeze()


def load_predictor(service: AnyService, settings: Settings) -> Predictor[Any, Any]:
    """Load and verify the model; raise ArtifactError if it must not be served."""
    if settings.model_alias:
        model = mlflow_registry.fetch(service, settings.model_alias)
    else:
        model = artifact.load(service, settings.model_dir)
    try:
        return Predictor(service, model)
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        what = f"model {model.manifest.model_version} fails on the example of schema.py"
        raise ArtifactError(f"{what}: {error}; {RETRAIN}") from error


async def reload_model(app: FastAPI) -> str:
    """Reload the model and log the result; return and errors as of `load_model`."""
    before = app.state.predictor.version if app.state.predictor else None
    try:
        version = await load_model(app)
    except ArtifactError as error:
        log.error("reload refused", reason=str(error), model_version=before)
        raise
    log.info("reloaded", model_version=version, before=before)
    return version


async def reload_on_sighup(app: FastAPI) -> None:
    """Reload the model at each SIGHUP, until cancelled."""
    if threading.current_thread() is not threading.main_thread():
        return  # as in tests: only the main thread gets signals
    in_a_terminal, requested = os.isatty(STDIN), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, requested.set)
    while await requested.wait():
        requested.clear()
        if in_a_terminal and not os.isatty(STDIN):  # the terminal was closed
            signal.raise_signal(signal.SIGTERM)
            return
        try:
            await reload_model(app)
        except ArtifactError:
            continue  # reload_model has logged it


def return_freed_memory() -> None:
    """Make the C library return freed memory to the system; call it before threads.

    By default, glibc keeps an arena for each thread and, after large blocks were freed,
    tens of megabytes. Other C libraries have no `mallopt`, and nothing is done.
    """
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, FREE_BYTES)
