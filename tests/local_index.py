"""A package index on this machine, and a proxy that lets nothing out: who else is asked is seen.

Wheels are packed anew from what is installed, so that no test needs a network for them.
"""

import hashlib
import os
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # what an installer adds
PROXIES = tuple(name for each in ("http_proxy", "https_proxy", "all_proxy") for name in (each, each.upper()))


def installed(site: Path, *wanted: str) -> dict[str, Distribution]:
    """Return distributions of an environment and all that they require, by name."""
    there = {canonicalize_name(each.metadata["Name"]): each for each in Distribution.discover(path=[str(site)])}
    found: dict[str, Distribution] = {}
    left = [Requirement(name) for name in wanted]
    while left:
        wish = left.pop()
        name = canonicalize_name(wish.name)
        if name not in there or (name in found and not wish.extras):
            continue
        found[name] = there[name]
        extras = [{"extra": extra} for extra in ("", *wish.extras)]
        needs = map(Requirement, there[name].requires or ())
        left += [each for each in needs if not each.marker or any(map(each.marker.evaluate, extras))]
    return found


def pack(distribution: Distribution, folder: Path) -> Path:
    """Write the wheel that an installed distribution came from, without its generated scripts."""
    name, version = (distribution.metadata[key] for key in ("Name", "Version"))
    tag = re.findall(r"^Tag: (.+)$", distribution.read_text("WHEEL"), re.MULTILINE)[-1]
    stem = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    wheel, packed = folder / f"{stem}-{tag}.whl", []
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in distribution.files:
            inside = re.sub(r"^(\.\./)+bin/", f"{stem}.data/scripts/", file.as_posix())
            if (
                file.name in LEFT_OUT
                or file.suffix == ".pyc"
                or (inside != str(file) and file.name not in ("uv", "uvx"))
            ):
                continue
            inside = re.sub(r"^[^/]+\.dist-info/", f"{stem}.dist-info/", inside)
            archive.write(file.locate(), inside)
            packed.append(inside)
        record = f"{stem}.dist-info/RECORD"
        archive.writestr(record, "".join(f"{each},,\n" for each in (*packed, record)))
    return wheel


def pin(wheel: Path) -> str:
    """Return the line of requirements that accepts this wheel and no other."""
    name, version = wheel.name.split("-")[:2]
    return f"{canonicalize_name(name)}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@dataclass
class Server:
    """A server on this machine, and what it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Answer as an index does, or refuse as a proxy that lets nobody through."""

    def __init__(self, server: Server, folder: Path | None, *words):
        self.noted, self.folder = server.asked, folder
        super().__init__(*words)

    def do_GET(self):  # pylint: disable=invalid-name # as http.server wants them
        """List packages as PEP 503 says, or send a wheel."""
        self.noted.append(self.path)
        name = self.path.rstrip("/").rpartition("/")[2]
        wheels = {path.name: path for path in self.folder.glob("*.whl")} if self.folder else {}
        links = [each for each in wheels if canonicalize_name(each.partition("-")[0]) == canonicalize_name(name)]
        page = "".join(f'<a href="/files/{each}">{each}</a>' for each in links).encode()
        body = wheels[name].read_bytes() if name in wheels else page
        self.send_response(200 if body else 404 if self.folder else 403)
        self.send_header("Content-Type", "application/octet-stream" if name in wheels else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # uv reads a part of a wheel, and leaves
            self.wfile.write(body)

    def do_CONNECT(self):  # pylint: disable=invalid-name
        """Refuse a tunnel."""
        self.noted.append(self.path)
        self.send_error(403)

    do_HEAD = do_POST = do_CONNECT

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Write no log."""


@contextmanager
def served(folder: Path | None, host: str = "127.0.0.1") -> Iterator[Server]:
    """Serve a folder of wheels as an index; without one, a proxy that refuses all."""
    server = Server()
    with ThreadingHTTPServer((host, 0), partial(Handler, server, folder)) as listening:
        server.address = f"http://{host}:{listening.server_port}"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown()


def bridge() -> str:
    """Return the address at which builds of the container engine find this machine."""
    words = ("docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def closed_off(home: Path, proxy: Server, path: str) -> dict[str, str]:
    """Return an environment in which every host but this one is behind a proxy that refuses."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))}
    shut = dict.fromkeys(PROXIES, proxy.address) | dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")
    cache = {"UV_CACHE_DIR": str(home / "cache"), "XDG_CACHE_HOME": str(home / "xdg"), "UV_HTTP_RETRIES": "0"}
    return ours | shut | cache | {"HOME": str(home), "PATH": path}
