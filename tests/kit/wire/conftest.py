"""A real service for real clients and proxies: each toy model, and the service in processes of its own."""

import os
import shutil
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import proxies
import pytest
from mlservice.testing.server_process import running
from processes import free_port, serving

sys.path.append(str(Path(__file__).parents[1] / "serving"))  # raw_http.py, own_endpoints.py

# pylint: disable=wrong-import-position # they need the line above
from own_endpoints import ADMIN, KEY  # noqa: E402
from posts import client_of  # noqa: E402

# pylint: enable=wrong-import-position

SYSTEM = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])  # where Debian puts servers


def imported():
    """Return the folders that this process imports from, for a service's PYTHONPATH."""
    return os.pathsep.join(path for path in sys.path if path)


@pytest.fixture(scope="session")
def program():
    """Return `program(name)`: the path of an installed program; skip the test where it is absent."""

    def path(name):
        return shutil.which(name, path=SYSTEM) or pytest.skip(f"{name} is not installed")

    return path


@pytest.fixture(scope="session")
def started(models, tmp_path_factory):
    """Return `started(**settings)`, a context with a service in a process: its port, address and log."""

    @contextmanager
    def start(task="classification", **settings):
        log = tmp_path_factory.mktemp("service") / "log"
        chosen = {"SERVE_DRAIN_SECONDS": "0"} | {f"SERVE_{name.upper()}": str(v) for name, v in settings.items()}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", imported())
            with running(f"toys.{task}", models / task, log, **chosen) as port:
                yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}", log=log)

    return start


@pytest.fixture(scope="session")
def live(started):
    """The service with its default settings."""
    with started() as service:
        yield service


@pytest.fixture(scope="session")
def locked(started):
    """The service that asks for keys."""
    with started(api_keys=KEY, admin_keys=ADMIN) as service:
        yield service


@pytest.fixture(scope="session")
def twin(started):
    """A replica of `locked`."""
    with started(api_keys=KEY, admin_keys=ADMIN) as service:
        yield service


@pytest.fixture(scope="session")
def unready(tmp_path_factory):
    """The service without a model: it runs, and is not ready."""
    folder, port = tmp_path_factory.mktemp("unready"), free_port()
    env = {"SERVE_MODEL_DIR": str(folder), "SERVE_PORT": str(port), "PYTHONPATH": imported()}
    command = [sys.executable, "-m", "toys.classification"]
    with serving(command, port, folder / "log", env=os.environ | env):
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}")


@pytest.fixture(params=["http.client", "socket", "node", "java"])
def client(request, program):
    """Each kind of client: a function of posts that returns status and text of each answer."""
    return client_of(request.param, program)


@pytest.fixture
def nginx(program, tmp_path):
    """Return `nginx(locations, more)`, a context with a proxy of these settings."""
    return partial(proxies.nginx, program("nginx"), tmp_path)


@pytest.fixture
def haproxy(program, tmp_path):
    """Return `haproxy(*lines)`, a context with a proxy of these settings."""
    return partial(proxies.haproxy, program("haproxy"), tmp_path)
