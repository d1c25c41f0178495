"""Wire shapes, clients and proxies: the tests of tests/kit/wire, counted."""

import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter

from checkouts import Checkout
from common import Line
from parts import Scale
from trial import ROOT  # in tools/, where common looks

TESTS = ROOT / "tests/kit/wire"  # of this checkout, whichever library they try
PATIENCE = 600  # seconds


def wire(checkout: Checkout, _: Scale) -> list[Line]:
    """Run the tests against a checkout's library; a line for each file of tests."""
    report = checkout.folder / "wire.xml"
    command = [checkout.python, "-m", "pytest", str(TESTS), "-q", "-p", "no:cacheprovider", f"--junit-xml={report}"]
    command += [
        "-o",
        f"pythonpath={shlex.join((str(ROOT / 'tests/kit'), str(checkout.library)))}",
        "-o",
        "junit_family=xunit1",
    ]
    subprocess.run(command, env=checkout.environment, stdout=sys.stderr, timeout=PATIENCE, check=False)
    return lines_of(report.read_text(encoding="utf-8"))


def lines_of(report: str) -> list[Line]:
    """Count the tests of each file in a report of pytest; a skipped one shows nothing."""
    passed, failed, skipped = (Counter[str]() for _ in range(3))
    for case in ET.fromstring(report).iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None
        counts = failed if bad else passed if case.find("skipped") is None else skipped
        counts[case.get("classname", "").rpartition(".")[2].removeprefix("test_").replace("_", " ")] += 1
    names = sorted({*passed, *failed, *skipped})
    return [_line(name, passed[name], failed[name], skipped[name]) for name in names]


def _line(name: str, passed: int, failed: int, skipped: int) -> Line:
    shown = f"{passed} of {passed + failed}" + (f", {skipped} skipped" if skipped else "")
    return Line(f"{name}: tests that pass", shown, "all", not failed and passed > 0)
