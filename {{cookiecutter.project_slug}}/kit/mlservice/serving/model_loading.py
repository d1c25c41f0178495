"""How a model gets into the service, at its start and while it serves.

A new one is loaded beside the old, verified and tried; only then does it take the old
one's place, in one assignment. What must not be served changes nothing.
"""

import asyncio
import gc
import os
import signal
import threading
from typing import Any

import structlog
from fastapi import FastAPI

from mlservice.model import artifact, mlflow_registry
from mlservice.model.artifact import RETRAIN, ArtifactError
from mlservice.model.predictor import Predictor
from mlservice.service import Service
from mlservice.serving.settings import Settings

STDIN = 0

log = structlog.get_logger()


async def try_to_load(app: FastAPI) -> bool:
    """Try to put the first model in place; tell whether one is there, and log it."""
    state = app.state
    try:
        version = await load_model(app)
    except ArtifactError as error:
        if state.reason != str(error):
            log.error("not ready", reason=str(error))
        state.reason = str(error)
        return False
    log.info("ready", model_version=version)
    return True


async def retry_until_loaded(app: FastAPI) -> None:
    """Try until a model is in place, whoever put it there."""
    while app.state.predictor is None:
        await asyncio.sleep(max(1, app.state.settings.retry_after_seconds))
        if app.state.predictor is None:
            await try_to_load(app)


async def load_model(app: FastAPI) -> str:
    """Put the model in place and return its version; one load at a time.

    Raise ArtifactError if it must not be served: then what was served still is.
    """
    state = app.state
    async with state.load_lock:
        predictor = await asyncio.to_thread(
            load_predictor, state.service, state.settings
        )
        before = state.predictor.version if state.predictor else ""
        state.predictor = predictor  # a request has taken the old one, or takes this
    if before:
        state.metrics.model.labels(before).set(0)  # workers' files keep it
    state.metrics.model.clear()
    state.metrics.model.labels(predictor.version).set(1)
    if before:
        gc.unfreeze()  # else what the old one leaves would be kept forever
    gc.collect()
    gc.freeze()  # what is loaded is never garbage: collecting it cost 80 ms at p99
    return predictor.version


def load_predictor(
    service: Service[Any, Any], settings: Settings
) -> Predictor[Any, Any]:
    """Load, verify and try the model; raise ArtifactError if it must not be served."""
    if settings.model_alias:
        model = mlflow_registry.fetch(service, settings.model_alias)
    else:
        model = artifact.load(service, settings.model_dir)
    try:
        return Predictor(service, model)
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        raise ArtifactError(
            f"model {model.manifest.model_version} fails on the example of schema.py: "
            f"{error}; {RETRAIN}"
        ) from error


async def reload_model(app: FastAPI) -> str:
    """Load the model anew, as an operator asked; log it; otherwise as `load_model`."""
    before = app.state.predictor.version if app.state.predictor else None
    try:
        version = await load_model(app)
    except ArtifactError as error:
        log.error("reload refused", reason=str(error), model_version=before)
        raise
    log.info("reloaded", model_version=version, before=before)
    return version


async def reload_on_sighup(app: FastAPI) -> None:
    """Load the model anew whenever SIGHUP comes; forever."""
    if threading.current_thread() is not threading.main_thread():
        return  # as in tests: only the main thread hears signals
    in_a_terminal, asked = os.isatty(STDIN), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked.set)
    while await asked.wait():
        asked.clear()
        if in_a_terminal and not os.isatty(STDIN):  # somebody closed it
            signal.raise_signal(signal.SIGTERM)
            return
        try:
            await reload_model(app)
        except ArtifactError:
            continue  # it is in the log
