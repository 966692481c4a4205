"""Keeps one worker running beside the server: a fresh process, begun again when it dies, ended with the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress

from web.settings import Settings

_REST_S = 1.0
"""A worker that dies at once is not begun again at once; and the first one leaves the start to the server."""
_WAIT_S = 12.0


def environment(settings: Settings) -> dict[str, str]:
    """What the worker reads its settings from: this environment, with what the command line has changed."""
    changed = {"DIJIE_REGISTER": settings.register, "DIJIE_OFFICE": settings.office, "DIJIE_FILES": settings.files}
    found = {**os.environ, **{name: value for name, value in changed.items() if value}}
    found.pop("PYPINYIN_NO_PHRASES", None)  # the server does without phrases; who imports new names does not
    return found


def command(*, parent: int = 0) -> list[str]:
    """The command that starts a worker; it ends with the process ``parent``."""
    # -P: a folder in which the server is started is not searched for our packages
    return [sys.executable, "-P", "-m", "web.jobs.worker", *([str(parent)] if parent else [])]


class Keeper:
    """Has one worker, from the first `look` to `wait`."""

    def __init__(self, settings: Settings) -> None:
        self._environment = environment(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = time.monotonic()

    def look(self) -> None:
        """Begin the worker where there is none; to be called now and then."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() - self._begun < _REST_S:
            return
        self._begun = time.monotonic()
        # In a group of its own: Ctrl+C is for the server, which then ends the worker in its own time.
        self._process = subprocess.Popen(command(parent=os.getpid()), env=self._environment, process_group=0)  # noqa: S603

    def end(self) -> None:
        """Ask the worker to end."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def wait(self) -> None:
        """Wait until the worker has ended; a job that it could not end is left to the next one."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_WAIT_S)
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process = None
