"""Cost of one refusal: memory over rest, seconds, and what the answer says."""

from collections.abc import Iterator
from dataclasses import dataclass

from hostile.bodies import ECHO, JSON, MOST, bodies
from hostile.clients import Answer, Target, post
from hostile.forms import FORM, forms, pictures
from hostile.memory import MB, peak, reset_peak, resident

LISTED = 20  # errors of a refusal, at most; one more entry says how many there were


@dataclass(frozen=True)
class Cost:
    """What one body cost a service, in MB over its memory at rest, and the answer."""

    kind: str
    peak: float
    kept: float
    answer: Answer

    def __str__(self) -> str:
        """Describe the cost in a line."""
        return f"{self.kind}: {self.answer.status}, {self.peak:+.0f} MB, {self.answer.seconds:.2f} s"


def everything(task: str, row: dict, most: int = MOST) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, media type and body of every hostile kind for a task."""
    yield from ((name, JSON, body) for name, body in bodies(row, most))
    if task == "image":
        yield from ((name, JSON, body) for name, body in pictures(row, most))
        yield from ((name, FORM, body) for name, body in forms(*row, most))


def cost_of(target: Target, rest: int, kind: str, media_type: str, body: bytes) -> Cost:
    """Send a body and measure it; `rest` is the resident memory in bytes before any hostile body."""
    reset_peak(target.pid)
    answer = post(target.port, body, media_type)
    over = (peak(target.pid) - rest) / MB
    return Cost(kind, over, (resident(target.pid) - rest) / MB, answer)


def is_bounded(answer: Answer) -> bool:
    """Return True if a refusal has few entries and repeats no long key or value."""
    detail = answer.detail
    return ECHO not in answer.text and (isinstance(detail, str) or len(detail) <= LISTED + 1)
