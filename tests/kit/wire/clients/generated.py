"""Predicts with a client that openapi-python-client made; runs in an environment that has what such clients need.

Arguments: the client's folder, the service's address, a key. The standard input has a request;
the standard output gets what came for it, for the same with another key, and for one without rows.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints


def main(folder, url, key):
    """Predict, and print status and parsed answer of each request."""
    sys.path.insert(0, str(folder.parent))
    package = folder.name
    [file] = [each for each in folder.glob("api/*/*.py") if '"url": "/predict"' in each.read_text(encoding="utf-8")]
    endpoint = import_module(f"{package}.api.{file.parent.name}.{file.stem}")
    given_as = get_type_hints(endpoint.sync_detailed)["body"]
    [body] = [each for each in get_args(given_as) or [given_as] if hasattr(each, "instances")]
    client = import_module(f"{package}.client").AuthenticatedClient
    given = json.load(sys.stdin)
    for request, token in ((given, key), (given, f"not-{key}"), ({"instances": []}, key)):
        settings = {"prefix": "", "auth_header_name": "X-API-Key", "raise_on_unexpected_status": True}
        answer = endpoint.sync_detailed(client=client(url, token=token, **settings), body=body.from_dict(request))
        print(json.dumps([answer.status_code, answer.parsed.to_dict()]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
