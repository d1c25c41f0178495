"""Keep the same model as MLflow does: `save.py MODEL FOLDER`; then `mlflow models serve` serves the folder."""

import sys

import joblib
import mlflow

pipeline = joblib.load(sys.argv[1])
mlflow.sklearn.save_model(pipeline, sys.argv[2], pyfunc_predict_fn="predict_proba", serialization_format="cloudpickle")
