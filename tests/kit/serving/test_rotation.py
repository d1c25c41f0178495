"""docs/security.md is true: its tests exist, its rotation locks nobody out."""

import http.client
import json
import re
import threading
from contextlib import ExitStack
from pathlib import Path

from toys.classification import SERVICE

EXAMPLE = SERVICE.example

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "{{cookiecutter.project_slug}}/docs/security.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\| \d \| `([A-Z,]+)` \|", PAGE, re.MULTILINE)
BODY = json.dumps({"instances": [EXAMPLE]})


def test_the_tests_that_the_page_names_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) >= 12
    for path, test in named:
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8"), path


class Client(threading.Thread):
    """Asks whichever copy is there, as through a load balancer, until it is stopped."""

    def __init__(self, ports, key):
        super().__init__(daemon=True)
        self.ports, self.key, self.stopped = ports, key, threading.Event()
        self.answered = []

    def run(self):
        while not self.stopped.is_set() and set(self.answered) <= {200}:
            self.answered.append(self.ask())

    def ask(self):
        """Return the status of the first copy that listens."""
        for port in tuple(self.ports):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", "/predict", BODY, {"X-API-Key": self.key})
                return connection.getresponse().status
            except ConnectionRefusedError:
                continue
            finally:
                connection.close()
        return "no copy listens"


def test_a_rotation_locks_nobody_out(answering):
    keys = {"OLD": "old-key-0123456789", "NEW": "new-key-0123456789"}
    ports, copies = [], []

    def restart(place, names):
        chosen = [keys[name] for name in names.split(",")]
        copy = ExitStack()
        (port,) = copy.enter_context(answering(api_keys=",".join(chosen)))
        ports.append(port)
        if len(copies) > place:
            ports.pop(0)
            copies[place].close()
            copies[place] = copy
        else:
            copies.append(copy)

    client = Client(ports, keys["OLD"])
    for place in (0, 1):
        restart(place, "OLD")
    client.start()
    for step in STEPS:
        for place in (0, 1):
            restart(place, step)
        client.key = keys["NEW"]
    client.stopped.set()
    client.join()
    assert STEPS == ["OLD,NEW", "NEW"]
    assert set(client.answered) == {200} and len(client.answered) > 20
    client.key = keys["OLD"]
    assert client.ask() == 401
    for copy in copies:
        copy.close()
