"""The signal handler that a command sets before its slow imports."""

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
