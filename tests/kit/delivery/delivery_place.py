"""A project to deliver: its files, a service that answers, and stand-ins for docker and kubectl."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

HERE = Path(__file__).parent
DIGESTS = {name: f"registry.example.com/team/toy@sha256:{64 * name}" for name in "abc"}
OVERLAY = """# The namespace must exist.
kind: Kustomization
namespace: toy-production
resources:
  - ../../base

images:
  - name: "toy"
    newTag: "0.1.0" # and `newName`: the registry

patches: # as they were
  - target: {kind: HorizontalPodAutoscaler}
"""
DEPLOYMENT = """
metadata: {name: toy}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: toy}}
  template: {spec: {containers: [{name: api, image: toy}]}}
"""
EXAMPLE = {"instances": [{"months": 3}]}
DOCUMENT = {"paths": {"/predict": {"post": {"requestBody": {"content": {"application/json": {"example": EXAMPLE}}}}}}}


@dataclass
class Tool:
    """A stand-in, what it is to do, and what it was told."""

    folder: Path
    file: str

    def set(self, **told):
        """Tell it how to behave, beside what it keeps."""
        path = self.folder / self.file
        kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
        path.write_text(json.dumps(kept | told), "utf-8")

    def kept(self):
        """Return what it keeps."""
        return json.loads((self.folder / self.file).read_text("utf-8"))

    def log(self):
        """Return each command that it got."""
        path = self.folder / "log"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


class Answers(BaseHTTPRequestHandler):
    """Answers as a service does that wants a key."""

    def do_GET(self):  # pylint: disable=invalid-name # the name that the library calls
        self.send({"/readyz": {"status": "ready"}, "/openapi.json": DOCUMENT}[self.path])

    def do_POST(self):  # pylint: disable=invalid-name
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if sent != EXAMPLE or self.headers["X-API-Key"] != "first-key":
            self.send({"detail": "a key is needed"}, 401)
        else:
            self.send({"model_version": "m7", "predictions": [{"label": "yes"}]})

    def send(self, body, status=200):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Say nothing."""


def stand_in(folder, name, file, monkeypatch):
    """Put a stand-in on PATH."""
    kept = folder / f"{name}-state"
    kept.mkdir()
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    script = tools / name
    script.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE}/stand_in_{name}.py "$@"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(f"STAND_IN_{name.upper()}", str(kept))
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}" if name == "docker" else os.environ["PATH"])
    return Tool(kept, file)


def git(*words):
    """Run git as someone with a name."""
    someone = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *someone, *words), check=True, capture_output=True)


def command(*words, **more):
    """Run `make deliver`'s commands without make; return exit code, output, and what is said on stderr."""
    env = {**os.environ, **more}
    line = (sys.executable, "-m", "mlservice.delivery", "--image", "toy", *words)
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr
