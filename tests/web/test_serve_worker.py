"""The worker that `dijie serve` starts: one, small, begun again when it dies, gone however the server ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.access import Editor, Reader
from layers.office import jobs, open_office
from tests.serving import free_port

CLERK = Editor("liu", Reader(frozenset({"clerk"})))


def children(pid: int) -> dict[int, str]:
    """The processes that a process has started, with their commands."""
    found = {}
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = task.read_text().rsplit(")", 1)[1].split()
            command = (task.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found[int(task.parent.name)] = command
    return found


def workers(pid: int) -> list[int]:
    return [child for child, command in children(pid).items() if "web.jobs.worker" in command]


def until(look: Callable[[], Any], *, seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def server(own_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    port = free_port()
    program = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", str(port), "--workers", "1"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIJIE_")}
    process = subprocess.Popen(
        [*program, "--register", str(own_path)], env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except OSError:
            return False

    until(answers, seconds=60)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(20)


def test_one_worker_which_does_jobs_and_is_begun_again(server: subprocess.Popen[bytes], own_path: Path) -> None:
    [first] = until(lambda: workers(server.pid))
    os.kill(first, signal.SIGKILL)
    [second] = until(lambda: [pid for pid in workers(server.pid) if pid != first])
    with open_office(own_path.with_name("own.office.sqlite")) as office:
        params = {
            "layer": "tripoints", "format": "geojson", "crs": 4490, "encoding": "utf-8", "language": "en",
            "filters": {"asof": None, "classes": [], "county": "", "town": "", "bbox": None},
        }  # fmt: skip
        uuid = jobs.submit(office, "export", params, editor=CLERK).uuid
        job = until(lambda: (found := jobs.find(office, uuid, editor=CLERK)).is_open is False and found, seconds=60)
        assert isinstance(job, jobs.Job)
        assert job.state == "done"
    assert workers(server.pid) == [second]
    pages = int(Path(f"/proc/{second}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 45e6
    server.terminate()
    assert server.wait(20) == 0
    assert not is_there(second)


def test_a_killed_server_leaves_no_worker(server: subprocess.Popen[bytes]) -> None:
    [worker] = until(lambda: workers(server.pid))
    server.kill()
    server.wait()
    until(lambda: not is_there(worker), seconds=10)
