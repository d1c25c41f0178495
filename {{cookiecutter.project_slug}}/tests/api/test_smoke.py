"""The real thing: this project's model, in a process of its own, over a real socket."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.api import PredictResponse

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds until a start or a stop counts as failed


def get(url, body=None):
    """Ask for a page, or post JSON to it; return the answer's JSON."""
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, body and json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def wait_until_ready(server, url):
    """Return when /readyz says yes; fail with what the server says if it never does."""
    reason = "it did not answer"
    for _ in range(PATIENCE * 10):
        if server.poll() is not None:
            break
        try:
            get(f"{url}/readyz")
            return
        except urllib.error.HTTPError as error:
            reason = json.load(error)["detail"]
            break
        except OSError:
            time.sleep(0.1)
    server.kill()
    pytest.fail(f"the service is not ready: {reason}\n{server.communicate()[0]}")


@pytest.fixture
def server(free_port):
    """A running service and its address."""
    with subprocess.Popen(
        [sys.executable, "-m", serve.__name__],
        cwd=ROOT,
        env=os.environ | {"SERVE_PORT": str(free_port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        url = f"http://127.0.0.1:{free_port}"
        wait_until_ready(process, url)
        yield process, url
        process.kill()


@pytest.mark.smoke
def test_the_service_starts_predicts_and_stops(server, capsys):
    process, url = server
    paths = get(f"{url}/openapi.json")["paths"]
    content = paths["/predict"]["post"]["requestBody"]["content"]
    answer = get(f"{url}/predict", content["application/json"]["example"])
    body = PredictResponse.model_validate(answer)
    with capsys.disabled():
        print(f"\nserved prediction: {body.model_dump_json()}")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out
    events = [json.loads(line)["event"] for line in out.splitlines()]
    assert "ready" in events and "stopped" in events
