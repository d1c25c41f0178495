"""Sample data with a known truth: 6,000 rides and what was paid for them.

What a ride costs is written in `fair_price` and nowhere else, so tests can ask whether
the model found it. With rows of your own, let `sample` draw some of their shape: tests
and a fresh clone train on them.
"""

import numpy as np
import pandas as pd
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.typing import NDArray

ROWS = 6_000
SEED = 20_260_101
MISSING = {"duration_min": 0.04, "waiting": 0.06, "weather": 0.05}  # shares
DETOURS = 0.015  # share of rides that cost far more than the route explains
VOUCHERS = 0.01  # share of rides that cost nothing


def rides(rows: int, seed: int) -> pd.DataFrame:
    """Draw rides without a price; only the duration depends on other columns."""
    rng = np.random.default_rng(seed)
    distance = np.clip(rng.gamma(1.6, 5.0, rows), 0.5, 80).round(1)
    hour = rng.choice(24, rows, p=_hours())
    pace = 1.6 + 1.1 * np.isin(hour, (7, 8, 9, 16, 17, 18))  # minutes a kilometre
    duration = 3 + distance * pace * rng.lognormal(0, 0.25, rows)
    return pd.DataFrame(
        {
            "distance_km": distance,
            "duration_min": np.clip(duration, 1, 240).round(0),
            "hour": hour,
            "weekday": rng.integers(0, 7, rows),
            "waiting": np.minimum(rng.gamma(2.0, 0.6, rows), 10).round(1),
            "passengers": rng.choice([1, 2, 3, 4], rows, p=[0.55, 0.28, 0.1, 0.07]),
            "plate_digit": rng.integers(0, 10, rows),
            "vehicle": rng.choice(
                ["economy", "comfort", "van"], rows, p=[0.6, 0.28, 0.12]
            ),
            "pickup": rng.choice(
                ["centre", "suburb", "airport"], rows, p=[0.55, 0.33, 0.12]
            ),
            "weather": rng.choice(["dry", "rain", "snow"], rows, p=[0.72, 0.23, 0.05]),
            "toll": rng.random(rows) < 0.12,
        }
    )


def fair_price(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the truth: the median price of each ride, in EUR.

    Kilometres and minutes are paid at the rate of the vehicle; bad weather and a queue
    of requests raise that; airport and toll road cost a fixed sum more.
    `plate_digit`, `passengers` and `weekday` play no part.
    """
    rate = frame["vehicle"].map({"economy": 1.0, "comfort": 1.35, "van": 1.7})
    weather = frame["weather"].map({"dry": 1.0, "rain": 1.12, "snow": 1.3})
    queue = 1 + 0.35 * (frame["waiting"] - 1).clip(lower=0, upper=3)
    route = 2.8 + 1.05 * frame["distance_km"] + 0.24 * frame["duration_min"]
    fixed = 6.0 * (frame["pickup"] == "airport") + 4.5 * frame["toll"]
    price = route * rate * weather * queue + fixed
    return np.asarray(price.clip(lower=6.0), dtype=np.float64)


def spread(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the standard deviation of the logarithm of the price.

    The longer the queue and the worse the weather, the less sure is the price: an
    interval of one width for all rides would be wrong.
    """
    bad = (frame["weather"] != "dry").astype(float)
    queue = (frame["waiting"] - 1).clip(lower=0, upper=3)
    return np.asarray(0.06 + 0.05 * bad + 0.04 * queue, dtype=np.float64)


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw rides, let each cost the truth with chance on top, hide some values."""
    frame = rides(rows, seed)
    rng = np.random.default_rng(seed + 1)
    price = fair_price(frame) * np.exp(rng.normal(0, spread(frame)))
    price *= np.where(rng.random(rows) < DETOURS, rng.uniform(1.5, 2.5, rows), 1.0)
    price *= rng.random(rows) >= VOUCHERS
    frame["price"] = np.minimum(price, 1_000).round(2)
    for column, share in MISSING.items():
        frame.loc[rng.random(rows) < share, column] = None
    return frame


def _hours() -> NDArray[np.float64]:
    """Shares of the rides by hour: few at night, most in the evening."""
    weights = np.repeat([1.0, 3.0, 4.0, 5.0, 6.0, 3.0], 4)
    return np.asarray(weights / weights.sum())


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED)


if __name__ == "__main__":
    run(main)
