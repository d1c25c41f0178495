"""Signals and memory of the process."""

import platform
import signal
import subprocess
import sys

import pytest

from mlservice.process import exit_on_sigterm


def test_sigterm_ends_the_process_with_code_0():
    before = signal.getsignal(signal.SIGTERM)
    try:
        exit_on_sigterm()
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 0


def test_it_imports_nothing_that_takes_time():
    code = "import sys, mlservice.process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    slow = {"numpy", "pydantic", "onnxruntime", "fastapi", "asyncio", "yaml"}
    assert not slow & {*done.stdout.split()}


def test_sigterm_again_and_again_leaves_code_0():
    code = "from mlservice.process import exit_on_sigterm; exit_on_sigterm(); print(flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        while process.poll() is None:
            process.terminate()
    assert process.returncode == 0


FREED = """
import sys
from mlservice.process import return_freed_memory

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096

if sys.argv[1:]:
    return_freed_memory()
rest = resident()
large = b"-" * 30_000_000  # once it is freed, glibc keeps twice as much by default
del large
blocks = [b"-" * 1_000_000 for _ in range(50)]  # bytes(n) would map pages that are never touched
del blocks
print(resident() - rest)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_freed_memory_is_returned():
    by_default, returned = (
        int(subprocess.check_output((sys.executable, "-c", FREED, *more), text=True)) for more in ((), ("return",))
    )
    assert by_default > 40e6 and returned < 5e6
