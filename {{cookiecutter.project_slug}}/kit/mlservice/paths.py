"""Paths of the files that the stages of a project read and write."""

from pathlib import Path

RAW = Path("data/raw.csv")
SPLITS = {
    name: Path(f"data/{name}.parquet") for name in ("train", "validation", "test")
}
MODELS = Path("models")
CANDIDATES = MODELS / "candidates"  # each of them, by name
CANDIDATE = MODELS / "candidate"  # the chosen one
BASELINE = MODELS / "baseline"
CURRENT = MODELS / "current"  # the champion: what is served
REPORTS = Path("reports")
LABELS = Path("data/labels.csv")  # which came later than the predictions
TUNING = Path("tuning")  # of `make tune`: trials and plots
TRIALS = TUNING / "trials.db"
