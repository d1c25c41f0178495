"""The figures as tables, and what the targets say of them."""

import math
import statistics
from collections.abc import Callable, Iterable

from common import Line, table
from load import CROWD
from serving.peers import PEERS
from serving.rounds import Figures

LONE, JUDGED = 1, 32  # connections that have targets, as CROWD has
SPEED = "connections|service|requests/s|ours is|p50 ms|p99 ms|CPU µs a request|503|errors".split("|")
COST = "service|seconds to the first answer|memory MiB|".split("|")
TIMES = {"textbook": 25, "mlflow": 40, "bentoml": 30, "limit": 0.85}  # their requests/s, at least
SLOWEST = {JUDGED: 10, CROWD: 150}  # ms at p99, below
LATER = 1.3  # times the limit's p50 on one connection, at most
MEMORY = 120  # MiB of the process, at most


def middle(figures: Figures, many: int, name: str, figure: str) -> float:
    """Return the median of a figure over the rounds."""
    return statistics.median(getattr(load, figure) for load in figures.loads[many, name])


def ratio(figures: Figures, many: int, name: str, figure: str = "rate") -> float:
    """Return ours over another's, the median over the rounds: what slowed a round slowed both."""
    pairs = zip(figures.loads[many, "ours"], figures.loads[many, name], strict=True)
    return statistics.median(_over(getattr(ours, figure), getattr(peer, figure)) for ours, peer in pairs)


def _over(ours: float, peer: float) -> float:
    return ours / peer if peer else math.inf  # who answers nobody in time is infinitely slower


def total(figures: Figures, many: int, name: str, figure: str) -> int:
    """Return the sum of a count over the rounds."""
    return sum(getattr(load, figure) for load in figures.loads[many, name])


def tables(figures: Figures) -> str:
    """Lay all figures out as two Markdown tables: under load, and at rest."""
    speed = [_under_load(figures, *key) for key in sorted(figures.loads, key=_order)]
    cost = [
        (PEERS[name].title, f"{figures.ready[name]:.1f}", f"{figures.memory[name]:.0f}", "") for name in figures.ready
    ]
    cost += [(PEERS[name].title, "–", "–", why.splitlines()[0]) for name, why in figures.absent.items()]
    return f"{table(SPEED, speed)}\n\n{table(COST, cost)}"


def _order(key: tuple[int, str]) -> tuple[int, int]:
    return key[0], list(PEERS).index(key[1])


def _under_load(figures: Figures, many: int, name: str) -> tuple[object, ...]:
    rate, p50, p99, cpu = (middle(figures, many, name, figure) for figure in ("rate", "p50", "p99", "cpu"))
    times = (f"{p50:.2f}", f"{p99:.1f}", f"{cpu:,.0f}") if rate else ("–",) * 3
    gain = f"{ratio(figures, many, name):.2f} ×" if (many, "ours") in figures.loads and name != "ours" else "–"
    counts = (f"{total(figures, many, name, figure):,}" for figure in ("busy", "errors"))
    return many, PEERS[name].title, f"{rate:,.0f}", gain, *times, *counts


def verdicts(figures: Figures, asked: Iterable[str]) -> list[Line]:
    """Judge what was asked for; a peer that is absent cannot show that its target is met."""
    if "ours" not in asked:
        return []
    lines = [_judge_times(figures, name, least) for name, least in TIMES.items() if name in asked]
    lines += [_judge_lone(figures)] if "limit" in asked else []
    return [*lines, *(_judge_p99(figures, many) for many in SLOWEST), _judge_errors(figures), _judge_memory(figures)]


def _line(label: str, target: str, measure: Callable[[], tuple[str, bool]]) -> Line:
    """Return a verdict; what cannot be measured is missed."""
    try:
        return Line(label, measure()[0], target, measure()[1])
    except KeyError:
        return Line(label, "not measured", target, False)


def _judge_times(figures: Figures, name: str, least: float) -> Line:
    def measure() -> tuple[str, bool]:
        found = ratio(figures, JUDGED, name)
        return f"{found:.2f} ×", found >= least

    return _line(f"{JUDGED} connections: requests/s over {PEERS[name].title}", f"at least {least} ×", measure)


def _judge_lone(figures: Figures) -> Line:
    def measure() -> tuple[str, bool]:
        found = ratio(figures, LONE, "limit", "p50")
        return f"{found:.2f} ×", found <= LATER

    return _line(f"{LONE} connection: p50 over {PEERS['limit'].title}", f"at most {LATER} ×", measure)


def _judge_p99(figures: Figures, many: int) -> Line:
    def measure() -> tuple[str, bool]:
        found = middle(figures, many, "ours", "p99")
        return f"{found:.1f} ms", found < SLOWEST[many]

    return _line(f"{many} connections: p99", f"below {SLOWEST[many]} ms", measure)


def _judge_errors(figures: Figures) -> Line:
    def measure() -> tuple[str, bool]:
        found = [total(figures, many, "ours", "errors") for many, name in figures.loads if name == "ours"]
        return f"{sum(found):,}", bool(found) and not sum(found)

    return _line(f"errors; 503 is one below {CROWD} connections", "none", measure)


def _judge_memory(figures: Figures) -> Line:
    def measure() -> tuple[str, bool]:
        found = figures.memory["ours"]
        return f"{found:.0f} MiB", found <= MEMORY

    return _line("memory of the process, with all that it needs", f"at most {MEMORY} MiB", measure)
