"""The limit: FastAPI reads the service's own request model and answers a constant; at /written, in bytes written before.

Started as `PACKAGE=churn uvicorn app:app` in the environment of the rendered service.
"""

import importlib
import json
import os

from fastapi import FastAPI, Response
from mlservice.serving.messages import request_of

INSTANCES = 1_000  # in one request: the service's own default
PredictRequest = request_of(importlib.import_module(f"{os.environ['PACKAGE']}.service").SERVICE, INSTANCES)
PREDICTION = {"label": "yes", "probabilities": {"no": 0.25, "yes": 0.75}}
ANSWER = {"predictions": [PREDICTION], "model_version": "0123456789ab"}
WRITTEN = json.dumps(ANSWER, separators=(",", ":")).encode()

app = FastAPI(title="The limit")


@app.post("/predict")
async def predict(_request: PredictRequest) -> dict:  # type: ignore[valid-type]
    """Answer the same, whoever asks."""
    return ANSWER


@app.post("/written")
async def written(_request: PredictRequest) -> Response:  # type: ignore[valid-type]
    """Answer the same, which is sent as it stands."""
    return Response(WRITTEN, media_type="application/json")
