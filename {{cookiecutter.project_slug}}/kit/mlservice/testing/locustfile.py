"""What each of locust's users does: ask for one prediction, again and again.

All of them together ask at the rate of params.yaml, so that a slow answer is seen as
one, and not as fewer questions.
"""

from locust import FastHttpUser, constant_throughput, task

from {{ cookiecutter.package_name }}.params import Params
from {{ cookiecutter.package_name }}.schema import EXAMPLE

RATE = Params.load().budget.requests_per_second


class Client(FastHttpUser):
    """Asks on a connection that it keeps."""

    def wait_time(self):
        """Share the rate among the users; `USERS=` changes how many they are."""
        each = RATE / self.environment.parsed_options.num_users
        return constant_throughput(each)(self)

    @task
    def predict(self):
        """Count anything but a 200 as an error."""
        self.client.post("/predict", json={"instances": [EXAMPLE]})
