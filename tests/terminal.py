"""Type answers at an engine's prompts, in a real terminal, as a person would."""

import json
import os
import pty
import select
import subprocess
import termios
from pathlib import Path

from conftest import TOOLS

CLEAR_LINE, DOWN = "\x15", "\x1b[B"  # Ctrl-U takes away the default that Copier has written already
PATIENCE = 30  # seconds for an engine to say something


def keys(engine: str, choices: list[str], answer: str | None) -> str:
    """Return the keys that give the answer, or that accept the default where it is None."""
    if answer is None:
        return "\r"
    if engine == "cookiecutter":
        return (str(choices.index(answer) + 1) if choices else answer) + "\r"
    return (DOWN * choices.index(answer) if choices else CLEAR_LINE + answer) + "\r"


def listen(terminal: int) -> str:
    """Return what the engine says next, "" where it has ended."""
    assert select.select([terminal], [], [], PATIENCE)[0], "the engine waits for something that was not typed"
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # how Linux says that nobody holds the other end any more
        return ""


def open_terminal(command: list, folder: Path) -> tuple[subprocess.Popen, int]:
    """Start the command in a new terminal, so wide that no line is wrapped; return it and our end of the terminal."""
    terminal, engines_end = pty.openpty()
    termios.tcsetwinsize(engines_end, (50, 400))
    env = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1"}
    ends = {"stdin": engines_end, "stdout": engines_end, "stderr": engines_end}
    # pylint: disable-next=consider-using-with  # the caller waits for it
    process = subprocess.Popen(command, cwd=folder, env=env, start_new_session=True, **ends)
    os.close(engines_end)
    return process, terminal


def type_answers(engine: str, template: Path, output: Path, answers: dict[str, str]) -> tuple[int, str]:
    """Answer each question when it is asked; return the exit code and all that was on the screen."""
    questions = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    words = {
        "cookiecutter": [template, "-o", output],
        "copier": ["copy", "--vcs-ref", "HEAD", template, output / "made"],
    }
    process, terminal = open_terminal([TOOLS / engine, *words[engine]], output)
    screen, read = "", 0
    with process:
        for question, prompt in questions["__prompts__"].items():
            prompt, choices = (prompt, []) if isinstance(prompt, str) else (prompt["__prompt__"], questions[question])
            while prompt not in screen[read:]:
                heard = listen(terminal)
                assert heard, f"the engine ended before it asked for {question}:\n{screen}"
                screen += heard
            read = len(screen)
            os.write(terminal, keys(engine, choices, answers.get(question)).encode())
        while heard := listen(terminal):
            screen += heard
    os.close(terminal)
    return process.returncode, screen
