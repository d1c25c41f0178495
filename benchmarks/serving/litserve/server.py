"""The same model behind LitServe: `MODEL=model.joblib python server.py PORT`, or `… PORT batches`."""

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

    def predict(self, x: dict) -> float:
        """Return the probability that one customer leaves."""
        return float(self.pipeline.predict_proba(pd.DataFrame([x]))[0, 1])

    def encode_response(self, output: float) -> dict:
        """Say whether the customer leaves."""
        return {"label": "yes" if output >= 0.5 else "no", "probability": output}


class ChurnInBatches(Churn):
    """Predicts for up to 32 requests together that arrive within 5 ms."""

    def __init__(self) -> None:
        """Say how large a batch may be, and how long it is waited for."""
        super().__init__(max_batch_size=32, batch_timeout=0.005)

    def predict(self, x: list[dict]) -> list[float]:
        """Return the probability for each customer of a batch."""
        return self.pipeline.predict_proba(pd.DataFrame(list(x)))[:, 1].tolist()


if __name__ == "__main__":
    api = ChurnInBatches() if "batches" in sys.argv else Churn()
    server = litserve.LitServer(api, accelerator="cpu", devices=1, workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
        access_log=False,
    )
