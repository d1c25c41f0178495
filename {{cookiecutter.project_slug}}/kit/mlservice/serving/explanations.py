"""Explanations in the answers of `POST /predict`, where a request asks for them."""

from collections.abc import Sequence
from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel
from starlette.datastructures import State

from mlservice.model.explained_predictions import Explainer
from mlservice.model.explanation import NoExplanationError
from mlservice.model.predictor import Predictor
from mlservice.serving.messages import fault
from mlservice.serving.settings import Settings

WORK = 20  # times the work of a prediction


def size_of(body: bytes, settings: Settings) -> int:
    """Return the bytes of a body, times the work if it asks for explanations."""
    return len(body) * (WORK if settings.explain and b'"explain"' in body else 1)


def explained(
    state: State,
    model: Predictor[Any, Any],
    instances: Sequence[Any],
    predictions: Sequence[BaseModel],
) -> list[Any]:
    """Return n predictions as plain data, with an explanation each.

    Raise 422 if the setting or the model has none.
    """
    if not state.settings.explain:
        raise _refusal("explanations are off; SERVE_EXPLAIN=1 answers them")
    try:
        explanations = _explainer(state, model).explain(instances)
    except NoExplanationError as error:
        raise _refusal(str(error)) from error
    return [
        {**prediction.model_dump(), "explanation": explanation}
        for prediction, explanation in zip(predictions, explanations, strict=True)
    ]


def _explainer(state: State, model: Predictor[Any, Any]) -> Explainer:
    """Return the explainer of a model, read at its first use and then kept."""
    kept: tuple[Predictor[Any, Any], Explainer] | None
    kept = getattr(state, "explainer", None)
    if kept is None or kept[0] is not model:
        kept = state.explainer = model, Explainer(model)
    return kept[1]


def _refusal(why: str) -> HTTPException:
    return HTTPException(422, [fault(f"explain: {why}")])
