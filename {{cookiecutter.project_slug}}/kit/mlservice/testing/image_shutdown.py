"""A container that is told to stop loses nothing, however busy it is."""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import pytest

from {{ cookiecutter.package_name }}.schema import EXAMPLE

pytestmark = pytest.mark.docker

CLIENTS = 8
BODY = json.dumps({"instances": [EXAMPLE]})


def ask_until_refused(url, answered, lost):
    """Ask again and again, on new connections; note what becomes of each."""
    while True:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        try:
            connection.connect()
        except OSError:
            return
        try:
            connection.request("POST", "/predict", BODY, {"accept": "*/*"})
            answered.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as fault:
            lost.append(fault)
            return
        finally:
            connection.close()


def test_every_request_that_it_took_is_answered(running):
    answered, lost = [], []
    with running() as container:
        container.wait_until_ready()
        clients = [
            threading.Thread(
                target=ask_until_refused, args=(container.url, answered, lost)
            )
            for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        time.sleep(1)
        before = len(answered)
        container.stop()
        for client in clients:
            client.join()
        taken = [line for line in container.log() if line.get("route") == "/predict"]
        assert container.state("ExitCode") == 0
    assert set(answered) == {200} and len(answered) > before > CLIENTS
    assert len(taken) == len(answered)
    # A proxy between, as on a Mac, accepts what it cannot pass on and resets it.
    assert not lost or not container.direct


def test_it_hears_while_it_still_starts(running):
    with running() as container:
        while container.state("Running"):
            container.signal("TERM")
        assert container.state("ExitCode") == 0
        assert [line["event"] for line in container.log()] == [], "it had started"
