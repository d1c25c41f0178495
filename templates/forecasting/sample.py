"""Sample data with a known truth: what 30 products sold on each of 500 days.

What sells is written in `expected_units` and nowhere else, so tests can ask whether
the model found it. With rows of your own, let `sample` draw some of their shape: tests
and a fresh clone train on them.
"""

import numpy as np
import pandas as pd
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.typing import NDArray

PRODUCTS = 30
ROWS = PRODUCTS * 500  # before a few are hidden
SEED = 20_260_101
FIRST = "2025-01-01"
MISSING = 0.02  # share of days without a row
LATE = 5  # every fifth product is new: its first day is later
WEEK = {  # factors, Monday to Sunday
    "bakery": (0.9, 0.8, 0.85, 1.0, 1.25, 1.7, 0.35),
    "dairy": (1.05, 0.9, 0.9, 1.0, 1.2, 1.5, 0.4),
    "drinks": (0.6, 0.65, 0.75, 0.95, 1.6, 1.9, 0.4),
    "produce": (1.15, 1.0, 0.9, 1.0, 1.2, 1.4, 0.3),
}


def catalogue(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the products: what each sells on a usual day, and how it reacts."""
    number = np.arange(PRODUCTS)
    return pd.DataFrame(
        {
            "product": [f"product {n:02}" for n in number],
            "group": np.array(list(WEEK))[number % len(WEEK)],
            "usual_price": rng.uniform(1, 12, PRODUCTS).round(2),
            "base": rng.lognormal(2.8, 1.0, PRODUCTS),
            "trend": rng.normal(0.0, 0.0007, PRODUCTS),  # a day
            "elasticity": rng.uniform(1.2, 2.8, PRODUCTS),
        }
    )


def days(products: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Lay out every product on every day of its life, with its price of the day."""
    frame = products.merge(pd.DataFrame({"number": np.arange(count)}), how="cross")
    new = frame["product"].str[-2:].astype(int) % LATE == LATE - 1
    frame = frame[~new | (frame["number"] >= count // 3)].reset_index(drop=True)
    frame["date"] = pd.Timestamp(FIRST) + pd.to_timedelta(frame["number"], unit="D")
    week = (frame["number"] // 7).to_numpy()
    place = pd.factorize(frame["product"])[0]
    cheap = rng.random((PRODUCTS, week.max() + 1)) < 0.1  # whole weeks
    cut = rng.uniform(0.15, 0.35, cheap.shape) * cheap
    frame["price"] = (frame["usual_price"] * (1 - cut[place, week])).round(2)
    return frame


def expected_units(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the truth: the mean number of units of each product and day.

    The base grows or shrinks a little every day, a weekday has the factor of the
    product's group, and a lower price sells more. The product's name plays no part.
    """
    factors = pd.DataFrame(WEEK).T
    weekday = frame["date"].dt.day_of_week.to_numpy()
    week = factors.loc[frame["group"]].to_numpy()[np.arange(len(frame)), weekday]
    growth = np.exp(frame["trend"] * frame["number"])
    lift = (frame["price"] / frame["usual_price"]) ** -frame["elasticity"]
    return np.asarray(frame["base"] * growth * week * lift, dtype=np.float64)


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw about `rows` rows: the truth, with chance on top, and some days hidden."""
    rng = np.random.default_rng(seed)
    frame = days(catalogue(rng), rows // PRODUCTS, rng)
    mood = rng.gamma(50, 1 / 50, len(frame))  # good days and bad ones: 14 % apart
    frame["units"] = rng.poisson(expected_units(frame) * mood)
    seen = rng.random(len(frame)) >= MISSING
    wanted = ["date", "product", "group", "price", "units"]
    return frame.loc[seen, wanted].sort_values(["date", "product"], ignore_index=True)


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED)


if __name__ == "__main__":
    run(main)
