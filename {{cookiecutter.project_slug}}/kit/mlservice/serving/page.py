"""The page at `/` that asks for predictions: static files, and their policy.

Its script makes the form from the OpenAPI document.
"""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import iter_route_contexts
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).with_name("page_files")
INDEX = "index.html"
PATHS = {"/": INDEX} | {f"/page/{file.name}": file.name for file in FOLDER.iterdir()}


def add_page(app: FastAPI) -> frozenset[str]:
    """Add the page and return its paths: none if the user's `extend` has one of them.

    It needs no key, since it holds no secret: its script asks for one.
    """
    known = [route.path_regex for route in iter_route_contexts(app.routes)]
    if any(pattern.match(path) for pattern in known for path in PATHS):
        return frozenset()
    files = StaticFiles(directory=FOLDER)

    async def page(request: Request) -> Response:
        """Return a file, or 304 to a browser that has it.

        Links are relative: the path prefix of a proxy gets its slash first.
        """
        prefix = request.scope["root_path"]
        if prefix and request.scope["raw_path"] == prefix.encode():
            return RedirectResponse(f"{prefix}/")
        name = PATHS[request.scope["route"].path]
        return await files.get_response(name, request.scope)

    for path in PATHS:
        methods = ["GET", "HEAD"]
        app.api_route(path, methods=methods, include_in_schema=False)(page)
    return frozenset(PATHS)
