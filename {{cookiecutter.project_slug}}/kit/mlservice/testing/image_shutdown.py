"""Checks of a container that stops: no request is lost, even while it starts."""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

from mlservice.testing.built_image import Check, Image

CLIENTS = 8
TIMEOUT = 30  # seconds for one answer


class Client(threading.Thread):
    """Sends requests on new connections until the service refuses one."""

    def __init__(self, url: str, body: str) -> None:
        super().__init__()
        self.host, self.body = urlsplit(url).netloc, body
        self.statuses: list[int] = []
        self.faults: list[Exception] = []

    def run(self) -> None:
        """Send one request after the other; keep each status, stop at a fault."""
        while not self.faults:
            connection = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
            try:
                connection.connect()
            except OSError:
                return
            try:
                connection.request("POST", "/predict", self.body, {"accept": "*/*"})
                self.statuses.append(connection.getresponse().status)
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(fault)
            finally:
                connection.close()


def check_accepted_requests_are_answered_on_stop(image: Image) -> None:
    """Stop a container under load: each request that it accepted has an answer."""
    body = json.dumps({"instances": [image.service.example]})
    with image.running() as container:
        container.wait_until_ready()
        clients = [Client(container.url, body) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(1)
        before = sum(len(client.statuses) for client in clients)
        container.stop()
        for client in clients:
            client.join()
        taken = [line for line in container.log() if line.get("route") == "/predict"]
        assert container.state("ExitCode") == 0
    statuses = [status for client in clients for status in client.statuses]
    assert set(statuses) == {200} and len(statuses) > before > CLIENTS
    assert len(taken) == len(statuses)
    # A proxy between, as on a Mac, accepts what it cannot pass on and resets it.
    faults = [fault for client in clients for fault in client.faults]
    assert not faults or not container.direct, faults


def check_sigterm_is_heard_while_it_starts(image: Image) -> None:
    """Send SIGTERM from the first moment: the process exits with 0, without a log."""
    with image.running() as container:
        while container.state("Running"):
            container.signal("TERM")
        assert container.state("ExitCode") == 0
        assert [line["event"] for line in container.log()] == [], "it had started"


CHECKS: list[Check] = [
    check_accepted_requests_are_answered_on_stop,
    check_sigterm_is_heard_while_it_starts,
]
