"""Who is compared: how each is installed, started and asked, and where its answer holds the probability."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LOCAL = "--host 127.0.0.1 --port {port}"


@dataclass(frozen=True)
class Peer:
    """One way to serve the model; in its words, {bin} is a folder of programs and {model} the trained pipeline."""

    title: str
    command: str
    body: Callable[[dict], Any]  # from the example row to what is posted
    probability: Callable[[Any], float] | None = None  # in the answer; None where it answers a constant
    path: str = "/predict"
    env: dict[str, str] = field(default_factory=dict)
    prepare: str = ""  # a command to run once before
    own_environment: bool = False  # installed from its folder's requirements.txt; else in the rendered project's


def _instances(row: dict) -> dict:
    return {"instances": [row]}


def _plain(answer: dict) -> float:
    return answer["probability"]


PEERS = {
    "ours": Peer(
        title="the rendered service",
        command="{bin}/python -m {package}.serve",
        env={"SERVE_PORT": "{port}"},
        body=_instances,
        probability=lambda answer: answer["predictions"][0]["probabilities"]["yes"],
    ),
    "textbook": Peer(
        title="FastAPI + scikit-learn, textbook",
        command=f"{{bin}}/python -m uvicorn app:app {LOCAL} --no-access-log",
        env={"MODEL": "{model}"},
        body=lambda row: row,
        probability=_plain,
    ),
    "mlflow": Peer(
        title="mlflow models serve",
        command=f"{{bin}}/mlflow models serve -m {{folder}}/mlflow --env-manager local --workers 1 {LOCAL}",
        # `mlflow models serve` starts uvicorn, whose options can be given in the environment only.
        env={"MLFLOW_DISABLE_TELEMETRY": "true", "UVICORN_ACCESS_LOG": "false"},
        body=lambda row: {"dataframe_records": [row]},
        probability=lambda answer: answer["predictions"][0][1],
        path="/invocations",
        prepare="{bin}/python save.py {model} {folder}/mlflow",
        own_environment=True,
    ),
    "bentoml": Peer(
        title="BentoML",
        command=f"{{bin}}/bentoml serve service:Churn {LOCAL}",
        env={"MODEL": "{model}", "BENTOML_DO_NOT_TRACK": "True", "BENTOML_HOME": "{folder}/bentoml"},
        body=lambda row: {"customer": row},
        probability=_plain,
        own_environment=True,
    ),
    "litserve": Peer(
        title="LitServe",
        command="{bin}/python server.py {port}",
        env={"MODEL": "{model}"},
        body=lambda row: row,
        probability=_plain,
        own_environment=True,
    ),
    "limit": Peer(
        title="FastAPI, same request model, a constant",
        command=f"{{bin}}/python -m uvicorn app:app {LOCAL} --no-access-log",
        env={"PACKAGE": "{package}"},
        body=_instances,
    ),
    "floor": Peer(
        title="bare ASGI, same JSON, a constant",
        command=f"{{bin}}/python -m uvicorn app:app {LOCAL} --no-access-log",
        body=_instances,
    ),
}
