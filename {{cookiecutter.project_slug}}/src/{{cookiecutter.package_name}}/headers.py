"""What each answer tells a browser: guess nothing, load nothing, tell nobody.

uvicorn adds ALWAYS to each answer, its own refusals too; what depends on the path, and
so needs the application, comes from Policies.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]

NOTHING = "default-src 'none'; frame-ancestors 'none'"
# The pages that describe the API run a script of their own, in the page and as a file.
PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGES = ("/docs", "/redoc")

DATA_HEADERS = [
    (b"content-security-policy", NOTHING.encode()),
    (b"cache-control", b"no-store"),
]
PAGE_HEADERS = [(b"content-security-policy", PAGE.encode())]


class Policies:
    """ASGI middleware around all others: the headers that depend on the path."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = PAGE_HEADERS if scope["path"] in PAGES else DATA_HEADERS

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, with_policy)
