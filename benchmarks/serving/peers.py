"""Who is compared: how each is installed, started and asked, and where its answer holds the probability."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BENTOML = {"MODEL": "{model}", "BENTOML_DO_NOT_TRACK": "True", "BENTOML_HOME": "{folder}/bentoml"}
LOCAL = "--host 127.0.0.1 --port {port}"
UVICORN = f"{{bin}}/python -m uvicorn app:app {LOCAL} --no-access-log"  # an app.py in the peer's folder


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
    environment: str = ""  # the folder whose requirements.txt it is installed from; else the rendered project's
    folder: str = ""  # the one of its server, where that is not its name

    @property
    def serves_the_pipeline(self) -> bool:
        """Tell whether scikit-learn's pipeline has to be trained for it."""
        return "{model}" in f"{self.env} {self.prepare}"


def _instances(row: dict) -> dict:
    return {"instances": [row]}


def _plain(answer: dict) -> float:
    return answer["probability"]


# In this order they are asked in each round: those with the closest targets right after ours, within the same moment.
PEERS = {
    "ours": Peer(
        title="the rendered service",
        command="{bin}/python -m {package}.serve",
        env={"SERVE_PORT": "{port}"},
        body=_instances,
        probability=lambda answer: answer["predictions"][0]["probabilities"]["yes"],
    ),
    "limit": Peer(
        title="FastAPI, same request model, a constant",
        command=UVICORN,
        env={"PACKAGE": "{package}"},
        body=_instances,
    ),
    "limit-written": Peer(
        title="FastAPI, a constant written before",
        command=UVICORN,
        env={"PACKAGE": "{package}"},
        body=_instances,
        path="/written",
        folder="limit",
    ),
    "floor": Peer(
        title="bare ASGI, same JSON, a constant",
        command=UVICORN,
        body=_instances,
    ),
    "textbook": Peer(
        title="FastAPI + scikit-learn, textbook",
        command=UVICORN,
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
        environment="mlflow",
    ),
    "bentoml": Peer(
        title="BentoML",
        command=f"{{bin}}/bentoml serve service:Churn {LOCAL}",
        env=BENTOML,
        body=lambda row: {"customer": row},
        probability=_plain,
        environment="bentoml",
    ),
    "bentoml-batches": Peer(
        title="BentoML, in batches",
        command=f"{{bin}}/bentoml serve service:ChurnInBatches {LOCAL}",
        env=BENTOML,
        body=lambda row: {"customers": [row]},
        probability=lambda answer: answer[0]["probability"],
        environment="bentoml",
        folder="bentoml",
    ),
    "litserve": Peer(
        title="LitServe",
        command="{bin}/python server.py {port}",
        env={"MODEL": "{model}"},
        body=lambda row: row,
        probability=_plain,
        environment="litserve",
    ),
    "litserve-batches": Peer(
        title="LitServe, in batches",
        command="{bin}/python server.py {port} batches",
        env={"MODEL": "{model}"},
        body=lambda row: row,
        probability=_plain,
        environment="litserve",
        folder="litserve",
    ),
}
