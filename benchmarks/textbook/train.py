"""Train the textbook pipeline on the rendered project's training rows, with its knobs: `train.py PROJECT MODEL`."""

import sys
from pathlib import Path

import joblib
import pandas as pd
import yaml
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

TARGET = "churned"

project, model = map(Path, sys.argv[1:])
rows = pd.read_parquet(project / "data" / "train.parquet")
features = rows.drop(columns=TARGET)
features = features.astype({name: bool for name in features.select_dtypes("boolean")})  # as requests bring them
categories = list(features.select_dtypes(exclude="number"))
knobs = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))["train"]
seed, folds = knobs.pop("seed"), knobs.pop("calibration_folds")

encoder = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore"), categories),
    remainder="passthrough",  # the trees take missing numbers as they are: the cheapest way
)
trees = HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **knobs)
calibrated = CalibratedClassifierCV(trees, method="sigmoid", cv=folds, ensemble=False)
joblib.dump(make_pipeline(encoder, calibrated).fit(features, rows[TARGET]), model)
