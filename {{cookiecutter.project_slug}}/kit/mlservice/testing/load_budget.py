"""What was measured under load, against what params.yaml allows."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from {{ cookiecutter.package_name }}.config import Budget


class Figures(NamedTuple):
    """The figures of one run: times in milliseconds, the rate in answers a second."""

    requests: int
    error_rate: float
    p50_ms: float
    p99_ms: float
    rate: float


def figures(stats: Iterable[Mapping[str, Any]], seconds: float) -> Figures:
    """Read what `locust --json` prints."""
    times: dict[float, int] = {}
    requests = errors = 0
    for entry in stats:
        requests += entry["num_requests"]
        errors += entry["num_failures"]
        for time, count in entry["response_times"].items():
            times[float(time)] = times.get(float(time), 0) + count
    shares = (quantile(times, share) for share in (0.5, 0.99))
    return Figures(requests, errors / max(1, requests), *shares, requests / seconds)


def quantile(times: Mapping[float, int], share: float) -> float:
    """Return the time within which this share of the answers came; inf if none did."""
    left = share * sum(times.values())
    for time in sorted(times):
        left -= times[time]
        if left <= 0:
            return time
    return float("inf")


def misses(found: Figures, budget: Budget) -> list[str]:
    """Say of each figure that is over its budget by how much it is."""
    told = []
    if found.p99_ms > budget.p99_ms:
        told.append(
            f"p99 was {found.p99_ms:g} ms, and budget.p99_ms allows {budget.p99_ms:g}"
        )
    if found.error_rate > budget.error_rate:
        told.append(
            f"{found.error_rate:.2%} of the requests failed, and budget.error_rate "
            f"allows {budget.error_rate:.2%}"
        )
    return told


def table(found: Figures, budget: Budget) -> str:
    """Lay the figures out for a terminal."""
    rows = [
        ("", "measured", "budget"),
        ("p99, ms", f"{found.p99_ms:g}", f"{budget.p99_ms:g}"),
        ("failed", f"{found.error_rate:.2%}", f"{budget.error_rate:.2%}"),
        ("p50, ms", f"{found.p50_ms:g}", ""),
        ("requests", f"{found.requests:,}", ""),
        ("requests/s", f"{found.rate:.0f}", ""),
    ]
    lines = (f"  {name:<12}{mine:>10}{most:>10}" for name, mine, most in rows)
    return "\n".join(map(str.rstrip, lines))
