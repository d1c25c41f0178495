"""Addresses that a service listens on: one family of IP, or both."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from processes import free_port
from raw_http import REQUEST

DOCKERFILE = Path(__file__).parents[3] / "{{cookiecutter.project_slug}}" / "Dockerfile"
FAMILIES = {  # SERVE_HOST: which addresses answer, and which do not
    "::": ({"127.0.0.1", "::1"}, set()),
    "::1": ({"::1"}, {"127.0.0.1"}),
    "0.0.0.0": ({"127.0.0.1"}, {"::1"}),
    "127.0.0.1": ({"127.0.0.1"}, {"::1"}),
}


@pytest.fixture(scope="module", autouse=True)
def both_families():
    """Skip where the machine has no address of IPv6 itself."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")


def answering(port):
    """Return the addresses of this machine where a request is answered."""
    found = set()
    for address in ("127.0.0.1", "::1"):
        try:
            with socket.create_connection((address, port), timeout=10) as client:
                client.sendall(REQUEST)
                if client.recv(65_536).startswith(b"HTTP/1.1 200 "):
                    found.add(address)
        except ConnectionRefusedError:
            pass
    return found


def health_check():
    """Return the command by which the image tells whether its service is ready."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    [command] = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", text, re.MULTILINE)
    return [sys.executable, *json.loads(command)[1:]]


@pytest.mark.parametrize("host", FAMILIES)
def test_a_service_answers_at_the_addresses_that_are_set(host, started):
    answered, silent = FAMILIES[host]
    with started(host=host) as service:
        assert answering(service.port) == answered and not answered & silent
        if "127.0.0.1" in answered:
            env = os.environ | {"SERVE_PORT": str(service.port)}
            assert subprocess.run(health_check(), env=env, timeout=20, check=False).returncode == 0


def test_the_port_of_operators_has_both_families_too(started):
    port = free_port()
    with started(admin_host="::", admin_port=port):
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, port), timeout=10) as client:
                client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
