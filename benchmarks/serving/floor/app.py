"""The floor: bare ASGI that parses the same JSON and answers a constant; the limit less this is what FastAPI costs."""

import json

ANSWER = b'{"predictions":[{"label":"yes","probabilities":{"no":0.25,"yes":0.75}}],"model_version":"0123456789ab"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]


async def app(_scope, receive, send) -> None:
    """Read the body to its end, parse it, and answer the same, whoever asks."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    json.loads(body)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})
