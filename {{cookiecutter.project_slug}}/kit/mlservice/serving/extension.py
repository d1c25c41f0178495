"""Endpoints that the user's `extend` adds.

Logs, metrics, security headers, keys and limits are middleware around them. Middleware
that `extend` adds wraps every endpoint inside of these.
"""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute

from mlservice.errors import UserError
from mlservice.serving.auth import OPERATORS

Extend = Callable[[FastAPI], None]


def no_endpoints(_app: FastAPI) -> None:
    """Add no endpoint."""


def add_endpoints(app: FastAPI, extend: Extend) -> None:
    """Call `extend`; raise UserError if it adds what would never be called.

    `app` has all endpoints of the library.
    """
    known = list(app.routes)
    app.add_exception_handler(RequestValidationError, _invalid)
    extend(app)
    if {500, Exception} & set(app.exception_handlers):
        raise UserError(
            "serve.py: extend adds a handler of Exception or 500, which the library "
            "answers itself, without details; handle a class of your own"
        )
    library = [*iter_route_contexts(known)]
    new = [route for route in app.routes if not any(route is old for old in known)]
    for context in iter_route_contexts(new):
        path, fault = context.path or "/", ""
        if isinstance(context.original_route, WebSocketRoute):
            raise UserError(f"serve.py: extend adds the web socket {path}; use HTTP")
        if path.startswith(OPERATORS):
            fault = f"paths that begin with {' or '.join(OPERATORS)} are for operators"
        for other in library:
            below = "/any" if isinstance(other.original_route, Mount) else ""
            hides = context.path_regex.match(f"{other.path}{below}")
            if hides or other.path_regex.match(path):
                fault = fault or f"{other.path} is the library's"
        if fault:
            advice = "give it another path"
            raise UserError(f"serve.py: extend adds {path}, but {fault}; {advice}")


async def _invalid(_request: Request, error: Exception) -> Response:
    """Return FastAPI's answer without the input: a secret, or a NaN that is no JSON."""
    assert isinstance(error, RequestValidationError)
    shown = ("type", "loc", "msg")
    detail = [{name: fault[name] for name in shown} for fault in error.errors()]
    return JSONResponse({"detail": detail}, 422)
