"""Start the services that are compared, and see that they answer the same."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from common import project_environment, say
from environments import NotInstalled, environment
from load import write_script
from processes import NotStarted, Service, running
from serving.peers import PEERS
from trial import free_port

HERE = Path(__file__).resolve().parent
CLOSE = 1e-4  # probabilities may differ so far: that much may the ONNX file from scikit-learn


@dataclass(frozen=True)
class Bench:
    """What all services have in common."""

    project: Path
    folder: Path  # for what is written

    @property
    def package(self) -> str:
        """Return the name of the rendered package."""
        [name] = (path.parent.name for path in (self.project / "src").glob("*/serve.py"))
        return name

    @property
    def python(self) -> Path:
        """Return the Python of the rendered project."""
        return self.project / ".venv" / "bin" / "python"

    @property
    def model(self) -> Path:
        """Return the scikit-learn pipeline that the peers serve."""
        return self.folder / "model.joblib"

    def train(self) -> None:
        """Train the pipeline that the peers serve."""
        run([str(self.python), str(HERE / "textbook" / "train.py"), str(self.project), str(self.model)])

    def example(self) -> dict:
        """Return the row about which all are asked."""
        code = f"import json; from {self.package}.service import SERVICE; print(json.dumps(SERVICE.example))"
        return json.loads(run([str(self.python), "-c", code], cwd=self.project))


@dataclass(frozen=True)
class Contender:
    """A peer that runs."""

    service: Service
    script: Path  # what wrk sends
    probability: float | None  # for the example


def run(command: list[str], **options) -> str:
    """Run a command that prepares something; raise NotStarted with what it says where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise NotStarted(f"{' '.join(command)} failed:\n{done.stderr[-1500:]}")
    return done.stdout


def post(url: str, content: object) -> object:
    """Post JSON and return the answer; raise OSError where there is none."""
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def enter(stack: contextlib.ExitStack, bench: Bench, name: str, row: dict) -> Contender:
    """Install and start one peer until the stack is left; raise NotInstalled or NotStarted."""
    peer, port = PEERS[name], free_port()
    programs = environment(HERE / peer.environment, bench.python) if peer.environment else bench.python.parent
    words = {"bin": programs, "port": port, "package": bench.package, "model": bench.model, "folder": bench.folder}
    kept = project_environment()
    more = {key: text.format(**words) for key, text in peer.env.items()}
    options = {
        "cwd": bench.project if name == "ours" else HERE / (peer.folder or name),
        "env": {**kept, "PATH": f"{programs}:{kept['PATH']}", **more},
    }
    if peer.prepare:
        run(_filled(peer.prepare, words), **options)
    say(f"starting {name}")
    content, url = peer.body(row), f"{{}}{peer.path}"
    service = stack.enter_context(
        running(
            bench.folder / f"{name}.log",
            port,
            _filled(peer.command, words),
            lambda address: post(url.format(address), content),
            **options,
        )
    )
    answer = post(url.format(service.address), content)
    probability = peer.probability(answer) if peer.probability else None
    return Contender(service, write_script(bench.folder / f"{name}.lua", content, peer.path), probability)


def _filled(command: str, words: dict) -> list[str]:
    return [word.format(**words) for word in command.split()]


def enter_all(
    stack: contextlib.ExitStack, bench: Bench, names: list[str]
) -> tuple[dict[str, Contender], dict[str, str]]:
    """Start the peers one after the other; return those that run, and why others do not."""
    if any(PEERS[name].serves_the_pipeline for name in names):
        bench.train()
    row, there, absent = bench.example(), {}, {}
    for name in names:
        try:
            there[name] = enter(stack, bench, name, row)
        except (NotInstalled, NotStarted) as error:
            absent[name] = str(error)
            print(f"{name} is left out: {error}", file=sys.stderr)
    return there, absent


def same_answers(there: dict[str, Contender]) -> str:
    """Say that all answer the same probability; end where one does not: it would measure something else."""
    found = {name: each.probability for name, each in there.items() if each.probability is not None}
    if found and max(found.values()) - min(found.values()) > CLOSE:
        sys.exit(f"the services do not answer the same, so there is nothing to compare: {found}")
    return ", ".join(f"{name} {value:.6f}" for name, value in found.items())
