"""Print the log loss that the champion's probabilities promise and the real one, for shifts of the sample's rows.

Run in a trained project of the default service, with its Python. New rows of the sample are drawn, of which those with
few months, with a high charge, or with a monthly contract are taken more often.
"""

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
from customer_churn.sample import sample
from customer_churn.training import TRAINING
from mlservice.model import artifact
from mlservice.monitoring.expected_metrics import expected_metrics
from mlservice.paths import CURRENT

ROWS, TAKEN = 40_000, 5_000


def weights(rows: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each shift, and how likely each row is taken."""
    for column in rows.select_dtypes("number").columns[:3]:
        ranks = rows[column].rank(pct=True).fillna(0.5).to_numpy()
        yield f"more of a high `{column}`", ranks**3


def main() -> None:
    """Print name, expected and real log loss of each shift as JSON."""
    rng = np.random.default_rng(5)
    rows = sample(ROWS, 77)
    data = TRAINING.assemble(rows)
    model = artifact.load(TRAINING.service, CURRENT)
    metrics = TRAINING.metrics(TRAINING.params.load().decision, model.manifest.decision)
    loss = {"log_loss": metrics["log_loss"]}
    found = []
    for name, likely in weights(data.rows):
        taken = data.take(rng.choice(len(rows), TAKEN, p=likely / likely.sum()))
        scores = model.scorer.run(taken.matrix).astype(np.float64)
        promised = expected_metrics(loss, scores)["log_loss"].value
        found.append((name, promised, loss["log_loss"].compute(taken.target, scores)))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
