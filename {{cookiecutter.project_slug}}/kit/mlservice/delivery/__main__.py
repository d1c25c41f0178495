"""`python -m mlservice.delivery`: what `make deliver` and `make rollback-image` run.

`labels` prints options of `docker build`; `check` says early what a delivery lacks;
`deliver` pushes the image, starts it and checks it; `rollback` starts the one before.
"""

import argparse
import os
import signal
import sys
from types import FrameType

from mlservice.delivery import registry, source, steps
from mlservice.delivery.kubectl_config import kubectl_config
from mlservice.delivery.settings import Settings
from mlservice.errors import run


def check(settings: Settings) -> None:
    """Raise UserError for what a delivery lacks, before an image is built."""
    repository = settings.repository()
    source.require_commit()
    source.require_model()
    state = settings.platform().state()
    print(f"to deliver: {source.version()} to {repository}")
    print(f"running: {state.image or 'nothing'}", flush=True)


def deliver(settings: Settings) -> None:
    """Push the image that was built and tested; start it and check it."""
    source.require_commit()
    platform, repository = settings.platform(), settings.repository()
    registry.log_in(repository, settings.user, settings.password)
    version = source.version()
    print(f"pushing {repository}:{version}", flush=True)
    image = registry.push(settings.image, repository, version)
    print(steps.deliver(platform, image, f"{version} {image}"))
    print(f"delivered: {version}, {image}")
    _report_changed_file(settings)


def rollback(settings: Settings) -> None:
    """Start the image that ran before, or the one that TO names."""
    print(steps.roll_back(settings.platform(), settings.to))
    _report_changed_file(settings)


def _report_changed_file(settings: Settings) -> None:
    """Print which file names the image now, where one does."""
    if changed := settings.changed_file():
        print(f"{changed} names it now: commit that, if this is your working copy")


def main() -> int:
    """Run one command; return 0."""
    parser = argparse.ArgumentParser(prog="mlservice.delivery", description=__doc__)
    commands = {"check": check, "deliver": deliver, "rollback": rollback}
    parser.add_argument("command", choices=["labels", *commands])
    parser.add_argument("--image", default="", help="name of the local image")
    arguments = parser.parse_args()
    if arguments.command == "labels":
        print(" ".join(f"--label={label}" for label in source.labels()))
        return 0
    signal.signal(signal.SIGTERM, _interrupt)  # a cancelled job goes back, too
    with kubectl_config(os.environ):
        commands[arguments.command](Settings.read(os.environ, arguments.image))
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(run(main))
