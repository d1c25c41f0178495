"""Memory and time of refusals: one body of every kind, and thousands at a time in a container's memory."""

from checkouts import Checkout
from common import Line
from hostile.memory import MB, limited_group, peak, reset_peak, resident
from hostile.refusals import Cost, cost_of, everything, is_bounded
from hostile.storm import CLIENTS, LIMIT, lost, storm
from parts import QUICK, Scale

TASKS = ("classification", "regression", "forecasting", "text", "image")
MEMORY = 40  # MB over rest
SECONDS = 0.25
KEPT = 20  # MB over rest, after all bodies
TRIES = 3  # of what was slow: another process may have had the core


def refusals(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send one body of every kind to each service."""
    tasks = TASKS[::4] if scale == QUICK else TASKS
    found = [_of_task(checkout, task) for task in tasks]
    return judged_costs([cost for costs, _ in found for cost in costs], max(kept for _, kept in found))


def judged_costs(costs: list[Cost], kept: float) -> list[Line]:
    """Judge the dearest and the slowest body, the MB kept after all of them, and what the answers say."""
    dearest = max(costs, key=lambda cost: cost.peak)
    slowest = max(costs, key=lambda cost: cost.answer.seconds)
    others = [cost for cost in costs if not 400 <= cost.answer.status < 500]
    wordy = [cost for cost in costs if cost not in others and not is_bounded(cost.answer)]
    memory, took = dearest.peak, slowest.answer.seconds
    of_memory, of_time = _of(dearest, f"{memory:.0f} MB"), _of(slowest, f"{took * 1e3:.0f} ms")
    return [
        Line("memory over rest", of_memory, f"at most {MEMORY} MB", memory <= MEMORY),
        Line("time to the answer", of_time, f"at most {SECONDS * 1e3:.0f} ms", took <= SECONDS),
        Line("memory kept after every kind", f"{kept:.0f} MB", f"at most {KEPT} MB", kept <= KEPT),
        Line("bodies that are not refused with 4xx", f"{len(others)} of {len(costs)}", "none", not others),
        Line("answers that are long, or repeat a long key", f"{len(wordy)} of {len(costs)}", "none", not wordy),
    ]


def _of(cost: Cost, shown: str) -> str:
    return f"{shown} ({cost.kind})"


def _of_task(checkout: Checkout, task: str) -> tuple[list[Cost], float]:
    """Return the cost of every kind, and the MB that are kept after all of them."""
    with checkout.served(task) as (_, target):
        target.warm_up()
        first = rest = resident(target.pid)
        costs = []
        for name, media, body in everything(task, target.row):
            tries = [cost_of(target, rest, f"{task}: {name}", media, body)]
            while tries[-1].answer.seconds > SECONDS and len(tries) < TRIES:
                tries.append(cost_of(target, rest, f"{task}: {name}", media, body))
            quickest = min(tries, key=lambda cost: cost.answer.seconds)
            costs.append(Cost(quickest.kind, max(cost.peak for cost in tries), quickest.kept, quickest.answer))
            if costs[-1].kept > MEMORY:
                rest = resident(target.pid)  # only this body is to blame
        return costs, (resident(target.pid) - first) / MB


def crowd(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send thousands of bodies from several clients to a service that may have so much memory."""
    with limited_group(LIMIT) as group, checkout.served(group=group) as (service, target):
        target.warm_up()
        reset_peak(target.pid)
        found = storm(target, "classification", scale.bodies)
        most = peak(target.pid) / 2**20
        alive = service.process.poll() is None
    limit = f"{LIMIT / 2**20:.0f} MiB"
    what = f"{scale.bodies:,} bodies, {CLIENTS} at a time"
    how = "memory limit of a control group" if group else "no control group here: the peak is judged"
    shown = f"alive, {most:.0f} MiB at most" if alive else "killed"
    return [
        Line(f"{what}: the service ({how})", shown, f"alive in {limit}", alive and most * 2**20 < LIMIT),
        Line(f"{what}: answered with a fault, or not", f"{lost(found):,}", "0", not lost(found)),
    ]
