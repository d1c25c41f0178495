"""Train the textbook pipeline on the rendered project's training rows, with its parameters: `train.py PROJECT MODEL`."""

import sys
from pathlib import Path

import joblib
import pandas as pd
import yaml
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

TARGET = "churned"
CATEGORIES = {
    "contract": ["month-to-month", "one year", "two years"],
    "payment": ["card", "direct debit", "invoice"],
    "region": ["north", "east", "south", "west"],
    "channel": ["online", "shop", "partner"],
}

project, model = map(Path, sys.argv[1:])
rows = pd.read_parquet(project / "data" / "train.parquet")
if TARGET not in rows:
    sys.exit(f"{project} is not about {TARGET}: give a project of the task `classification`, as rendered")
features = rows.drop(columns=TARGET)
features = features.astype({name: bool for name in features.select_dtypes("boolean")})  # as requests bring them
parameters = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))["train"]
seed, folds = parameters.pop("seed"), parameters.pop("calibration_folds")

# The service's own columns in its own order, so that both learn the very same trees. Numbers pass as they are, missing
# ones too: the cheapest way.
encoder = make_column_transformer(
    ("passthrough", list(features.select_dtypes("number"))),
    (OneHotEncoder(categories=list(CATEGORIES.values()), handle_unknown="ignore", sparse_output=False), [*CATEGORIES]),
    remainder="passthrough",
)
trees = HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **parameters)
shuffled = StratifiedKFold(folds, shuffle=True, random_state=seed)
calibrated = CalibratedClassifierCV(trees, method="sigmoid", cv=shuffled, ensemble=False)
joblib.dump(make_pipeline(encoder, calibrated).fit(features, rows[TARGET]), model)
