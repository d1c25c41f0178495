"""A toy service that classifies a text, with an encoder of its own."""

from functools import partial
from typing import Annotated

import numpy as np

from mlservice.encoding.table import TableEncoding
from mlservice.errors import run
from mlservice.process import exit_on_sigterm
from mlservice.schema.declare import Row, category, coded
from mlservice.schema.encoder import Encoder
from mlservice.service import Service
from mlservice.serving.app import serve
from toys.answers import Classes, Label, Threshold, label_of

KEYWORDS = ("refund", "password", "invoice")


def encode(texts):
    """Encode n texts: which keywords occur, shape (n, 3)."""
    found = [[float(word in text.casefold()) for word in KEYWORDS] for text in texts]
    return np.array(found, np.float32).reshape(-1, len(KEYWORDS))


def pieces(text):
    """Yield each word that a text contains with its column."""
    return ((word, at) for at, word in enumerate(KEYWORDS) if word in text.casefold())


TEXT = Encoder(
    form="a text of at most 1,000 characters",
    longest=1_000,
    width=len(KEYWORDS),
    read=str,
    encode=encode,
    pieces=pieces,
)


class Instance(Row):
    """One ticket."""

    text: Annotated[str, TEXT] = coded("What the customer wrote", example="My password is gone.")
    channel: str = category("How it came in", "app", "e-mail", example="e-mail")


class Record(Instance):
    """One row of the file."""

    queue: str = category("Which team answers", "account", "billing", "returns", example="account")


CLASSES = Classes("account", "billing", "returns")
SERVICE = Service(
    name="toy-text",
    version="0.1.0",
    task="text",
    instance=Instance,
    record=Record,
    encoding=TableEncoding(Instance),
    prediction=Label,
    decision=Threshold,
    decide=CLASSES.decide,
    tabulate=CLASSES.tabulate,
    label_of=label_of,
)

if __name__ == "__main__":
    exit_on_sigterm()
    run(partial(serve, SERVICE))
