"""What would never be called is refused when the service starts; keys protect all else."""

from functools import partial

import pytest
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from starlette.routing import Route

from mlservice.errors import UserError, run
from mlservice.serving.app import create_app, serve
from mlservice.serving.settings import Settings
from mlservice.serving.shutdown import DrainingServer
from own_endpoints import KEY
from toys.classification import SERVICE


async def hello(_request):
    """Answer as an endpoint of Starlette does."""
    return PlainTextResponse("hello")


async def socket(websocket):
    """Answer on a web socket."""
    await websocket.accept()


def with_router(add):
    """Add what `add` adds, but to a router in a router."""

    def included(app):
        inner, outer = APIRouter(), APIRouter(prefix="/api")
        add(inner)
        outer.include_router(inner)
        app.include_router(outer)

    return included


WAYS = {
    "mount": lambda app: app.mount("/extra", PlainTextResponse("hello")),
    "route": lambda app: app.add_route("/extra", hello),
    "first": lambda app: getattr(app, "router", app).routes.insert(0, Route("/extra", hello)),
}
SOCKETS = {
    "websocket": lambda app: app.add_api_websocket_route("/extra", socket),
    "decorated websocket": lambda app: app.websocket("/extra")(socket),
}


@pytest.mark.parametrize("included", [False, True], ids=["app", "router"])
@pytest.mark.parametrize("way", WAYS)
def test_a_key_protects_what_is_added_in_any_way(way, included, serving):
    add, path = (with_router(WAYS[way]), "/api/extra") if included else (WAYS[way], "/extra")
    path += "/" * (way == "mount")
    with serving(extend=add, api_keys=KEY) as client:
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"X-API-Key": KEY}).text == "hello"


@pytest.mark.parametrize("included", [False, True], ids=["app", "router"])
@pytest.mark.parametrize("way", SOCKETS)
def test_a_web_socket_is_refused_in_one_sentence(way, included):
    add = with_router(SOCKETS[way]) if included else SOCKETS[way]
    with pytest.raises(UserError, match="^serve.py: extend adds the web socket (/api)?/extra"):
        create_app(SERVICE, Settings(), add)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/predict", "/predict is the library's"),
        ("/healthz", "/healthz is the library's"),
        ("/readyz", "/readyz is the library's"),
        ("/model", "/model is the library's"),
        ("/openapi.json", "/openapi.json is the library's"),
        ("/docs", "/docs is the library's"),
        ("/{name}", "is the library's"),
        ("/{rest:path}", "is the library's"),
        ("/metrics", "are for operators"),
        ("/admin/reload", "are for operators"),
        ("/admin/own", "are for operators"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_path_of_the_library_s_is_refused_in_one_sentence(method, path, reason):
    def shadow(app):
        getattr(app, method)(path)(lambda: "mine")

    def included(app):
        first, _, rest = path[1:].partition("/")
        router = APIRouter(prefix=f"/{first}" if rest else "")
        getattr(router, method)(f"/{rest or first}")(lambda: "mine")
        app.include_router(router)

    for add in (shadow, included):
        with pytest.raises(UserError, match="^serve.py: extend adds ") as caught:
            create_app(SERVICE, Settings(), add)
        assert str(caught.value).endswith(f"{reason}; give it another path") and path in str(caught.value)


def test_the_command_ends_with_one_line(monkeypatch, call, capsys):
    monkeypatch.setenv("SERVE_PORT", "0")
    monkeypatch.setattr(DrainingServer, "run", lambda *_args, **_more: None)  # else red would wait for ever
    with pytest.raises(SystemExit) as ended:
        run(partial(call, partial(serve, SERVICE, SOCKETS["websocket"])))
    line = str(ended.value.code)
    assert line.startswith("error: serve.py: extend adds the web socket /extra") and "\n" not in line
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("caught", [Exception, 500])
def test_a_handler_that_would_never_be_called_is_refused(caught):
    with pytest.raises(UserError, match="^serve.py: extend adds a handler of Exception or 500"):
        create_app(SERVICE, Settings(), lambda app: app.add_exception_handler(caught, hello))


@pytest.mark.parametrize("path", ["/static-offline-docs/own.js", "/{kind}/{name}"])
def test_files_of_the_documentation_are_the_library_s(path):
    with pytest.raises(UserError, match="/static-offline-docs is the library.s"):
        create_app(SERVICE, Settings(), lambda app: app.get(path)(lambda: "mine"))
