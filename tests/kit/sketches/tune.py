"""A search over one candidate's parameters, judged on the validation rows."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from mlservice.model.onnx_export import fitted_scores
from mlservice.service import D
from mlservice.training import mlflow_run, steps
from mlservice.training_spec import Q, Training


def tune(training: Training[Q, D], candidate: str, space: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return the parameters of the grid with the best metric of the gate; raise KeyError for an unknown candidate."""
    params = training.params.load()
    train, validation = training.read("train"), training.read("validation")
    found: list[tuple[float, dict[str, Any]]] = []
    for values in product(*space.values()):
        given = dict(zip(space, values, strict=True))
        section = type(params.train).model_validate(params.train.model_dump() | given)
        with mlflow_run.run(training.service.name):
            model = steps.fit(candidate, training.candidates[candidate](section), train)
        scores = fitted_scores(model, validation.matrix)
        decision = training.choose_decision(validation.target, scores, params.decision)
        metric = training.metrics(params.decision, decision)[params.gate.metric]
        value = metric.compute(validation.target, scores)
        found.append((value if metric.greater_is_better else -value, given))
    return max(found, key=lambda pair: pair[0])[1]
