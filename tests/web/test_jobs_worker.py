"""The worker in a process of its own: done, refused, cancelled, killed, begun again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.access import Editor, Reader
from layers.office import Office, jobs, open_office
from layers.office.jobs import Job

ROOT = Path(__file__).parents[2]
CLERK = Editor("liu", Reader(frozenset({"clerk"})))
PROGRAM = """
import os, signal, sys
from layers.office import Office
from web.jobs.parent import end_with
from web.jobs.worker import Worker
from web.settings import Settings
parent = int(sys.argv[1])
if parent:
    end_with(parent, signal.SIGTERM)
settings = Settings.from_environment(os.environ)
worker = Worker(Office(settings.office_address), settings, kinds="tests.web.job_kinds:KINDS", parent=parent)
signal.signal(signal.SIGTERM, worker.end)
print("working", flush=True)
worker.run()
"""


class Place:
    """An office, and workers for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = str(folder / "dijie.office.sqlite")
        self.office: Office = open_office(self.address)
        self.processes: list[subprocess.Popen[bytes]] = []

    def worker(self, parent: int = 0) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DIJIE_OFFICE": self.address,
            "DIJIE_FILES": str(self.folder / "files"),
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(parent)], env=environment, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        self.processes.append(process)
        return process

    def submit(self, kind: str, **params: Any) -> str:
        return jobs.submit(self.office, kind, {**params, "notes": str(self.notes)}, editor=CLERK).uuid

    @property
    def notes(self) -> Path:
        return self.folder / "notes"

    def noted(self) -> list[str]:
        return [line.split()[0] for line in self.notes.read_text().splitlines()] if self.notes.exists() else []

    def job(self, uuid: str) -> Job:
        return jobs.find(self.office, uuid, editor=CLERK)

    def until(self, uuid: str, is_so: Callable[[Job], bool], *, seconds: float = 30) -> Job:
        deadline = time.monotonic() + seconds
        while not is_so(job := self.job(uuid)):
            assert time.monotonic() < deadline, job
            time.sleep(0.05)
        return job

    def ended(self, uuid: str, **more: Any) -> Job:
        return self.until(uuid, lambda job: not job.is_open, **more)

    def begun(self, uuid: str) -> int:
        """Wait until a job's own process has begun; gives that process."""
        deadline = time.monotonic() + 20
        while "begun" not in self.noted():
            assert time.monotonic() < deadline, self.job(uuid)
            time.sleep(0.02)
        return int(self.notes.read_text().split()[1])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    for process in found.processes:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    found.office.close()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_done_refused_and_broken(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    place.worker()
    done, refused, broken, died = (place.submit(kind) for kind in ("count", "refuse", "break", "die"))
    job = place.ended(done)
    assert (job.state, job.result, job.share) == ("done", {"counted": 3}, 1.0)
    job = place.ended(refused)
    assert job.state == "failed"
    assert job.error is not None
    assert (job.error.template, job.error.params) == ("Row %(row)s cannot be read.", {"row": 7})
    job = place.ended(broken)
    assert job.error is not None
    assert (job.state, job.error.code) == ("failed", "job-broken")
    job = place.ended(died)
    assert job.error is not None
    assert (job.state, job.error.code, job.error.params["reason"]) == ("failed", "job-ended", "signal 9")
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_progress_is_seen_while_it_runs(place: Place) -> None:
    place.worker()
    uuid = place.submit("count", steps=15)
    job = place.until(uuid, lambda job: 0.2 < job.share < 1)
    assert (job.state, job.phase) == ("running", "Counting …")
    assert place.ended(uuid).state == "done"


@pytest.mark.parametrize(
    ("kind", "params", "most"), [("count", {"steps": 600}, 3.0), ("deaf", {}, 5.0), ("deaf", {"stubborn": True}, 14.0)]
)
def test_a_running_job_is_cancelled_politely_then_not(
    place: Place, kind: str, params: dict[str, Any], most: float
) -> None:
    worker = place.worker()
    uuid = place.submit(kind, **params)
    child = place.begun(uuid)
    begun = time.monotonic()
    jobs.cancel(place.office, uuid, editor=CLERK)
    assert place.ended(uuid).state == "cancelled"
    assert time.monotonic() - begun < most
    assert gone(child)
    assert place.ended(place.submit("count")).state == "done"
    assert worker.poll() is None


def test_a_killed_worker_takes_its_job_with_it_and_the_next_begins_it_anew(place: Place) -> None:
    first = place.worker()
    uuid = place.submit("count", steps=20)
    child = place.begun(uuid)
    first.kill()
    first.wait()
    assert gone(child)
    assert place.job(uuid).state == "running"
    place.worker()
    job = place.ended(uuid)
    assert (job.state, job.losses, job.attempts) == ("done", 1, 2)
    assert place.noted() == ["begun", "begun", "ended"]


def test_lost_twice_is_said(place: Place) -> None:
    uuid = place.submit("deaf")
    for _ in range(2):
        place.notes.unlink(missing_ok=True)
        worker = place.worker()
        place.begun(uuid)
        worker.kill()
        worker.wait()
    place.worker()
    job = place.ended(uuid)
    assert job.state == "lost"
    assert job.error is not None
    assert job.error.code == "job-lost"


@pytest.mark.parametrize(("before", "after", "state"), [(30, 0, "lost"), (0, 30, "done")])
def test_what_writes_is_never_begun_again_but_looked_up(place: Place, before: int, after: int, state: str) -> None:
    worker = place.worker()
    written = place.folder / "written"
    uuid = place.submit("write", written=str(written), before=before, after=after)
    place.begun(uuid)
    if after:
        while not written.exists():
            time.sleep(0.02)
    worker.kill()
    worker.wait()
    place.worker()
    job = place.ended(uuid)
    assert job.state == state
    assert place.noted() == ["begun", "settled"]
    if state == "done":
        assert job.result == {"written": True}
    else:
        assert job.error is not None
        assert "nothing was written" in job.error.template


def test_cancelling_what_has_been_written_says_that_it_was_done(place: Place) -> None:
    place.worker()
    uuid = place.submit("write", written=str(place.folder / "written"), after=30)
    place.begun(uuid)
    jobs.cancel(place.office, uuid, editor=CLERK)
    assert place.ended(uuid).state == "done"


def test_a_worker_that_is_told_to_end_puts_its_job_back(place: Place) -> None:
    worker = place.worker()
    uuid = place.submit("count", steps=30)
    place.begun(uuid)
    worker.terminate()
    assert worker.wait(10) == 0
    assert place.job(uuid).state == "queued"
    place.worker()
    job = place.ended(uuid)
    assert (job.state, job.losses) == ("done", 0)


def test_two_workers_share_the_work(place: Place) -> None:
    uuids = [place.submit("count", steps=1) for _ in range(12)]
    for _ in range(2):
        place.worker()
    assert {place.ended(uuid, seconds=60).state for uuid in uuids} == {"done"}
    pids = [line.split()[1] for line in place.notes.read_text().splitlines() if line.startswith("begun")]
    assert len(pids) == len(set(pids)) == 12
    assert len({place.job(uuid).claimed_by for uuid in uuids}) == 2


def test_a_worker_ends_with_the_process_that_started_it(place: Place) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    # not really its child: the worker sees at once that its parent is another
    environment = {**os.environ, "DIJIE_OFFICE": place.address, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", "web.jobs.worker", str(parent.pid)]
    assert subprocess.run(program, env=environment, timeout=20).returncode == 1
    parent.kill()
    parent.wait()


def test_a_waiting_worker_is_small(place: Place) -> None:
    worker = place.worker()
    assert place.ended(place.submit("count")).state == "done"
    pages = int(Path(f"/proc/{worker.pid}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 45e6
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
