"""Many hostile bodies at a time, of every kind, changed at random."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from hostile.bodies import MOST, duplicate_keys, unknown_keys
from hostile.clients import Target, post
from hostile.refusals import everything

LIMIT = 256 * 2**20  # bytes of memory, as the Kubernetes manifest allows
CLIENTS = 8
SIZES = (MOST, MOST // 10, MOST // 100)  # bytes, at most
SEED = 15
DEAR = ("an empty key 199,000 times", "unknown keys in one row")  # of which one slows others most


def dear_body(kind: str, row: dict) -> bytes:
    """Return the body that a client sends in a loop."""
    return dict([*unknown_keys(row, MOST), *duplicate_keys(row, MOST)])[kind]


def storm(target: Target, task: str, number: int) -> Counter[int]:
    """Send so many bodies from several clients; return how often each status was answered."""
    kinds = [(media, body) for most in SIZES for _, media, body in everything(task, target.row, most)]

    def send(client: int) -> Counter[int]:
        draws, found = random.Random(SEED + client), Counter[int]()
        for _ in range(number // CLIENTS):
            media, body = draws.choice(kinds)
            found[post(target.port, mutated(body, draws), media).status] += 1
        return found

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(send, range(CLIENTS)), Counter())


def mutated(body: bytes, draws: random.Random) -> bytes:
    """Return the body as it is, cut, with some bytes replaced, or with a part of it moved."""
    here, there = sorted(draws.choices(range(len(body) + 1), k=2))
    return draws.choice(
        (
            body,
            body,
            body[:there],
            body[:here] + draws.randbytes(min(8, there - here)) + body[min(here + 8, there) :],
            body[here:there] + body[:here] + body[there:],
        )
    )


def lost(found: Counter[int]) -> int:
    """Return how many were answered by a fault of the service, or not at all."""
    return sum(times for status, times in found.items() if status != 503 and not 200 <= status < 500)
