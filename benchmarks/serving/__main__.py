"""Serve one model in ten ways on one core, ask from another, and compare.

--project takes a rendered project of the task `classification` in which `make setup pipeline` was run; without it one is
rendered and set up in a temporary folder first. Peers are installed under build/benchmarks/, once. Tables and a plot are
printed and written there, too. The exit status is 1 where a target is missed.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # benchmarks/, whose modules are shared
# pylint: disable=wrong-import-position
from common import judged, names_of, tool, trained_project  # noqa: E402
from processes import cores  # noqa: E402
from serving.contenders import Bench, enter_all, same_answers  # noqa: E402
from serving.peers import PEERS  # noqa: E402
from serving.publish import machine, text_of, write  # noqa: E402
from serving.report import verdicts  # noqa: E402
from serving.rounds import figures, measure  # noqa: E402
from serving.soak import soak  # noqa: E402

CONNECTIONS = [1, 8, 32, 256]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python benchmarks/serving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--project", type=Path, help="a rendered project, set up and trained")
    parser.add_argument(
        "--only", type=names_of("service", PEERS), default=list(PEERS), help=f"some of {','.join(PEERS)}"
    )
    parser.add_argument("--quick", action="store_true", help="2 rounds of 1 s instead of 5 of 3: under five minutes")
    parser.add_argument("--soak", type=int, metavar="N", help="send so many requests to ours instead, watch its memory")
    parser.add_argument("--docs", action="store_true", help="write tables and plot into docs/reference, too")
    return parser.parse_args()


def compare(bench: Bench, args: argparse.Namespace) -> bool:
    """Measure, print, write; tell whether every target is met."""
    rounds, seconds = (2, 1) if args.quick else (5, 3)
    where = machine(rounds, seconds)
    with contextlib.ExitStack() as stack:
        there, absent = enter_all(stack, bench, args.only)
        print(f"The probability for the example: {same_answers(there)}", file=sys.stderr)
        found = figures(there, absent, measure(there, CONNECTIONS, rounds, seconds))
    lines = verdicts(found, args.only)
    text = text_of(found, lines, where)
    print(text)
    write(found, text, bench.python, args.docs)
    return not any(line.met is False for line in lines)


def main() -> int:
    """Compare, or soak; return 1 where a target is missed."""
    args = arguments()
    for needed in ("setpriv", "taskset", "wrk", "uv"):  # what is absent is said before anything is set up
        tool(needed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped, and every service with it"))
    print(f"Services on core {cores()[0]}, wrk on core {cores()[1]}; load: {os.getloadavg()[0]:.1f}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(trained_project(args.project, Path(name)), Path(name))
        met = judged(soak(bench, args.soak)) if args.soak else compare(bench, args)
    return 0 if met else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped, and every service with it")
