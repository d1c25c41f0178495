"""Predictions for a file: `python -m` and this module's name, SOURCE and TARGET."""

from mlservice.batch.command import predict_command
from mlservice.errors import run

from .service import SERVICE


def main() -> int:
    """Predict for every row of a file."""
    return predict_command(SERVICE)


if __name__ == "__main__":
    run(main)
