"""Sample data with a known truth: 5,000 customers, some of whom leave.

What makes a customer leave is written in `churn_probability` and nowhere else, so tests
can ask whether the model found it. With rows of your own, let `sample` draw some of
their shape: tests and a fresh clone train on them.
"""

import numpy as np
import pandas as pd
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.typing import NDArray

ROWS = 5_000
SEED = 20_260_101
MISSING = {"monthly_charge": 0.03, "data_used": 0.06, "days_since_login": 0.04}
MISSING |= {"payment": 0.02, "channel": 0.05}  # shares of missing values


def customers(rows: int, seed: int) -> pd.DataFrame:
    """Draw customers without a target; every column independent but data_used."""
    rng = np.random.default_rng(seed)
    plan = rng.choice([20.0, 45.0, 70.0, 95.0], rows, p=[0.25, 0.35, 0.25, 0.15])
    days = np.minimum(rng.exponential(18, rows), 365)
    return pd.DataFrame(
        {
            "tenure_months": np.minimum(rng.exponential(26, rows), 120).astype(int),
            "monthly_charge": (plan + rng.uniform(-8, 15, rows)).round(2),
            "data_used": np.minimum(plan * rng.exponential(0.3, rows), 500).round(1),
            "support_calls": rng.poisson(1.2, rows),
            "late_payments": rng.binomial(12, 0.08, rows),
            "days_since_login": days.round(0),
            "birth_day": rng.integers(1, 32, rows),
            "contract": rng.choice(
                ["month-to-month", "one year", "two years"], rows, p=[0.5, 0.3, 0.2]
            ),
            "payment": rng.choice(["card", "direct debit", "invoice"], rows),
            "region": rng.choice(["north", "east", "south", "west"], rows),
            "channel": rng.choice(["online", "shop", "partner"], rows),
            "paperless": rng.random(rows) < 0.6,
        }
    )


def churn_probability(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the truth: the probability that each customer leaves.

    Short tenure, a month-to-month contract, a high charge, late payments and an app
    that lies forgotten drive churn; calls to support do so mostly for customers who are
    free to go.
    `birth_day`, `region` and `data_used` play no part.
    """
    free = (frame["contract"] == "month-to-month").astype(float)
    bound = (frame["contract"] == "two years").astype(float)
    by_invoice = (frame["payment"] == "invoice").astype(float)
    by_partner = (frame["channel"] == "partner").astype(float)
    log_odds = (
        -2.7
        + 1.1 * free
        - 0.9 * bound
        - 0.035 * frame["tenure_months"]
        + 0.022 * (frame["monthly_charge"] - 50)
        + (0.15 + 0.45 * free) * frame["support_calls"]
        + 0.35 * frame["late_payments"]
        + 0.025 * frame["days_since_login"].clip(upper=60)
        + 0.3 * by_invoice
        + 0.3 * by_partner
        - 0.2 * frame["paperless"].astype(float)
    )
    return np.asarray(1 / (1 + np.exp(-log_odds.to_numpy())))


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw customers, let each leave or stay by the truth, then hide some values."""
    frame = customers(rows, seed)
    rng = np.random.default_rng(seed + 1)
    left = rng.random(rows) < churn_probability(frame)
    frame["churned"] = np.where(left, "yes", "no")
    for column, share in MISSING.items():
        frame.loc[rng.random(rows) < share, column] = None
    return frame


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED)


if __name__ == "__main__":
    run(main)
