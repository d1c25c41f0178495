"""Sample data with a known truth: 6,000 invented tickets for six queues.

A ticket says what its queue is for in `phrases.py`'s words, beside sentences that mean
nothing, that deny another queue's business, or that raise one in passing. The truth is
the queue of the first matter raised; one label in twenty is wrong, as people's are.
"""

import numpy as np
import pandas as pd
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.random import Generator

from .phrases import (
    ASIDES,
    CLOSINGS,
    CORES,
    DENIED,
    DENIERS,
    GREETINGS,
    OTHERWISE,
    WORDS,
)

ROWS = 6_000
SEED = 20_260_101
SHARES = {  # of the queues, by nature unequal
    "delivery": 0.30,
    "billing": 0.25,
    "technical": 0.18,
    "account": 0.13,
    "returns": 0.09,
    "cancellation": 0.05,
}
CHANNELS = {"app": 0.45, "e-mail": 0.40, "phone": 0.15}
TYPOS = {"app": 0.5, "e-mail": 0.2, "phone": 1.0}  # per ticket; phone: typed in haste
IN_OTHER_WORDS = 0.2  # share of tickets that use none of the usual words
WITH_DENIAL = 0.25  # share that say what they are not about
WITH_SECOND = 0.08  # share that raise another queue's business after their own
WRONG_LABELS = 0.05


def ticket(queue: str, channel: str, rng: Generator) -> str:
    """Write one ticket for a queue: its core among sentences of no account."""
    cores = OTHERWISE if rng.random() < IN_OTHER_WORDS else CORES
    parts = [_filled(cores[queue], rng)]
    others = [name for name in SHARES if name != queue]
    if rng.random() < WITH_SECOND:
        parts.append("By the way, " + _filled(CORES[_one(others, rng)], rng))
    if rng.random() < WITH_DENIAL:
        about = _one(DENIED[_one(others, rng)], rng)
        parts.insert(int(rng.integers(2)), _one(DENIERS, rng).format(about))
    if rng.random() < 0.5:
        parts.append(_filled(ASIDES, rng))
    if channel == "e-mail":
        parts = [_one(GREETINGS, rng), *parts, _one(CLOSINGS, rng)]
    text = " ".join(parts)
    for _ in range(rng.poisson(TYPOS[channel])):
        text = misspelt(text, rng)
    return text.lower() if channel == "app" and rng.random() < 0.5 else text


def misspelt(text: str, rng: Generator) -> str:
    """Return the text with one slip: a letter lost, doubled or swapped."""
    at = int(rng.integers(len(text) - 1))
    here, after = text[at], text[at + 1]
    slip = _one(["", here + here, after + here], rng)
    return text[:at] + slip + text[at + 1 + (slip == after + here) :]


def tickets(rows: int, seed: int) -> pd.DataFrame:
    """Draw tickets with the queue that each was written for, `truth`."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(list(SHARES), rows, p=list(SHARES.values()))
    channel = rng.choice(list(CHANNELS), rows, p=list(CHANNELS.values()))
    text = [ticket(*of, rng) for of in zip(truth, channel, strict=True)]
    return pd.DataFrame({"text": text, "channel": channel, "truth": truth})


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw tickets, then label each as a person would: now and then wrongly."""
    frame = tickets(rows, seed)
    rng = np.random.default_rng(seed + 1)
    wrong = rng.random(rows) < WRONG_LABELS
    anyone = rng.choice(list(SHARES), rows)
    frame["queue"] = np.where(wrong, anyone, frame.pop("truth"))
    return frame


def _filled(patterns: list[str], rng: Generator) -> str:
    """Choose a pattern, and one of the words at each of its places."""
    places = _one(patterns, rng).format(**WORDS).split(" / ")
    said = " ".join(_one(place.split("|"), rng) for place in places)
    return said + _one([".", ".", "!", ""], rng)


def _one(choices: list[str], rng: Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED)


if __name__ == "__main__":
    run(main)
