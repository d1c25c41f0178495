"""What `make adopt` does otherwise for text than for another task."""

TASK = "text"
PROBLEMS: tuple[str, ...] = ("two classes", "several classes")  # of Plan.problem
