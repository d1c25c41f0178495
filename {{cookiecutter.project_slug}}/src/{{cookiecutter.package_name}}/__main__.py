"""The service, as the image starts it: `python -m` and the package's name.

Process 1 of a container is deaf to SIGTERM until it has a handler, and what serve.py
imports takes a second: so the handler comes first.
"""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from .errors import run
    from .serve import main

    run(main)
