"""Paths of the files that the stages of a project read and write."""

from pathlib import Path

RAW = Path("data/raw.csv")
SPLITS = {
    name: Path(f"data/{name}.parquet") for name in ("train", "validation", "test")
}
MODELS = Path("models")
CANDIDATE = MODELS / "candidate"
BASELINE = MODELS / "baseline"
CURRENT = MODELS / "current"  # the champion: what is served
REPORTS = Path("reports")
