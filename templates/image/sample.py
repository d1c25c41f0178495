"""Sample data: 1,797 real digits, written by 43 people (Alpaydin & Kaynak 1998).

scikit-learn carries them with 8 × 8 pixels of 17 shades. Each becomes a PNG file, light
on black; data/raw.csv holds the files in base64. `pack.py` does that with yours.
"""

import base64
import io

import numpy as np
import pandas as pd
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

ROWS = 1_797  # all of them
SEED = 20_260_101
SHADES = 16


def as_png(shades: NDArray[np.float64]) -> str:
    """Write shades in 0 … 16, shape (8, 8), as a PNG file in base64."""
    grey = np.rint(shades * 255 / SHADES).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw digits in random order, each at most once."""
    digits = load_digits()
    chosen = np.random.default_rng(seed).permutation(len(digits.images))[:rows]
    return pd.DataFrame(
        {
            "image": [as_png(digits.images[number]) for number in chosen],
            "digit": digits.target[chosen].astype(str),
        }
    )


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED, "Write the sample's pictures.")


if __name__ == "__main__":
    run(main)
