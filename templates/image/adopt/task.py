"""What `make adopt` says for image: pictures lie in folders."""

TASK = "image"
PROBLEMS: tuple[str, ...] = ()  # of Plan.problem: none of a table's
PACKAGE = __name__.partition(".")[0]
REFUSAL = (
    "pictures are not in a table: put each into a folder named after its class and run "
    f"`python -m {PACKAGE}.pack FOLDER`"
)
