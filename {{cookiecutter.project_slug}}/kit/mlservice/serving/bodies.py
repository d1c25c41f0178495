"""Parsers of the body of `POST /predict`, by media type, and their bounds.

A small body can hold a million objects that are no instances. Parsing them, and an
error for each, takes hundreds of megabytes: their number is bounded before.
"""

import base64
import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesHeaderParser
from functools import partial

from fastapi import HTTPException

from mlservice.schema.declare import Row
from mlservice.schema.features import features_of
from mlservice.service import Body
from mlservice.serving.messages import Bounds, PredictRequest, fault, too_many

Model = type[PredictRequest]
Reader = Callable[[Model, bytes, str], PredictRequest]

SMALL = 4_096  # bytes of a body that cannot hold too much
MAX_HEAD = 1_000  # bytes of a header with parameters: parsing takes quadratic time
strip_strings = partial(re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL).sub, b"")


def read_json(request: Model, body: bytes, _header: str) -> PredictRequest:
    """Parse `{"instances": [...]}`; raise pydantic's ValidationError.

    Raise 413 or 422 for more objects, lists or values than instances can have.
    """
    if len(body) > SMALL:
        check_structure(body, request.bounds)
    return request.model_validate_json(body)


def check_structure(body: bytes, most: Bounds) -> None:
    """Raise 413 or 422 if JSON has more objects, strings or values than `most`.

    Signs within strings are counted, too, unless they make the difference.
    """
    if body.count(b'"') - body.count(b'\\"') > 2 * most.strings:
        many = body.count(b"{") > most.objects
        raise too_many(most.instances) if many else _too_many("strings", most.strings)
    if _exceeds(body, most):
        if error := _exceeds(strip_strings(body), most):
            raise error


def _exceeds(body: bytes, most: Bounds) -> HTTPException | None:
    """Return an error if a body has too many signs that begin or part values."""
    if body.count(b"{") > most.objects:
        return too_many(most.instances)
    if body.count(b"[") > most.objects:
        return _too_many("lists in the body", most.objects)
    for part in body.split(b"{"):
        if part.count(b":") > most.keys:
            return _too_many(f"keys in an object: {part.count(b':'):,}", most.keys)
        if part.count(b",") > most.values:
            return _too_many("values in an object", most.values)
    return None


def _too_many(things: str, most: int) -> HTTPException:
    message = f"there are too many {things}; {most:,} at most are read"
    return HTTPException(422, [fault(message)])


def form_of_files(instance: type[Row]) -> Body:
    """Return a body of multipart form data (RFC 7578), one file per instance.

    The schema gets each file in base64, in the column that its field names.
    """
    features = features_of(instance)
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    schema = {
        "type": "object",
        "properties": {feature.column: files for feature in features},
        "required": [each.column for each in features if not each.optional],
    }
    return Body(read=_read_form, openapi={"schema": schema})


def _read_form(request: Model, body: bytes, header: str) -> PredictRequest:
    """Parse the files of a form, in order; raise pydantic's ValidationError."""
    boundary = _parameter(header, "boundary", "content-type").encode()
    most = request.bounds.instances
    found = (b"\r\n" + body).split(b"\r\n--" + boundary, most + 2) if boundary else []
    if len(found) > most + 2:
        raise too_many(most)
    found = found[1:-1]
    return request.model_validate({"instances": [_row_of(part) for part in found]})


def _row_of(part: bytes) -> dict[str, str]:
    """Return the row of one part: the content in base64, by the field's name."""
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    given = BytesHeaderParser().parsebytes(head[:MAX_HEAD])["content-disposition"] or ""
    name = _parameter(given, "name", "content-disposition")
    return {name: base64.b64encode(content).decode()}


def _parameter(value: str, name: str, header: str) -> str:
    """Return a parameter of a header's value; empty if it is absent."""
    message = Message()
    message[header] = value[:MAX_HEAD]
    return str(message.get_param(name, "", header))
