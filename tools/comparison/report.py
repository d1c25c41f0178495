"""Write the differences of two versions as one Markdown document."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from comparison.differences import Difference

SHOWN = 20  # lines of one diff
WIDTH = 240  # characters of a line


def document(title: str, tasks: Sequence[str], differences: Sequence[Difference], notes: Sequence[str]) -> str:
    """Return the report: open differences by task and area, then the number of explained ones by reason."""
    lines = [f"# {title}", "", *summary(tasks, differences), ""]
    remaining = [each for each in differences if each.open]
    for task, of_task in groupby(remaining, lambda each: each.task):
        lines += [f"## {task}", ""]
        for area, of_area in groupby(of_task, lambda each: each.area):
            lines += [f"### {task}: {area}", ""]
            for alike in grouped(of_area):
                lines += [*entry(alike), ""]
    lines += explained(differences)
    lines += [f"- {note}" for note in notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def summary(tasks: Sequence[str], differences: Sequence[Difference]) -> Iterator[str]:
    """Yield one line a task: how many texts differ, and in which areas."""
    for task in tasks:
        open_ones = [each for each in differences if each.task == task and each.open]
        areas = ", ".join(dict.fromkeys(each.area for each in open_ones))
        closed = sum(each.task == task and not each.open for each in differences)
        meant = f"; {closed} explained" if closed else ""
        yield (
            f"- {task}: {len(open_ones)} differences in {areas}{meant}" if areas else f"- {task}: no difference{meant}"
        )


def grouped(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Group the differences whose shown lines are the same: one header changes in every answer."""
    found: dict[tuple[str, ...], list[Difference]] = {}
    for difference in differences:
        changed = tuple(line for line in shown(difference) if line[:1] in "+-")
        found.setdefault(changed, []).append(difference)
    return list(found.values())


def shown(difference: Difference) -> list[str]:
    """Return the lines to show; of a partly explained difference the open ones."""
    return difference.open if difference.explained else difference.diff


def entry(alike: Sequence[Difference]) -> Iterator[str]:
    """Yield differences with the same lines as one block, below their names."""
    lines, more = shown(alike[0]), [difference.name for difference in alike[1:]]
    yield f"**{alike[0].name}**" + (f" and {len(more)} more: {', '.join(more)}" if more else "")
    yield ""
    yield "````diff"
    for line in lines[:SHOWN]:
        yield line if len(line) <= WIDTH else f"{line[:WIDTH]} … ({len(line)} characters)"
    if len(lines) > SHOWN:
        yield f"… {len(lines) - SHOWN} lines more"
    yield "````"


def explained(differences: Sequence[Difference]) -> list[str]:
    """Return a section with the number of changed lines that each reason explains."""
    counts: dict[str, int] = {}
    for difference in differences:
        for reason, count in difference.explained.items():
            counts[reason] = counts.get(reason, 0) + count
    if not counts:
        return []
    return ["## Explained", "", *(f"- {reason} ({count} lines)" for reason, count in sorted(counts.items())), ""]
