"""A service returns freed memory to the system."""

import platform
import subprocess
import sys

import pytest

FREED = """
import sys
from mlservice.serving.model_loading import return_freed_memory

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
