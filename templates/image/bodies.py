"""Which kinds of body `POST /predict` takes, and how each becomes a request.

A form with files is read as one instance a file: `curl -F image=@three.png`.
"""

import base64
from collections.abc import Callable, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

from .api import PredictRequest
from .schema import FEATURES

Reader = Callable[[type[PredictRequest], bytes, str], PredictRequest]


def from_json(
    request: type[PredictRequest], body: bytes, _header: str
) -> PredictRequest:
    """Read `{"instances": [...]}`; raise pydantic's ValidationError."""
    return request.model_validate_json(body)


def from_form(
    request: type[PredictRequest], body: bytes, header: str
) -> PredictRequest:
    """Read a form's files, in their order (RFC 7578); raise ValidationError."""
    rows = [
        {name: base64.b64encode(data).decode()} for name, data in parts(body, header)
    ]
    return request.model_validate({"instances": rows})


def parts(body: bytes, header: str) -> list[tuple[str, bytes]]:
    """Return name and content of each part; none if the body is no such form."""
    boundary = _parameter(header, "boundary", "content-type")
    if not boundary:
        return []
    found = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        given = BytesHeaderParser().parsebytes(head)["content-disposition"] or ""
        found.append((_parameter(given, "name", "content-disposition"), content))
    return found


def _parameter(value: str, name: str, header: str) -> str:
    message = Message()
    message[header] = value
    return str(message.get_param(name, "", header))


READERS: Mapping[str, Reader] = {  # by content type
    "application/json": from_json,
    "multipart/form-data": from_form,
}
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
OTHERS: dict[str, Any] = {  # than JSON, as OpenAPI describes them
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {feature.column: FILES for feature in FEATURES},
            "required": [feature.column for feature in FEATURES],
        }
    }
}
