"""For each check of a service a toy service that it must refuse; some need a patch of the library."""

import json
import random
from dataclasses import fields, replace
from types import SimpleNamespace
from unittest import mock

import numpy as np
from pydantic import BaseModel, Field, model_validator
from toys import SERVICES
from toys.answers import Label
from toys.classification import Instance

from mlservice.schema.declare import Row
from mlservice.service import Body, Service
from mlservice.serving import app

GOOD = SERVICES["classification"]


def row(**declared):
    """Declare another instance: names to (type, field)."""
    types = {name: kind for name, (kind, _) in declared.items()}
    return type("Other", (Row,), {"__annotations__": types} | {n: f for n, (_, f) in declared.items()})


def of_class(cls):
    """Return the same service as an object of a subclass."""
    return cls(**{field.name: getattr(GOOD, field.name) for field in fields(GOOD)})


class Encoding:
    """The encoding of the good service; `change` changes the matrix of instances, `table` that of a file."""

    def __init__(self, change=lambda matrix, _: matrix, table=lambda matrix: matrix, more=()):
        inner = GOOD.encoding
        self.names, self.derived = [*inner.names, *more], inner.derived
        self.encode = lambda instances: change(inner.encode(instances), instances)
        self.encode_table = lambda rows: table(inner.encode_table(rows))


def encoded(*args, **more):
    return replace(GOOD, encoding=Encoding(*args, **more))


def infinite(matrix, instances, where):
    """Return the matrix with infinity in the rows of some instances."""
    found = matrix.copy()
    found[[where(one) for one in instances], 0] = np.inf
    return found


def decided(change):
    """Change the predictions of each request."""
    return replace(GOOD, decide=lambda *given: change(GOOD.decide(*given)))


def tabulated(change):
    """Change the columns of a file of predictions."""
    return replace(GOOD, tabulate=lambda *given: change(GOOD.tabulate(*given)))


def chance(predictions):
    """Return predictions with a label that nobody can foresee."""
    return [one.model_copy(update={"label": str(random.random())}) for one in predictions]


def reading(read, kind="application/json"):
    """Read a kind of body in another way."""
    documented = {"example": {"instances": [GOOD.example]}}
    return replace(GOOD, bodies={kind: Body(read=read, openapi=documented)})


def anything(request, _body, _header):
    return request.model_construct(instances=[])


def without_limit(request, body, _header):
    rows = json.loads(body)["instances"]
    return request.model_construct(instances=[Instance.model_validate(each) for each in rows])


def lax(**rules):
    """Change the request model."""
    return replace(GOOD, instance=type("Lax", (Instance,), rules))


def fails(*_):
    raise ValueError("decide is broken")


class Constant(Service):
    """A schema hash that looks at nothing."""

    schema_hash = "0" * 64


class Changing(Service):
    """A schema hash that differs from time to time."""

    @property
    def schema_hash(self):
        return str(random.random())


class Blind(Service):
    """An encoded example that hides a change of the encoding."""

    def encode_example(self):
        return np.zeros((1, 1), np.float32)


class Forgetful(BaseModel):
    """A decision that is not written down."""

    threshold: float = Field(default_factory=random.random, exclude=True)


class Tolerant(BaseModel):
    """A decision that takes anything."""

    threshold: float = 0.5

    @model_validator(mode="before")
    @classmethod
    def accept(cls, given):
        return given if isinstance(given, dict) else {}


class Undocumented(Label):
    """A prediction whose example is none."""

    label: str = Field(examples=[5])


class Silent(Instance):
    """A request model whose documentation has no meanings."""

    @classmethod
    def model_json_schema(cls, *args, **more):
        found = super().model_json_schema(*args, **more)
        for each in found["properties"].values():
            del each["description"]
        return found


def patched(target, name, value, service=GOOD):
    """Return the service and a patch of the library that breaks it."""
    return service, mock.patch.object(target, name, value)


async def whole_body(_limits, _fields, receive):
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def only_json(service, request, make=app.request_body, **options):
    return make(replace(service, bodies={}), request, **options)


def one_hash(_data):
    return SimpleNamespace(hexdigest=lambda: "0" * 64)
