"""Ask the services in turns, and keep every figure."""

from dataclasses import dataclass, field

from common import say
from load import CROWD, Load, ask
from serving.contenders import Contender

WARM = 32  # connections of the first burst, which does not count


@dataclass(frozen=True)
class Figures:
    """What a run found, by the name of each service."""

    loads: dict[tuple[int, str], list[Load]]  # by connections and name, one a round
    ready: dict[str, float] = field(default_factory=dict)  # seconds
    memory: dict[str, float] = field(default_factory=dict)  # MiB, after all rounds
    absent: dict[str, str] = field(default_factory=dict)  # why one is not there


def measure(
    there: dict[str, Contender], connections: list[int], rounds: int, seconds: int
) -> dict[tuple[int, str], list[Load]]:
    """Ask the services in turns, round after round, so that a slow moment of the machine meets all of them."""
    found: dict[tuple[int, str], list[Load]] = {}
    for name, each in there.items():
        say(f"warming up {name}")
        ask(each.service, each.script, WARM, 1)
    for number in range(1, rounds + 1):
        for many in connections:
            say(f"round {number} of {rounds}, {many} connections")
            length = seconds * (1 + (many >= CROWD))  # a slow service has to answer a crowd once at least
            for name, each in there.items():
                with each.service.alone(other.service for other in there.values()):
                    each.service.rest()  # from having been stopped itself
                    load = ask(each.service, each.script, many, length)
                found.setdefault((many, name), []).append(load)
    return found


def figures(there: dict[str, Contender], absent: dict[str, str], loads: dict[tuple[int, str], list[Load]]) -> Figures:
    """Add to the loads what else is known of the services, which run still."""
    return Figures(
        loads=loads,
        ready={name: each.service.ready for name, each in there.items()},
        memory={name: each.service.resident() for name, each in there.items()},
        absent=absent,
    )
