"""Run the pipeline; the last line says which model is served, or what to type.

Exit code 0: a model is served. 3: the gate refused the candidate, which is a verdict.
1: a stage broke, which is a fault.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .commands import Refused

MANIFEST = Path("models/current/manifest.json")  # of the champion
METRICS = Path("reports/metrics.json")
REFUSED = 3  # evaluate.py ends with it, too
PARAMETER = (
    "write `on_refusal: ship_baseline` under `gate` in params.yaml, "
    "then `make pipeline`"
)


def served() -> str:
    """Return name and version of the served model; empty if there is none."""
    if not MANIFEST.exists():
        return ""
    found = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return f"the {found.get('name', 'model')}, version {found['model_version']}"


def repro() -> tuple[bool, dict[str, Any]]:
    """Run `dvc repro`; return whether every stage finished, and the gate's verdict.

    The verdict is empty if nothing was judged anew. Raise Refused if a stage broke.
    """
    before = _written()
    finished = subprocess.run(("dvc", "repro"), check=False).returncode == 0
    after = _written()
    verdict = _verdict() if after not in (0, before) else {}
    if finished or verdict.get("passed") is False:
        return finished, verdict
    raise Refused("the pipeline broke: the lines above say where; nothing is judged")


def _written() -> int:
    """Return when the report was written; 0 if there is none."""
    return METRICS.stat().st_mtime_ns if METRICS.exists() else 0


def _verdict() -> dict[str, Any]:
    return dict(json.loads(METRICS.read_text(encoding="utf-8"))["gate"])


def refusal(reason: str) -> str:
    """Return what a refusal means, and what serves the baseline."""
    stays = f"{served() or 'no model'} is served"
    told = f"refused by the gate, which is a verdict and no fault: {stays}"
    if "ship the baseline" not in reason:
        return told
    return f"{told}. To serve the baseline, {_way()}"


def _way() -> str:
    evaluate = next(Path("src").glob("*/evaluate.py"), None)
    if evaluate and "on_refusal" not in evaluate.read_text(encoding="utf-8"):
        return f"`python -m {evaluate.parent.name}.evaluate --ship-baseline`"
    return PARAMETER


def main() -> int:
    """Run the pipeline and print its last line; return the exit code."""
    try:
        finished, verdict = repro()
    except Refused as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if not finished:
        print(refusal(verdict["reason"]), file=sys.stderr)
        return REFUSED
    if model := served():
        print(f"served: {model}; reports/model-card.md has the verdict")
    return 0


if __name__ == "__main__":
    sys.exit(main())
