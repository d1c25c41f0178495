"""Behaviour of each locust user: one prediction request after the other.

All users together send requests at the rate of params.yaml, so that a slow answer is
measured as slow, and does not lower the number of requests.
"""

import json
import os
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant_throughput, task

PLAN = json.loads(Path(os.environ["LOAD_TEST_REQUESTS"]).read_text(encoding="utf-8"))


class Client(FastHttpUser):
    """HTTP client that keeps its connection."""

    def wait_time(self) -> Any:
        """Return the pause in seconds with which the users share the rate."""
        each = PLAN["rate"] / self.environment.parsed_options.num_users
        return constant_throughput(each)(self)

    @task
    def predict(self) -> None:
        """Send one request; a status from 400 on counts as an error."""
        self.client.post("/predict", json=PLAN["body"])
