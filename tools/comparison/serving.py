"""Observe the servers of a project: without a model, open, and behind keys."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from comparison import requests
from comparison.normalise import normalise
from comparison.server import ADMIN_KEY, CLIENT_KEY, Server, log_keys, running
from comparison.versions import Version
from trial import free_port

KEYS = {
    "SERVE_API_KEYS": f"{CLIENT_KEY},another-key-0123456789",
    "SERVE_ADMIN_KEYS": ADMIN_KEY,
    "SERVE_CORS_ORIGINS": "https://shop.example",
}
Areas = dict[str, dict[str, str]]


def without_model(version: Version, task: str) -> tuple[Areas, requests.Example]:
    """Ask a server that has no model, and a port of its own for operators; return the example, too."""

    def ask(server: Server) -> Areas:
        document = server.document()
        example.update(requests.example_of(document))
        cases = {name: requests.get(f"/{name}") for name in ("healthz", "readyz", "model", "metrics")}
        cases |= {"predict": requests.post({"instances": [example]}), "bad JSON": requests.post(b"{")}
        return {"OpenAPI": {"as it comes": pretty(document)}, "HTTP, no model": answers(server, cases)}

    example: dict = {}
    settings = {"SERVE_ADMIN_PORT": str(free_port()), "SERVE_RETRY_AFTER_SECONDS": "7"}
    return observe(version, task, "no model", settings, ask), example


def with_model(version: Version, task: str, example: Mapping) -> Areas:
    """Ask a server with a model and small limits, without keys."""

    def ask(server: Server) -> Areas:
        cases = {**requests.pages(), **requests.bodies(), **requests.instances(example)}
        found = answers(server, cases) | {"GET /metrics at the end": server.ask(requests.get("/metrics"))}
        return {"HTTP": found}

    return observe(version, task, "open", {"SERVE_MAX_INSTANCES": str(requests.MOST)}, ask)


def with_keys(version: Version, task: str, example: Mapping) -> Areas:
    """Ask a server that wants keys and allows another site."""

    def ask(server: Server) -> Areas:
        cases = requests.keyed(example, CLIENT_KEY, ADMIN_KEY)
        return {"OpenAPI": {"with keys": pretty(server.document())}, "HTTP, keys": answers(server, cases)}

    return observe(version, task, "keys", KEYS, ask)


def observe(
    version: Version, task: str, name: str, settings: Mapping[str, str], ask: Callable[[Server], Areas]
) -> Areas:
    """Run a server and ask it; add exit code, the keys of its log, and what it wrote to stderr."""
    try:
        with running(version, task, name, **settings) as server:
            found = ask(server)
            code = server.stop()
    except RuntimeError as error:
        found, code = {f"HTTP ({name})": {"start": normalise(str(error), version.folder)}}, None
    log = version.folder / f"{task}-{name}.log"
    errors = once(log.with_suffix(".err").read_text(encoding="utf-8", errors="replace"), version.folder)
    lines = normalise(log.read_text(encoding="utf-8", errors="replace"), version.folder)
    end = {f"{name}: exit code after SIGTERM": str(code), f"{name}: stderr": errors}
    return {**found, "log": {f"{name}: keys of each event": log_keys(lines), **end}}


def once(text: str, folder: Path) -> str:
    """Return each line once: how often a process warns depends on which one was asked."""
    return "\n".join(sorted(set(normalise(text, folder).splitlines())))


def answers(server: Server, cases: Mapping[str, requests.Case]) -> dict[str, str]:
    """Ask each request in turn."""
    return {name: server.ask(case) for name, case in cases.items()}


def pretty(document: Mapping) -> str:
    """Return an OpenAPI document with sorted keys, a line a value."""
    return json.dumps(document, indent=1, sort_keys=True)
