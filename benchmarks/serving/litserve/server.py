"""The same model behind LitServe: `MODEL=model.joblib python server.py PORT`."""

import os
import sys

import joblib
import litserve
import pandas as pd


class Churn(litserve.LitAPI):
    """Predicts who leaves."""

    def setup(self, device: str) -> None:
        """Load the model."""
        self.pipeline = joblib.load(os.environ["MODEL"])

    def decode_request(self, request: dict) -> pd.DataFrame:
        """Make one customer a frame."""
        return pd.DataFrame([request])

    def predict(self, x: pd.DataFrame) -> float:
        """Return the probability that the customer leaves."""
        return float(self.pipeline.predict_proba(x)[0, 1])

    def encode_response(self, output: float) -> dict:
        """Say whether the customer leaves."""
        return {"label": "yes" if output >= 0.5 else "no", "probability": output}


if __name__ == "__main__":
    server = litserve.LitServer(Churn(), accelerator="cpu", devices=1, workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
        access_log=False,
    )
