"""The service that a good tutorial shows: a pydantic model, a pandas DataFrame, a scikit-learn pipeline.

Started as `MODEL=model.joblib uvicorn app:app`, with uvicorn's default settings.
"""

import os

import joblib
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title="Customer churn")
pipeline = joblib.load(os.environ["MODEL"])


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


@app.post("/predict")
def predict(customer: Customer) -> Prediction:
    """Predict for one customer."""
    row = pd.DataFrame([customer.model_dump()])
    probability = pipeline.predict_proba(row)[0, 1]
    return Prediction(label="yes" if probability >= 0.5 else "no", probability=probability)
