"""Run the commands of a project, good and wrong, and keep exit codes and sentences."""

from collections.abc import Mapping

from comparison.files import columns, content, good_files, head, spoiled_rows, wrong_files
from comparison.versions import Version, package

SETTINGS: dict[str, dict[str, str]] = {
    "three wrong settings": {"SERVE_PORT": "many", "SERVE_API_KEYS": "short", "SERVE_MAX_QUEUE": "-1"},
    "an unknown setting": {"SERVE_PROT": "8000"},
    "two ports that are one": {"SERVE_PORT": "8001", "SERVE_ADMIN_PORT": "8001"},
    "a key in both lists": dict.fromkeys(("SERVE_API_KEYS", "SERVE_ADMIN_KEYS"), "a-key-of-20-letters!"),
}


class Commands:
    """The commands of one task's project in one version."""

    def __init__(self, version: Version, task: str) -> None:
        """Remember where the project is."""
        self.version, self.task, self.project = version, task, version.project(task)

    def python(self, words: str, **more: str) -> str:
        """Run `python -m <package><words>`; return exit code and output."""
        command = ("python", "-m", *f"{package(self.task)}{words}".split())
        return self.version.run(command, self.project, **more).text(self.version.folder)

    def before(self) -> dict[str, str]:
        """Run what fails while there are no rows and no model, and each command's help."""
        named = ("sample", "data", "train", "evaluate", "predict", "serve")
        helps = {f"{name} --help": self.python(f".{name} --help") for name in named}
        early = ("data", "train", "evaluate", "predict example.csv out.csv", "evaluate --ship-baseline", "data --wrong")
        wrong = {f"{words}, nothing there": self.python(f".{words}") for words in early}
        return {**helps, **wrong, **{f"serve: {name}": self.python("", **given) for name, given in SETTINGS.items()}}

    def pipeline(self) -> dict[str, str]:
        """Draw the sample, split it, train and evaluate."""
        return {name: self.python(f".{name}") for name in ("sample", "data", "train", "evaluate")}

    def after(self) -> dict[str, str]:
        """Run what is refused although the project is trained."""
        folder = self.project / "tried"
        folder.mkdir(exist_ok=True)
        spoiled = spoiled_rows(self.project / "data/raw.csv", folder)
        refused = {f"data: {name}": self.python(f".data --raw tried/{path.name}") for name, path in spoiled.items()}
        return {**refused, **self.with_params("prepare:", "prepar:"), **self.with_params("seed:", "seed: ] #")}

    def with_params(self, old: str, new: str) -> dict[str, str]:
        """Split with a mistake in params.yaml, and mend that."""
        path = self.project / "params.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            return {f"data: params.yaml says {new!r}": self.python(".data")}
        finally:
            path.write_text(text, encoding="utf-8")

    def predict(self, example: Mapping[str, object]) -> tuple[dict[str, str], dict[str, str]]:
        """Predict for files; return exit codes and sentences, and the files that were written."""
        folder, said, written = self.project / "tried", {}, {}
        sources = good_files(example, folder)
        if set(example) <= set(columns(self.project / "data/raw.csv")):
            head(self.project / "data/raw.csv", folder / "raw.csv")
            sources.append("raw.csv")
        for name in sources:
            said[f"predict {name}"] = self.python(f".predict tried/{name} tried/{name}.out.csv")
            written[f"predict {name}"] = content(folder / f"{name}.out.csv")
        for name in wrong_files(example, folder):
            said[f"predict {name}"] = self.python(f".predict tried/{name} tried/wrong.csv")
        first = next(iter(example))
        for words in ("tried/example.csv tried/out.txt", f"tried/example.csv tried/id.csv --id {first}"):
            said[f"predict {words}"] = self.python(f".predict {words}")
        written["predict --id"] = content(folder / "id.csv")
        return said, written
