"""Prediction log of the service: its settings, counters, and what each request adds."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from mlservice.arrays import Scores
from mlservice.monitoring.log_files import Rotation
from mlservice.monitoring.prediction_log import (
    Answered,
    LogOptions,
    PredictionLog,
    unit_of,
)
from mlservice.service import Service
from mlservice.serving.request_metrics import RequestMetrics
from mlservice.serving.settings import Settings

CHAMPION = "champion"  # the variant that is served


def prediction_log(
    service: Service[Any, Any], settings: Settings, metrics: RequestMetrics
) -> PredictionLog | None:
    """Open the log that the settings name; return None if they name none.

    Raise UserError for a folder that cannot be written, and for unknown columns.
    """
    if not settings.prediction_log:
        return None
    options = LogOptions(
        folder=Path(settings.prediction_log),
        sample=settings.prediction_log_sample,
        omit=settings.prediction_log_omit,
        free_text=settings.prediction_log_text,
        unit_column=settings.unit_column,
        rotation=Rotation(
            keep_days=settings.prediction_log_days,
            folder_bytes=settings.prediction_log_max_bytes,
        ),
    )
    return PredictionLog(
        service, options, lambda outcome, rows: metrics.logged.labels(outcome).inc(rows)
    )


def record(
    log: PredictionLog,
    request: Request,
    model_version: str,
    answered: tuple[Sequence[Any], Sequence[BaseModel], Scores],
) -> None:
    """Add the answer of a request to the log: instances, predictions, scores."""
    log.add(
        Answered(
            time.time(),
            request["request_id"],
            unit_of(request["fields"].get(b"x-unit-id")),
            CHAMPION,
            model_version,
            *answered,
        )
    )
