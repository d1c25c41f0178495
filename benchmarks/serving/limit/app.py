"""The limit: FastAPI reads the service's own request model and answers a constant, already written.

Started as `PACKAGE=churn uvicorn app:app` in the environment of the rendered service.
"""

import importlib
import os

from fastapi import FastAPI, Response

PredictRequest = importlib.import_module(f"{os.environ['PACKAGE']}.api").PredictRequest
ANSWER = b'{"predictions":[{"label":"yes","probabilities":{"no":0.25,"yes":0.75}}],"model_version":"0123456789ab"}'

app = FastAPI(title="The limit")


@app.post("/predict")
async def predict(_request: PredictRequest) -> Response:  # type: ignore[valid-type]
    """Answer the same, whoever asks."""
    return Response(ANSWER, media_type="application/json")
