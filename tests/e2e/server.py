"""A real `headrace up`, and the commands of somebody who is logged in to it."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

from e2e.command import DEADLINE_SECONDS, HEADRACE, environment, eventually, headrace

TOKEN = "a-token-of-the-tests-0123456789abcdef"

# Nothing of it takes a process: it starts at once.
GREET = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  version: {version}
  triggers:
    - name: api
      http: {{path: /{name}, reply: output}}
    - name: nightly
      cron: {{schedule: "0 3 * * *"}}
  steps:
    - check:
        switch:
          - wait: {{when: .wait == true, then: pause}}
          - refuse: {{when: .refuse == true, then: refuse}}
          - other: {{then: hello}}
    - hello: {{set: {{text: '${{ "{word} " + (.name // "you") }}'}}, then: end}}
    - refuse: {{raise: {{error: {{type: "https://example.com/refused", status: 402, title: Refused}}}}}}
    - pause: {{listen: {{to: {{one: {{with: {{type: com.example.go}}}}}}}}}}
"""


def greet(
    name: str = "greet", version: str = "1.0.0", word: str = "hello", namespace: str = "default"
) -> str:
    """Return a FlowApp that greets, waits for an event, or faults, as its input says."""
    return GREET.format(name=name, version=version, word=word, namespace=namespace)


class Up:
    """A server in a process of its own, on any free port, and a user with settings of their own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.store = folder / "server.db"
        self.log = folder / "up.log"
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it (again: on the same port) and wait until it takes work."""
        (self.home / "none").mkdir(exist_ok=True)
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [*HEADRACE, "up", *self._arguments, "--store", str(self.store), "--port", str(self.port)],
                cwd=self.home / "none",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(HEADRACE_TOKEN=TOKEN),
            )
        line = eventually(self._first_line, "the server's start")
        self.port = int(line.rpartition(":")[2])

    def _first_line(self) -> str | None:
        text = self.log.read_text()
        assert self._process is not None
        assert self._process.poll() is None, text
        return text.splitlines()[0] if "Headrace at " in text and "\n" in text else None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        if self._process is not None:
            process, self._process = self._process, None
            process.send_signal(number)
            try:
                process.wait(DEADLINE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    def login(self) -> None:
        """Log the user in."""
        self.run("login", self.url, "--name", "there", input=TOKEN + "\n")

    def run(
        self, *arguments: str, input: str | None = None, code: int | None = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the user."""
        settings = {"XDG_CONFIG_HOME": str(self.home / "settings"), **variables}
        return headrace(*arguments, cwd=self.home, input=input, code=code, **settings)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command of the user, and return it while it runs."""
        return subprocess.Popen(
            [*HEADRACE, *arguments],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(XDG_CONFIG_HOME=str(self.home / "settings")),
        )

    def data(self, *arguments: str) -> Any:
        """Return what a command writes as JSON."""
        import json

        return json.loads(self.run(*arguments, "-o", "json").stdout)

    def apply(self, text: str) -> None:
        """Deploy a FlowApp."""
        self.run("apply", "-f", "-", input=text)
