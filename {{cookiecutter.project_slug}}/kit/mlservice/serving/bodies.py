"""Parsers of the body of `POST /predict`, by media type."""

import base64
from collections.abc import Callable, Mapping
from email.message import Message
from email.parser import BytesHeaderParser

from mlservice.schema.declare import Row
from mlservice.schema.features import features_of
from mlservice.service import Body
from mlservice.serving.messages import PredictRequest

Reader = Callable[[type[PredictRequest], bytes, str], PredictRequest]


def from_json(
    request: type[PredictRequest], body: bytes, _header: str
) -> PredictRequest:
    """Parse `{"instances": [...]}`; raise pydantic's ValidationError."""
    return request.model_validate_json(body)


READERS: Mapping[str, Reader] = {"application/json": from_json}  # by media type


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
    return Body(read=_from_form, openapi={"schema": schema})


def _from_form(
    request: type[PredictRequest], body: bytes, header: str
) -> PredictRequest:
    """Parse the files of a form, in order; raise pydantic's ValidationError."""
    rows = [
        {name: base64.b64encode(data).decode()} for name, data in _parts(body, header)
    ]
    return request.model_validate({"instances": rows})


def _parts(body: bytes, header: str) -> list[tuple[str, bytes]]:
    """Return name and content of each part; an empty list if it is no form data."""
    boundary = _parameter(header, "boundary", "content-type")
    if not boundary:
        return []
    found = []
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        given = BytesHeaderParser().parsebytes(head)["content-disposition"] or ""
        found.append((_parameter(given, "name", "content-disposition"), content))
    return found


def _parameter(value: str, name: str, header: str) -> str:
    """Return a parameter of a header's value; empty if it is absent."""
    message = Message()
    message[header] = value
    return str(message.get_param(name, "", header))
