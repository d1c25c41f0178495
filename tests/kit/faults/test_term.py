"""SIGTERM under load: every accepted request is answered."""

import http.client
import json
import signal
import subprocess
import sys
import threading

from toys.regression import SERVICE

MANY = json.dumps({"instances": [SERVICE.example] * 200})  # long enough to be caught at work
ONE = json.dumps({"instances": [SERVICE.example]})
CLIENTS = 8  # of each kind


class Client(threading.Thread):
    """Sends requests without a pause until nothing listens any more."""

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


def test_every_accepted_request_is_answered(started, until, tmp_path):
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


HEARD = """
import sys, time
from mlservice.process import exit_on_sigterm
exit_on_sigterm()
print(sorted({name.partition(".")[0] for name in sys.modules} & {"fastapi", "numpy", "pydantic"}), flush=True)
time.sleep(60)  # the imports of a service
"""


def test_sigterm_is_heard_before_the_imports():
    with subprocess.Popen([sys.executable, "-c", HEARD], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "[]\n", "libraries are imported before the handler is set"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
