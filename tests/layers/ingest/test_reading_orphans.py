"""A reading ends with the process that asked for it, however that one ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the alarm ends it")
def test_no_reading_outlives_who_asked(tmp_path: Path) -> None:
    pipe = tmp_path / "never.csv"
    os.mkfifo(pipe)  # whoever opens it waits
    program = (
        f"from pathlib import Path; from layers.ingest.reading import read_isolated; read_isolated(Path({str(pipe)!r}))"
    )
    asking = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)})
    try:
        reading = _wait_for(lambda: _waiting_child(asking.pid))
    finally:
        asking.send_signal(signal.SIGKILL)
        asking.wait()
    assert reading
    assert _wait_for(lambda: not _runs(reading))


def _wait_for(found):  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.05)
    return None


def _waiting_child(parent: int) -> int:
    """A child that has confined itself: it has become nicer."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next((int(pid) for pid in listed if os.getpriority(os.PRIO_PROCESS, int(pid)) > os.nice(0)), 0)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
