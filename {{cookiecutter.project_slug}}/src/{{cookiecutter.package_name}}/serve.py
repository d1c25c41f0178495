"""`make serve`: predictions over HTTP, on the port that SERVE_PORT names."""

from fastapi import FastAPI
from mlservice.errors import run
from mlservice.serving.app import serve

from .service import SERVICE


def extend(app: FastAPI) -> None:  # pylint: disable=unused-argument # until you do
    """Add endpoints of your own here; keys, limits, logs and headers apply to them."""


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    return serve(SERVICE, extend)


if __name__ == "__main__":
    run(main)
