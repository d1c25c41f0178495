"""SIGTERM under load: whoever was let in is answered."""

import http.client
import json
import signal
import threading

from {{ cookiecutter.package_name }}.schema import EXAMPLE

MANY = json.dumps({"instances": [EXAMPLE] * 200})  # long enough to be caught at work
ONE = json.dumps({"instances": [EXAMPLE]})
CLIENTS = 8  # of each kind


class Client(threading.Thread):
    """Asks without a pause until nobody listens any more."""

    def __init__(self, service, body, keeps):
        super().__init__()
        self.service, self.body, self.keeps = service, body, keeps
        self.answered, self.faults = [], []

    def run(self):
        connection = self.service.connect()
        while True:
            try:
                if connection.sock is None:
                    connection.connect()
            except ConnectionRefusedError:
                return
            try:
                connection.request("POST", "/predict", self.body)
                answer = connection.getresponse()
                answer.read()
                self.answered.append(answer.status)
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(fault)
                return
            if not self.keeps:
                connection.close()


def test_every_request_that_was_taken_is_answered(started, until, tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as out, started(stdout=out, DRAIN_SECONDS=0.5) as service:
        kinds = [(ONE, True), (ONE, False), (MANY, True), (MANY, False)]
        clients = [Client(service, *kind) for kind in kinds for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        until(lambda: all(len(client.answered) > 1 for client in clients))
        before = sum(len(client.answered) for client in clients)
        service.process.send_signal(signal.SIGTERM)
        for client in clients:
            client.join()
        assert service.process.wait(60) == 0
    assert not [fault for client in clients for fault in client.faults]
    answered = [status for client in clients for status in client.answered]
    assert {200} <= set(answered) <= {200, 503} and len(answered) > before
    lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    taken = [line for line in lines if line.get("route") == "/predict"]
    assert len(taken) == len(answered)
