"""Latency and errors under load, compared with the budget of params.yaml."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mlservice.params import Budget


class Measurement(NamedTuple):
    """Latency in milliseconds, errors as a share, throughput in requests a second."""

    requests: int
    error_rate: float
    p50_ms: float
    p99_ms: float
    rate: float


def measure(statistics: Iterable[Mapping[str, Any]], seconds: float) -> Measurement:
    """Sum up what `locust --json` prints, a row a kind of request."""
    times: dict[float, int] = {}
    requests = errors = 0
    for entry in statistics:
        requests += entry["num_requests"]
        errors += entry["num_failures"]
        for time, count in entry["response_times"].items():
            times[float(time)] = times.get(float(time), 0) + count
    p50, p99 = (quantile(times, share) for share in (0.5, 0.99))
    return Measurement(
        requests, errors / max(1, requests), p50, p99, requests / seconds
    )


def quantile(counts: Mapping[float, int], share: float) -> float:
    """Return the smallest time that at least this share of the responses took.

    `counts` has the number of responses by time; without a response it is infinite.
    """
    left = share * sum(counts.values())
    for time in sorted(counts):
        left -= counts[time]
        if left <= 0:
            return time
    return float("inf")


def violations(found: Measurement, budget: Budget) -> list[str]:
    """Return a phrase for each value that exceeds the budget."""
    phrases = []
    if found.p99_ms > budget.p99_ms:
        phrases.append(
            f"p99 was {found.p99_ms:g} ms, and budget.p99_ms allows {budget.p99_ms:g}"
        )
    if found.error_rate > budget.error_rate:
        phrases.append(
            f"{found.error_rate:.2%} of the requests failed, and budget.error_rate "
            f"allows {budget.error_rate:.2%}"
        )
    return phrases


def table(found: Measurement, budget: Budget) -> str:
    """Format the measurement beside the budget, for a terminal."""
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
