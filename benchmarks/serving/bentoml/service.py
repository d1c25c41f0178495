"""The same model as a BentoML service: `MODEL=model.joblib bentoml serve service:Churn`."""

import os

import bentoml
import joblib
import pandas as pd
from pydantic import BaseModel


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


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class Churn:
    """Predicts who leaves."""

    def __init__(self) -> None:
        """Load the model."""
        self.pipeline = joblib.load(os.environ["MODEL"])

    @bentoml.api
    def predict(self, customer: Customer) -> Prediction:
        """Predict for one customer."""
        row = pd.DataFrame([customer.model_dump()])
        probability = self.pipeline.predict_proba(row)[0, 1]
        return Prediction(label="yes" if probability >= 0.5 else "no", probability=probability)
