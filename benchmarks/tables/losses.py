"""Print the loss of each test row: of the candidate, and of scikit-learn's own boosting on the same split.

Run in an adopted and trained project, by its Python: `python losses.py PACKAGE`. Categories are native ones there.
"""

import json
import sys
from importlib import import_module

import numpy as np
import pandas as pd
from mlservice.model import artifact
from mlservice.paths import CANDIDATE, SPLITS
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

MOST = 200  # categories of a column, that scikit-learn takes
LEAST = 1e-7  # of a probability, as everywhere in the library


def plain(service, train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    """Fit on the rows of the training split; return probabilities (n, classes) or numbers (n,) for the test rows."""
    target = service.target.column
    features = [feature.column for feature in service.features]
    texts = [name for name in features if not pd.api.types.is_numeric_dtype(train[name])]
    levels = {name: train[name].value_counts().index[:MOST] for name in texts}

    def table(rows: pd.DataFrame) -> pd.DataFrame:
        known = {name: pd.Categorical(rows[name], levels[name]) for name in texts}
        return rows[features].assign(**known).astype({name: float for name in features if name not in texts})

    settings = {"random_state": 0, "categorical_features": texts}
    if service.target.kind != "category":
        return HistGradientBoostingRegressor(**settings).fit(table(train), train[target]).predict(table(test))
    fitted = HistGradientBoostingClassifier(**settings).fit(table(train), train[target])
    scores = pd.DataFrame(fitted.predict_proba(table(test)), columns=fitted.classes_)
    return scores.reindex(columns=list(service.target.categories), fill_value=0.0).to_numpy()


def losses(scores: np.ndarray, target: np.ndarray, classes: bool) -> list[float]:
    """Return the negative log-likelihood of each row, or its squared error."""
    if classes:
        return (-np.log(np.clip(scores[np.arange(len(target)), target].astype(float), LEAST, 1))).tolist()
    return ((scores.astype(float) - target) ** 2).tolist()


def main() -> None:
    """Print both lists, and the metric that they are the parts of."""
    training = import_module(f"{sys.argv[1]}.training").TRAINING
    service, test = training.service, training.read("test")
    classes = service.target.kind == "category"
    scores = artifact.load(service, CANDIDATE).scorer.run(test.matrix)
    rows = (pd.read_parquet(SPLITS[name]) for name in ("train", "test"))
    found = {
        "metric": "log_loss" if classes else "rmse",
        "ours": losses(scores if classes else scores[:, 0], test.target, classes),
        "plain": losses(plain(service, *rows), test.target, classes),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
