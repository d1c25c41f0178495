"""Endpoints that the user's `extend` adds, with the keys and limits of the library's.

Logs, metrics, security headers, X-Request-ID and the number of requests in flight apply
to them without this module. Middleware that `extend` adds wraps every endpoint, POST
/predict too, inside all of these, and sees a request before its key is compared. Its
exception handlers apply to every endpoint but POST /predict.
"""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from mlservice.errors import UserError
from mlservice.serving.auth import OPERATORS, NeedsKey
from mlservice.serving.messages import refusals

Extend = Callable[[FastAPI], None]


def no_endpoints(_app: FastAPI) -> None:
    """Add no endpoint."""


def add_endpoints(
    app: FastAPI, extend: Extend, key: NeedsKey | None, max_body_bytes: int
) -> None:
    """Call `extend`; `key`, if there is one, opens the endpoints that it adds.

    `app` has all endpoints of the library. Raise UserError if a route cannot be
    protected by a key, or has a path of the library's.
    """
    known = list(app.routes)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(413, _too_large)
    _set_defaults(app.router, key, max_body_bytes)
    extend(app)
    if {500, Exception} & set(app.exception_handlers):
        raise UserError(
            "serve.py: extend adds a handler of Exception or 500, which the library "
            "answers itself, without details; handle a class of your own"
        )
    new = [route for route in app.routes if not any(route is old for old in known)]
    library, added = [*iter_route_contexts(known)], [*iter_route_contexts(new)]
    for context in added:
        _check(context, library)
    if added:  # innermost, so that POST /predict does not pass it
        inner = Middleware(ExtensionMiddleware, key=key, routes=added)
        app.user_middleware.append(inner)


def _set_defaults(router: APIRouter, key: NeedsKey | None, most: int) -> None:
    """Give each route that is added from now on a key, its 401 and a body limit."""
    if key:
        router.dependencies = [*router.dependencies, Depends(key)]
        router.responses = {**router.responses, **refusals(401)}
    router.max_body_size = most


def _check(context: RouteContext, library: Sequence[RouteContext]) -> None:
    """Raise UserError if no key protects a route, or if its path is the library's."""
    route, path = context.original_route, context.path or ""
    if not isinstance(route, APIRoute):
        raise UserError(
            f"serve.py: extend adds the {type(route).__name__} {path}, which no key "
            "protects; add endpoints with app.get, app.post or app.include_router"
        )
    if path.startswith(OPERATORS):
        raise UserError(
            f"serve.py: extend adds {path}, but paths that begin with "
            f"{' or '.join(OPERATORS)} are for operators; give it another path"
        )
    for other in library:
        below = "/any" if isinstance(other.original_route, Mount) else ""
        hides = context.path_regex.match(f"{other.path}{below}")
        if hides or other.path_regex.match(path):
            raise UserError(
                f"serve.py: extend adds {path}, but {other.path} is the library's; "
                "give it another path"
            )


class ExtensionMiddleware:
    """ASGI middleware: key and route label of the endpoints that `extend` added.

    FastAPI calls dependencies after it has read and validated a body, so the key is
    compared here first; and it labels a router's endpoint without the router's prefix.
    """

    def __init__(
        self, app: ASGIApp, key: NeedsKey | None, routes: Sequence[RouteContext]
    ) -> None:
        """Wrap `app`; `key`, if there is one, opens `routes`."""
        self.app = app
        self.key = key
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        route = self._route_of(scope) if scope["type"] == "http" else None
        refused = await self._refusal(Request(scope)) if route else None
        try:
            await (refused or self.app)(scope, receive, send)
        finally:
            if route:
                scope["route"] = route

    async def _refusal(self, request: Request) -> Response | None:
        """Return a response if there must be a key, and the request has none."""
        try:
            if self.key:
                await self.key(request)
        except HTTPException as error:
            return await http_exception_handler(request, error)
        return None

    def _route_of(self, scope: Scope) -> RouteContext | None:
        """Return the endpoint of a path, preferably of its method."""
        found = [each for each in self.routes if each.path_regex.match(scope["path"])]
        same = [each for each in found if scope["method"] in (each.methods or ())]
        return next(iter(same + found), None)


async def _invalid(_request: Request, error: Exception) -> Response:
    """Return FastAPI's answer without the input: a secret, or a NaN that is no JSON."""
    assert isinstance(error, RequestValidationError)
    shown = ("type", "loc", "msg")
    detail = [{name: fault[name] for name in shown} for fault in error.errors()]
    return JSONResponse({"detail": detail}, 422)


async def _too_large(request: Request, error: Exception) -> Response:
    """Return FastAPI's answer, and close: the rest of the body is not read."""
    assert isinstance(error, StarletteHTTPException)
    headers = {**(error.headers or {}), "Connection": "close"}
    closing = HTTPException(error.status_code, error.detail, headers)
    return await http_exception_handler(request, closing)
