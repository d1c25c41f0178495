"""HTTP proxies: requests to this machine are sent directly.

HTTP_PROXY without NO_PROXY would send them to a proxy, whose localhost is another one.
"""

import os
from collections.abc import MutableMapping

NAMES = ("NO_PROXY", "no_proxy")  # some programs read only the one or the other
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # not [::1]: httpx takes no brackets


def exempt_loopback(environment: MutableMapping[str, str] = os.environ) -> None:
    """Add this machine to NO_PROXY, for this process and those that it starts."""
    listed = ",".join(environment.get(name, "") for name in NAMES)
    given = [entry.strip() for entry in listed.split(",") if entry.strip()]
    if "*" in given:
        return  # no proxy at all; urllib knows that only if nothing else is listed
    entries = ",".join(dict.fromkeys([*given, *LOOPBACK]))
    environment.update(dict.fromkeys(NAMES, entries))
