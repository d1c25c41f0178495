"""Write a prediction log of many rows, spread over thirty days: `python large_log.py FOLDER ROWS`.

Run in a trained project of the default service, with its Python. The answers to new rows of the sample are repeated.
"""

import sys
import time
from pathlib import Path

from customer_churn.sample import sample
from customer_churn.service import SERVICE
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.monitoring.log_files import LogFiles, Rotation
from mlservice.monitoring.prediction_log import Answered, LogOptions, Record, header_of
from mlservice.paths import CURRENT

BLOCK, DAYS = 20_000, 30


def main() -> None:
    """Write the log."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    model = Predictor(SERVICE, artifact.load(SERVICE, CURRENT))
    record = Record(SERVICE, LogOptions(folder))
    frame = sample(BLOCK, 11)
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    target = SERVICE.target.column
    asked = [
        SERVICE.instance.model_validate({n: v for n, v in row.items() if n != target}, strict=False) for row in plain
    ]
    predictions, scores = model.predict_with_scores(asked)
    files, blocks, now = LogFiles(folder, header_of(SERVICE), Rotation()), rows // BLOCK, time.time()
    for number in range(blocks):
        when = now - 86_400 * DAYS * (1 - number / blocks)
        answered = Answered(when, f"request-{number}", None, "champion", model.version, asked, predictions, scores)
        files.append(record.lines(answered))
    files.close()


if __name__ == "__main__":
    main()
