"""Load the model once, predict for many rows: the path of API, batch and tests."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from . import artifact
from mlservice.model.artifact import Artifact
from mlservice.params import CURRENT
from mlservice.errors import UserError, run
from mlservice.encoding.table import Matrix, encode
from .prediction import Prediction, decide
from .schema import EXAMPLE, Instance


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
        scores = self.score(encode(rows))
        return decide(rows, scores, self.model.manifest.decision)

    def score(self, matrix: Matrix) -> NDArray[np.float32]:
        """Score n encoded rows, shape (n, outputs); each score is a number."""
        scores = self.model.scorer.run(matrix)
        if not np.isfinite(scores).all():
            raise ArithmeticError("the model returned a score that is not a number")
        return scores


def main() -> int:
    """Predict for every row of a file."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "source", type=Path, help="a .parquet, .csv, .csv.gz or .jsonl: a row each"
    )
    parser.add_argument("target", type=Path, help=".parquet or .csv file to write")
    parser.add_argument("--model-dir", type=Path, default=CURRENT)
    parser.add_argument(
        "--id", metavar="COLUMN", help="copy this column instead of counting rows"
    )
    parser.add_argument(
        "--restart", action="store_true", help="forget what a stopped run has done"
    )
    args = parser.parse_args()
    try:
        from mlservice.batch.predict_file import (  # pylint: disable=import-outside-toplevel # see below
            predict_file,
        )
    except ModuleNotFoundError as error:  # the image that serves holds no pyarrow
        raise UserError(
            f"files need {error.name}, which serving does not: "
            "`pip install -r requirements/train.txt`"
        ) from error
    predictor = Predictor.load(args.model_dir)
    done = predict_file(
        predictor, args.source, args.target, key=args.id, restart=args.restart
    )
    print(f"{done} predictions by model {predictor.version} → {args.target}")
    return 0


if __name__ == "__main__":
    run(main)
