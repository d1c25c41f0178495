"""`python benchmarks/hostile` runs, end to end; how fast it is on a busy machine is not judged."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(__file__).parents[3] / "benchmarks" / "hostile"


@pytest.mark.usefixtures("measurable")
def test_the_command_prints_a_table_and_leaves_nothing_behind():
    if missing := [name for name in ("setpriv", "taskset") if not shutil.which(name)]:
        pytest.skip(f"{', '.join(missing)} is not installed")
    command = [sys.executable, str(COMMAND), "--python", sys.executable, "--quick", "--only", "heads"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if "needs two cores" in done.stderr:
        pytest.skip("this machine has one core")
    judged = re.findall(r"^\| 7, malformed: .* \| (met|\*\*MISSED\*\*) \|$", done.stdout, re.MULTILINE)
    assert len(judged) == 3 and done.returncode == ("**MISSED**" in judged), done.stdout + done.stderr
