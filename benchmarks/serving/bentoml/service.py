"""The same model as a BentoML service: `MODEL=model.joblib bentoml serve service:Churn`, or `…:ChurnInBatches`."""

import os

import bentoml
import joblib
import pandas as pd
from pydantic import BaseModel
from sklearn.pipeline import Pipeline


class Customer(BaseModel):
    """One customer."""

    tenure_months: int
    monthly_charge: float | None
    data_used: float | None
    support_calls: int
    late_payments: int
    days_since_login: float | None
    birth_day: int
    contract: str
    payment: str | None
    region: str
    channel: str | None
    paperless: bool


class Prediction(BaseModel):
    """Whether the customer leaves."""

    label: str
    probability: float


def load() -> Pipeline:
    """Load the model."""
    return joblib.load(os.environ["MODEL"])


def predict_all(pipeline: Pipeline, customers: list[Customer]) -> list[Prediction]:
    """Predict for several customers with one frame."""
    rows = pd.DataFrame([customer.model_dump() for customer in customers])
    found = pipeline.predict_proba(rows)[:, 1]
    return [Prediction(label="yes" if each >= 0.5 else "no", probability=each) for each in found]


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class Churn:
    """Predicts for each request by itself."""

    def __init__(self) -> None:
        """Load the model."""
        self.pipeline = load()

    @bentoml.api
    def predict(self, customer: Customer) -> Prediction:
        """Predict for one customer."""
        return predict_all(self.pipeline, [customer])[0]


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class ChurnInBatches:
    """Predicts for the requests that arrive meanwhile together, by BentoML's adaptive batching."""

    def __init__(self) -> None:
        """Load the model."""
        self.pipeline = load()

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=1000)
    def predict(self, customers: list[Customer]) -> list[Prediction]:
        """Predict for all customers of a batch."""
        return predict_all(self.pipeline, customers)
