"""Load the model once, predict for many rows: the path of API, batch and tests."""

import argparse
import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self, TextIO

import numpy as np
from pydantic import ValidationError

from . import artifact
from .artifact import Artifact
from .columns import parse
from .config import CURRENT, sentence
from .errors import UserError, run
from .features import encode
from .prediction import Prediction, decide
from .schema import EXAMPLE, FEATURES, Instance

CHUNK = 1_000  # rows in memory at a time
LONGEST = 10_000_000  # characters in a field: a picture or a long text may be there


class Predictor:
    """A verified model that has already made one prediction."""

    def __init__(self, model: Artifact) -> None:
        """Keep the model and try it on the schema's example."""
        self.model = model
        self.version = model.manifest.model_version
        self.predict([Instance.model_validate(EXAMPLE)])

    @classmethod
    def load(cls, folder: Path = CURRENT) -> Self:
        """Load from a folder; raise ArtifactError if the model must not be served."""
        return cls(artifact.load(folder))

    def predict(self, rows: Sequence[Instance]) -> list[Prediction]:
        """Predict for n rows, in their order."""
        scores = self.model.scorer.run(encode(rows))
        if not np.isfinite(scores).all():
            raise ArithmeticError("the model returned a score that is not a number")
        return decide(rows, scores, self.model.manifest.decision)


def read_rows(path: Path) -> Iterator[Instance]:
    """Read instances one by one: JSON lines as `POST /predict` takes them, or CSV."""
    return _read_json(path) if path.suffix == ".jsonl" else _read_csv(path)


def _read_json(path: Path) -> Iterator[Instance]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield Instance.model_validate_json(line)
            except ValidationError as error:
                raise UserError(f"{path}: row {number}, {sentence(error)}") from error


def _read_csv(path: Path) -> Iterator[Instance]:
    """Read flat rows, ignoring columns that are no features."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, texts in enumerate(_lines(path, file), start=1):
            given = {f.column: parse(f, texts[f.column]) for f in FEATURES}
            try:
                yield Instance.model_validate(given)
            except ValidationError as error:
                raise UserError(f"{path}: row {number}, {sentence(error)}") from error


def _lines(path: Path, file: TextIO) -> Iterator[dict[str, str | None]]:
    """Read lines by column name; an absent column is a mistake, not a missing value."""
    csv.field_size_limit(LONGEST)
    reader = csv.DictReader(file)
    try:
        given = reader.fieldnames or ()
        if missing := [f.column for f in FEATURES if f.column not in given]:
            raise UserError(f"{path}: missing columns: {', '.join(missing)}")
        yield from reader
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: {error.reason}") from error
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file: {error}") from error


def write_predictions(
    predictor: Predictor, rows: Iterable[Instance], target: Path
) -> int:
    """Predict in chunks of constant memory; the file appears only when it is whole."""
    done, rows, partial = 0, iter(rows), target.with_name(f".{target.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "prediction"])
            while chunk := list(islice(rows, CHUNK)):
                for prediction in predictor.predict(chunk):
                    done += 1
                    writer.writerow([done, prediction.model_dump_json()])
                print(f"\r{done} rows", end="", flush=True)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return done


def main() -> int:
    """Predict for every row of a file."""
    parser = argparse.ArgumentParser(description="Predict for every row of a file.")
    parser.add_argument(
        "source", type=Path, help="CSV with the schema's columns, or .jsonl: a row each"
    )
    parser.add_argument("target", type=Path, help="CSV file to write")
    parser.add_argument("--model-dir", type=Path, default=CURRENT)
    args = parser.parse_args()
    try:
        predictor = Predictor.load(args.model_dir)
        done = write_predictions(predictor, read_rows(args.source), args.target)
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    print(f"\r{done} predictions by model {predictor.version} → {args.target}")
    return 0


if __name__ == "__main__":
    run(main)
