"""Script that runs in a container of the service: `python - <request_prediction.py`.

There it finds port and keys in the environment, and it needs only what Python brings.
It asks /readyz, and /predict for the documented example; its last line says why not.
"""

import http.client
import json
import os
import sys
from typing import Any

TIMEOUT = 20  # seconds for one answer


def address(environment: Any = os.environ) -> tuple[str, int]:
    """Return where the service of this container listens."""
    host = environment.get("SERVE_HOST", "")
    host = "localhost" if host in ("", "::", "0.0.0.0") else host
    return host, int(environment.get("SERVE_PORT", "8000"))


def request(method: str, path: str, body: Any = None) -> Any:
    """Send a request with the first of the service's keys; return the answer's JSON."""
    key = os.environ.get("SERVE_API_KEYS", "").split(",")[0].strip()
    headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
    connection = http.client.HTTPConnection(*address(), timeout=TIMEOUT)
    sent = None if body is None else json.dumps(body)
    connection.request(method, path, sent, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    if answer.status != 200:
        sys.exit(f"{method} {path} answered {answer.status}: {text[:300]}")
    return json.loads(text)


def main() -> None:
    """Print version and prediction as one line of JSON, or exit with the reason."""
    try:
        request("GET", "/readyz")
        operation = request("GET", "/openapi.json")["paths"]["/predict"]["post"]
        example = operation["requestBody"]["content"]["application/json"]["example"]
        answer = request("POST", "/predict", example)
        found = {"model_version": answer["model_version"]}
        found["prediction"] = answer["predictions"][0]
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.exit(f"the service does not answer: {error!r}")
    except (KeyError, IndexError, TypeError) as error:
        sys.exit(f"the service answers without what it documents: {error!r}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
