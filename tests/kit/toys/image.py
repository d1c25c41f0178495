"""A toy service that classifies bytes sent in base64, or as files of a form."""

import base64
from functools import partial
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from mlservice.encoding.table import TableEncoding
from mlservice.errors import run
from mlservice.process import exit_on_sigterm
from mlservice.schema.declare import Row, category, coded
from mlservice.schema.encoder import Encoder
from mlservice.service import Service
from mlservice.serving.app import serve
from mlservice.serving.bodies import form_of_files
from toys.answers import Classes, Label, Threshold, label_of

SIDE = 2


def read(text):
    """Decode four bytes in base64: brightness in 0 … 1, shape (4,); raise ValueError for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("the picture is not base64") from error
    if len(data) != SIDE**2:
        raise ValueError(f"the picture has {len(data)} bytes, not {SIDE**2}")
    return np.frombuffer(data, np.uint8).astype(np.float32) / 255


def encode(pictures):
    """Stack n pictures: shape (n, 4)."""
    return np.array(pictures, np.float32).reshape(-1, SIDE**2)


PICTURE = Encoder(form="four bytes in base64", longest=64, width=SIDE**2, read=read, encode=encode)


class Instance(Row):
    """One picture."""

    image: Annotated[NDArray[np.float32], PICTURE] = coded("Four grey pixels", example="AECA/w==")


class Record(Instance):
    """One row of the file."""

    digit: str = category("What it shows", *"012", example="1")


CLASSES = Classes(*"012")
SERVICE = Service(
    name="toy-image",
    version="0.1.0",
    task="image",
    instance=Instance,
    record=Record,
    encoding=TableEncoding(Instance),
    prediction=Label,
    decision=Threshold,
    decide=CLASSES.decide,
    tabulate=CLASSES.tabulate,
    label_of=label_of,
    bodies={"multipart/form-data": form_of_files(Instance)},
)

if __name__ == "__main__":
    exit_on_sigterm()
    run(partial(serve, SERVICE))
