"""The requests that both versions are asked, made of the example in the OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\nno picture\r\n--x--\r\n'
LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"  # the server closes after this one
MOST = 40  # instances that the server of these requests takes at once
MAX_BODY = 1_000_000  # bytes, as the server comes
Example = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One request; `raw` holds all bytes of one that no HTTP client would send."""

    method: str = "POST"
    path: str = "/predict"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    raw: bytes = b""


def get(path: str, method: str = "GET", **headers: str) -> Case:
    """Return a request without a body."""
    return Case(method, path, None, {name.replace("_", "-"): value for name, value in headers.items()})


def post(body: Any, **more: Any) -> Case:
    """Return a prediction request; what is no bytes is sent as JSON, NaN as Python writes it."""
    return Case(body=body if isinstance(body, bytes) else json.dumps(body).encode(), **more)


def raw(line: str, headers: str, body: bytes = b"") -> Case:
    """Return a request as bytes: a refusal must come before the body has come, or without any."""
    return Case(raw=f"{line} HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode() + body)


def chunk(content: bytes) -> bytes:
    """Return one chunk of a body, without the chunk that ends it."""
    return b"%x\r\n%s\r\n" % (len(content), content)


def example_of(document: Mapping[str, Any]) -> Example:
    """Return the first instance of the document's example; empty where there is none."""
    try:
        content = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
        return content["example"]["instances"][0]
    except (KeyError, IndexError, TypeError):
        return {}


def pages() -> dict[str, Case]:
    """Return requests that need no instance: pages, and what is no page."""
    found = (
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/model",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/nothing",
        "/predict/",
    )
    named = {f"GET {path}": get(path) for path in found}
    named |= {f"HEAD {path}": get(path, "HEAD") for path in ("/healthz", "/predict", "/nothing")}
    named |= {f"{method} /predict": get("/predict", method) for method in ("GET", "PUT", "DELETE", "OPTIONS")}
    named |= {"POST /healthz": get("/healthz", "POST"), "POST /admin/reload": get("/admin/reload", "POST")}
    return named | {"GET /admin/reload": get("/admin/reload")}


def bodies() -> dict[str, Case]:
    """Return prediction requests whose body is wrong whatever the schema is."""
    return {
        "no body": post(b""),
        "bad JSON": post(b'{"instances": ['),
        "not UTF-8": post(b'{"instances": ["\xff"]}'),
        "a list": post([]),
        "no instances": post({"instances": []}),
        "instances of another type": post({"instances": "all"}),
        "an instance of another type": post({"instances": [1]}),
        "an empty instance": post({"instances": [{}]}),
        "unknown key beside instances": post({"instances": [{}], "threshold": 1}),
        "wrong content type": post({"instances": [{}]}, headers={"Content-Type": "text/csv"}),
        "no content type": post({"instances": [{}]}, headers={}),
        "form": post(b"a=b", headers=FORM),
        "form with a file": post(FILE, headers=FORM),
        "too large": raw("POST /predict", f"Content-Length: {MAX_BODY + 1}"),
        "too large, in chunks": raw("POST /predict", "Transfer-Encoding: chunked", chunk(b" " * (MAX_BODY + 1))),
        "no HTTP": Case(raw=b"HELLO\r\n\r\n"),
        "no length": raw("POST /predict", "Content-Length: many"),
        "endless header": Case(raw=b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000),
        "HTTP/2 offered": raw("GET /healthz", "Connection: Upgrade\r\nUpgrade: h2c", LAST),
        "proxy": raw("CONNECT shop.example:443", "Connection: close"),
    }


def instances(example: Example) -> dict[str, Case]:
    """Return prediction requests with good instances, and with one fault in each row."""
    fields = list(example)
    rows = {
        "good": [example],
        "three": [example] * 3,
        "unknown field": [{**example, "colour": "red"}],
        "too many instances": [example] * (MOST + 1),
        "each field missing": [{k: v for k, v in example.items() if k != name} for name in fields],
        **dict(replaced(example)),
    }
    return {name: post({"instances": given}) for name, given in rows.items()}


def replaced(example: Example) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield lists of instances: in row n the n-th field holds another value."""
    values = {"null": None, "an object": {}, "a text": "???", "true": True, "empty": ""}
    values |= {"low": -1e9, "high": 1e12, "a fraction": 0.5, "not a number": float("nan"), "infinite": float("inf")}
    for word, value in values.items():
        yield f"each field {word}", [{**example, name: value} for name in example]


def keyed(example: Example, client: str, admin: str) -> dict[str, Case]:
    """Return requests with no key, a wrong one and a right one."""
    keys = {"no key": {}, "wrong key": {"X-API-Key": "no-such-key-0123456789"}}
    keys |= {"client's key": {"X-API-Key": client}, "admin key": {"X-API-Key": admin}}
    body = json.dumps({"instances": [example]}).encode()
    paths = {"/predict": "POST", "/model": "GET", "/admin/reload": "POST", "/metrics": "GET", "/readyz": "GET"}
    found = {
        f"{method} {path}, {name}": Case(method, path, body if path == "/predict" else None, {**JSON, **key})
        for path, method in paths.items()
        for name, key in keys.items()
    }
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "X-API-Key"}
    found["preflight"] = get("/predict", "OPTIONS", Origin="https://shop.example", **asked)
    found["preflight of another site"] = get("/predict", "OPTIONS", Origin="https://else.example", **asked)
    return found | {"POST /predict, wrong body": post(b"{", headers={**JSON, "X-API-Key": client})}
