"""Clients that ask without a pause while the service stops."""

import http.client
import json
import signal
import threading
import time

from toys.classification import SERVICE

EXAMPLE = SERVICE.example

CLIENTS = 8
BODY = json.dumps({"instances": [EXAMPLE]})
TIMEOUT = 20  # seconds


def until(met, timeout=TIMEOUT):
    """Wait until met() is true; fail if it is not within so many seconds."""
    end = time.monotonic() + timeout
    while not met():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def ask(port, *words):
    """Ask on a new connection; return the status, or 0 where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return 0
    try:
        connection.request(*words)
        return connection.getresponse().status
    finally:
        connection.close()


def loses_no_request(process):
    """Stop a service under load; fail if one request has no answer."""
    answered, faults = [], []

    def client():
        try:
            while status := ask(process.port, "POST", "/predict", BODY):
                answered.append(status)
        except (OSError, http.client.HTTPException) as fault:
            faults.append(fault)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    time.sleep(0.5)
    before = len(answered)
    process.send_signal(signal.SIGTERM)
    for thread in clients:
        thread.join()
    assert process.wait(TIMEOUT) == 0
    assert not faults, faults
    assert set(answered) == {200} and len(answered) > before > 0
