"""Endpoints of a user's own, added in each way that `extend` allows."""

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel

KEY, OTHER, ADMIN = (f"{name}-key-0123456789" for name in ("client", "other", "admin"))
MOST = 1_000  # bytes of a body
SENT = {"X-API-Key": KEY}


class Order(BaseModel):
    """The body of an endpoint of one's own."""

    amount: float


def extend(app):
    """Add an endpoint in each way that is allowed."""
    inner, outer = APIRouter(prefix="/inner"), APIRouter()

    @app.get("/own/{name}")
    async def own(name: str):
        if name == "defect":
            raise RuntimeError("the inner secret")
        if name == "none":
            raise HTTPException(404, "no such name")
        return {"name": name}

    @app.post("/order")
    def order(body: Order):
        return {"amount": body.amount}

    @app.post("/raw")
    async def raw(request: Request):
        return len(await request.body())

    @outer.post("/order")
    async def routed(body: Order):
        return body

    @inner.get("/deep/{number}")
    async def deep(number: int):
        return number

    outer.include_router(inner)
    app.include_router(outer, prefix="/routed")
    app.add_api_route("/added", lambda: "added", methods=["GET"])


ENDPOINTS = [
    ("GET", "/own/x", {}),
    ("POST", "/order", {"json": {"amount": 1}}),
    ("POST", "/raw", {"content": b"raw"}),
    ("POST", "/routed/order", {"json": {"amount": 1}}),
    ("GET", "/routed/inner/deep/7", {}),
    ("GET", "/added", {}),
]
TEMPLATES = {"/own/x": "/own/{name}", "/routed/inner/deep/7": "/routed/inner/deep/{number}"}
