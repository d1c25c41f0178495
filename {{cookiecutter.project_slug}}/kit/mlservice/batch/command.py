"""The command `python -m <package>.predict SOURCE TARGET`."""

import argparse
from pathlib import Path
from typing import Any

from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.paths import CURRENT
from mlservice.service import Service


def predict_command(service: Service[Any, Any]) -> int:
    """Predict for every row of a file."""
    args = _parser().parse_args()
    try:
        # pylint: disable-next=import-outside-toplevel # see below
        from mlservice.batch.predict_file import predict_file
    except ModuleNotFoundError as error:  # the image that serves holds no pyarrow
        raise UserError(
            f"files need {error.name}, which serving does not: "
            "`pip install -r requirements/train.txt`"
        ) from error
    predictor = Predictor(service, artifact.load(service, args.model_dir))
    done = predict_file(
        predictor,
        args.source,
        args.target,
        key=args.id,
        restart=args.restart,
        explain=args.explain,
        log=args.log,
    )
    print(f"{done} predictions by model {predictor.version} → {args.target}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=predict_command.__doc__)
    parser.add_argument(
        "source", type=Path, help="a .parquet, .csv, .csv.gz or .jsonl: a row each"
    )
    parser.add_argument("target", type=Path, help=".parquet or .csv file to write")
    parser.add_argument("--model-dir", type=Path, default=CURRENT)
    parser.add_argument(
        "--id", metavar="COLUMN", help="copy this column instead of counting rows"
    )
    parser.add_argument(
        "--explain", action="store_true", help="add what each column contributes"
    )
    parser.add_argument(
        "--log", type=Path, metavar="FOLDER", help="write a prediction log, too"
    )
    parser.add_argument(
        "--restart", action="store_true", help="forget what a stopped run has done"
    )
    return parser
