"""Headless Chromium, driven by the DevTools protocol over two pipes: it needs no driver and no package.

https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome")
SECONDS = 20  # until a condition counts as failed
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-proxy-server",
)


class Browser:
    """A browser with one tab at a time."""

    def __init__(self, commands, events):
        """Speak over two files, to the browser and from it; each message ends with a zero byte."""
        self._commands, self._events, self._number = commands, events, 0
        self.tab, self.messages, self._context = None, [], None

    def send(self, method, **params):
        """Send a command; return its result, and keep the messages that come before it."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        command |= {"sessionId": self.tab} if self.tab else {}
        self._commands.write(json.dumps(command).encode() + b"\0")
        self._commands.flush()
        while True:
            message = self._next()
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]
            self.messages.append(message)

    def _next(self):
        """Return the next message."""
        found = bytearray()
        while not found.endswith(b"\0"):
            found += (byte := self._events.read(1))
            assert byte, "the browser has ended"
        return json.loads(found[:-1])

    def open(self, url):
        """Open a page in a new tab of an empty profile, and wait until it is loaded."""
        self.tab, self.messages = None, []
        if self._context:
            self.send("Target.disposeBrowserContext", browserContextId=self._context)
        self._context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=self._context)["targetId"]
        self.tab = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.send(f"{domain}.enable")
        self.send("Page.navigate", url=url)
        self.until("document.readyState == 'complete'")

    def run(self, script):
        """Run JavaScript; return its value."""
        found = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, script):
        """Wait until JavaScript gives what is true; return it."""
        end = time.monotonic() + SECONDS
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"{script}: {self.run('document.body.innerText')}"
            time.sleep(0.02)
        return value

    def complaints(self):
        """Return what the console has: failed requests, refusals of the policy, exceptions."""
        self.send("Runtime.evaluate", expression="1")
        kinds = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        return [message["params"] for message in self.messages if message["method"] in kinds]


@contextmanager
def browsing(profile):
    """Start a browser with a profile in a folder; give it."""
    from_us, to_browser = os.pipe()
    from_browser, to_us = os.pipe()
    # The browser reads its descriptor 3 and writes to 4.
    script = f'exec "$0" "$@" 3<&{from_us} 4>&{to_us}'
    command = ["bash", "-c", script, PROGRAM, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        open(to_browser, "wb") as commands,
        open(from_browser, "rb") as events,
        subprocess.Popen(command, pass_fds=(from_us, to_us), **quiet) as process,
    ):
        os.close(from_us)
        os.close(to_us)
        try:
            yield Browser(commands, events)
        finally:
            commands.close()  # it ends when its input does
            process.wait(SECONDS)
