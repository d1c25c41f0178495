"""Parsers of the body of `POST /predict`, by media type, and their bounds.

A small body can hold a million objects that are no instances. Parsing them, and an
error for each, takes hundreds of megabytes: their number is bounded before.
"""

import base64
import re
from collections.abc import Callable, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from functools import partial

from fastapi import HTTPException

from mlservice.schema.declare import Row
from mlservice.schema.features import features_of
from mlservice.service import Body
from mlservice.serving.messages import Bounds, PredictRequest, too_many

Reader = Callable[[type[PredictRequest], bytes, str], PredictRequest]

SMALL = 4_096  # bytes of a body that cannot hold too much
strip_strings = partial(re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL).sub, b"")


def read_json(
    request: type[PredictRequest], body: bytes, _header: str
) -> PredictRequest:
    """Parse `{"instances": [...]}`; raise pydantic's ValidationError.

    Raise 413 or 422 for more objects, lists or values than instances can have.
    """
    if len(body) > SMALL:
        check_structure(body, request.bounds)
    return request.model_validate_json(body)


def check_structure(body: bytes, most: Bounds) -> None:
    """Raise 413 or 422 if JSON has more objects, keys or values than `most`.

    Signs within strings are counted, too, unless they make the difference.
    """
    if _exceeds(body, most):
        if fault := _exceeds(strip_strings(body), most):
            raise fault


def _exceeds(body: bytes, most: Bounds) -> HTTPException | None:
    """Return an error if a body has too many signs that begin or part values."""
    objects = body.split(b"{")
    if len(objects) > most.containers:
        return too_many(most.instances)
    for name, limit, found in (
        ("lists in the body", most.containers, body.count(b"[")),
        ("keys in an object", most.keys, max(part.count(b":") for part in objects)),
        ("values in an object", most.values, max(part.count(b",") for part in objects)),
    ):
        if found > limit:
            message = f"there are {found:,} {name}; {limit:,} at most are read"
            fault = {"row": None, "column": None, "message": message}
            return HTTPException(422, [fault])
    return None


READERS: Mapping[str, Reader] = {"application/json": read_json}  # by media type


def form_of_files(instance: type[Row]) -> Body:
    """Return a body of multipart form data (RFC 7578), one file per instance.

    The schema gets each file in base64, in the column that its field names.
    """
    columns = [feature.column for feature in features_of(instance)]
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    schema = {
        "type": "object",
        "properties": {column: files for column in columns},
        "required": columns,
    }
    return Body(read=_read_form, openapi={"schema": schema})


def _read_form(
    request: type[PredictRequest], body: bytes, header: str
) -> PredictRequest:
    """Parse the files of a form, in order; raise pydantic's ValidationError."""
    boundary = _parameter(header, "boundary", "content-type").encode()
    found = (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1] if boundary else []
    if len(found) > request.bounds.instances:
        raise too_many(request.bounds.instances)
    return request.model_validate({"instances": [_row_of(part) for part in found]})


def _row_of(part: bytes) -> dict[str, str]:
    """Return the row of one part: the content in base64, by the field's name."""
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    given = BytesHeaderParser().parsebytes(head)["content-disposition"] or ""
    name = _parameter(given, "name", "content-disposition")
    return {name: base64.b64encode(content).decode()}


def _parameter(value: str, name: str, header: str) -> str:
    """Return a parameter of a header's value; empty if it is absent."""
    message = Message()
    message[header] = value
    return str(message.get_param(name, "", header))
