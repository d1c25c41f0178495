"""Compare what was observed of two versions, and leave out the differences that a file explains."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

Observation = Mapping[str, Mapping[str, str]]  # area → name → text
ABSENT = "(absent)"


@dataclass(frozen=True)
class Explanation:
    """A difference that is meant: lines of an area that match a pattern, and the reason."""

    area: str
    pattern: str
    reason: str
    task: str = ""  # empty: every task

    def covers(self, task: str, area: str, line: str) -> bool:
        """Return True if the changed line `name: ±text` is explained by this."""
        return self.task in ("", task) and self.area == area and bool(re.search(self.pattern, line))


@dataclass
class Difference:
    """One text that differs between the versions."""

    task: str
    area: str
    name: str
    diff: list[str]  # unified, without its head
    open: list[str] = field(default_factory=list)  # changed lines that nothing explains
    explained: dict[str, int] = field(default_factory=dict)  # reason → number of changed lines


def load_explanations(path: Path) -> list[Explanation]:
    """Read the list of explanations; raise ValueError for an entry that is not complete."""
    found = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or [], start=1):
        given = dict(entry) if isinstance(entry, dict) else {}
        if not {"area", "pattern", "reason"} <= set(given) <= {"area", "pattern", "reason", "task"}:
            raise ValueError(f"{path}: entry {number} needs area, pattern and reason, and may have a task")
        re.compile(given["pattern"])  # a mistake in it must show before the long run
        found.append(Explanation(**given))
    return found


def compare(task: str, old: Observation, new: Observation) -> Iterator[Difference]:
    """Yield each text that is not the same in both, by area and name."""
    for area in dict.fromkeys((*old, *new)):
        before, after = old.get(area, {}), new.get(area, {})
        for name in dict.fromkeys((*before, *after)):
            texts = before.get(name, ABSENT), after.get(name, ABSENT)
            if texts[0] != texts[1]:
                yield Difference(task, area, name, unified(*texts))


def unified(old: str, new: str) -> list[str]:
    """Return a unified diff with one line of context; a line end that differs is shown."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return [f"-{old[-40:]!r}", f"+{new[-40:]!r}"]
    return list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:]


def explain(differences: Iterable[Difference], explanations: Iterable[Explanation]) -> list[Difference]:
    """Sort the changed lines of each difference into explained and open; return all differences."""
    known, found = list(explanations), list(differences)
    for difference in found:
        for line in difference.diff:
            if line[:1] not in "+-":
                continue
            reasons = (
                e.reason for e in known if e.covers(difference.task, difference.area, f"{difference.name}: {line}")
            )
            if (reason := next(reasons, None)) is None:
                difference.open.append(line)
            else:
                difference.explained[reason] = difference.explained.get(reason, 0) + 1
    return found


def unused(differences: Iterable[Difference], explanations: Iterable[Explanation]) -> list[str]:
    """Return the reasons that explained no line: what they explain is gone, or never was."""
    used = {reason for difference in differences for reason in difference.explained}
    return [each.reason for each in explanations if each.reason not in used]
