"""The signal handler that a command sets before its slow imports."""

import subprocess
import sys

IN_A_DESTRUCTOR = """
import signal
from mlservice.process import exit_on_sigterm

class Released:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

exit_on_sigterm()
Released()
print("still alive")
"""


def test_sigterm_ends_the_process_even_in_a_destructor():
    done = subprocess.run([sys.executable, "-c", IN_A_DESTRUCTOR], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


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
