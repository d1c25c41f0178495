"""Print how much better one candidate is than another on the test rows: `python gain.py PACKAGE BEFORE AFTER`.

Run in a trained project with its Python; the last two are folders of models. The gain is paired: in the gate's metric,
with its bootstrap interval.
"""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from mlservice.evaluation.bootstrap import gain
from mlservice.model import artifact


def main() -> None:
    """Print the gain as JSON."""
    package, *folders = sys.argv[1:]
    training = importlib.import_module(f"{package}.training").TRAINING
    params, test = training.params.load(), training.read("test")
    before, after = (artifact.load(training.service, Path(folder)) for folder in folders)
    rival, metric = (
        training.metrics(params.decision, model.manifest.decision)[params.gate.metric] for model in (before, after)
    )
    scores = after.scorer.run(test.matrix), before.scorer.run(test.matrix)
    print(json.dumps(asdict(gain(metric, test, *scores, params.gate, rival_metric=rival))))


if __name__ == "__main__":
    main()
