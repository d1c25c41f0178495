"""Send a service what no client should, measure what it costs, and say which goals are met.

The services are the toys of tests/kit, served by the library of this checkout on one core; clients run on another.
--against takes the folder of another checkout of the template: each part is measured on its library, too, and the part
`speed` sends small predictions to both in turns. The exit status is 1 where a goal is missed.
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path += [str(HERE.parent), str(ROOT / "tests/kit")]  # what benchmarks share, and `hostile`: what tests send
# pylint: disable=wrong-import-position
from checkouts import Checkout, python_of  # noqa: E402
from common import judged, names_of, say, tool  # noqa: E402
from endurance import growth, speed  # noqa: E402
from memory_of_refusals import crowd, refusals  # noqa: E402
from parts import FULL, QUICK, Part, beside, write  # noqa: E402
from patience import end, heads, others, slow_posts, stdout  # noqa: E402
from processes import cores  # noqa: E402
from wire import wire  # noqa: E402

PARTS = {
    "refusals": Part("1, a refusal", refusals),
    "crowd": Part("1, in a container", crowd),
    "slow": Part("2, slow posts", slow_posts),
    "others": Part("6, beside a hostile client", others),
    "heads": Part("7, malformed", heads),
    "end": Part("12, the end", end),
    "stdout": Part("12, the log", stdout),
    "wire": Part("3, 4, 5, 8, 10, 11, wire", wire),
    "growth": Part("memory", growth),
    "speed": Part("speed", compare=speed),
}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python benchmarks/hostile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", type=names_of("part", PARTS), default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout of the template")
    parser.add_argument("--python", help="one with the library's requirements; else that of `make test-kit`")
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the bodies and requests: five minutes")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/reference, too")
    args = parser.parse_args()
    if args.only == ["speed"] and not args.against:
        parser.error("speed is a comparison: say --against FOLDER")
    return args


def main() -> int:
    """Measure each part, print one table, and return 1 where a goal is missed."""
    args = arguments()
    for needed in ("setpriv", "taskset"):  # what is absent is said before anything is measured
        tool(needed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped, and every service with it"))
    print(
        f"Services on core {cores()[0]}, clients on core {cores()[1]}; load: {os.getloadavg()[0]:.1f}", file=sys.stderr
    )
    python, lines = python_of(args.python), []
    with tempfile.TemporaryDirectory() as folder:
        now = Checkout(ROOT, python, Path(folder) / "now")
        before = Checkout(args.against.resolve(), python, Path(folder) / "before") if args.against else None
        for name in args.only:
            say(name)
            lines += beside(PARTS[name], now, before, QUICK if args.quick else FULL)
    met = judged(lines)
    if args.docs:
        write(lines)
    return 0 if met else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped, and every service with it")
