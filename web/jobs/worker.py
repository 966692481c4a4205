"""The worker: waits for jobs, gives each to a process of its own, and watches over it.

It loads nothing of the register (40 MB, most of it SQLAlchemy), so that it can always wait beside the server.

``python -m web.jobs.worker [PARENT]``
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from gis.errors import DijieError
from layers.media import Folder
from layers.media.partial import PartialFiles
from layers.office import Office, claims, field_files, jobs
from layers.office.jobs import Job
from layers.office.uploads import contents_kept
from web.jobs import child, faults
from web.jobs.kinds import Kind, loaded
from web.jobs.parent import end_with, is_orphan
from web.settings import Settings

_PACE_S = 0.3
"""How often the worker looks for a job, and after the one that runs."""
_BEAT_S = 5.0
_LOST_S = 5.0
_TIDY_S = 600.0
_ASK_S = 2.0
"""So long a job has to end by itself once it is asked to; then its process is told to, and after `_KILL_S` is ended."""
_KILL_S = 10.0

_log = logging.getLogger("dijie")


class Worker:
    """One worker.

    Parameters
    ----------
    kinds
        Address of the table of kinds, which the jobs' processes load too.
    parent
        The process that the worker ends with; 0 for none.
    """

    def __init__(
        self, office: Office, settings: Settings, *, kinds: str = "web.jobs.kinds:KINDS", parent: int = 0
    ) -> None:
        self.name = claims.worker_name(os.getpid())
        self._office = office
        self._settings = settings
        self._kinds_at = kinds
        self._kinds: Mapping[str, Kind] = loaded(kinds)
        self._parent = parent
        self._ending = False
        self._due = {"lost": 0.0, "tidy": time.monotonic() + 30.0}

    def end(self, *_: object) -> None:
        """End as soon as the job that runs has been put back."""
        self._ending = True

    def run(self) -> None:
        """Work until told to end."""
        while not self._over():
            try:
                busy = self.step()
            except DijieError as error:  # the office is locked or away for the moment
                _log.warning("%s", error)
                busy = False
                time.sleep(2.0)
            if not busy:
                time.sleep(_PACE_S)

    def step(self) -> bool:
        """Do what there is to do: settle what was lost, or one job, or nothing; gives whether there was a job."""
        if self._is_due("lost", _LOST_S):
            self._recover()
        if self._is_due("tidy", _TIDY_S):
            self._tidy()
        job = claims.claim(self._office, self.name, kinds=self._kinds)
        if job is None:
            return False
        self._attend(job)
        return True

    def _over(self) -> bool:
        return self._ending or is_orphan(self._parent)

    def _is_due(self, what: str, every_s: float) -> bool:
        if time.monotonic() < self._due[what]:
            return False
        self._due[what] = time.monotonic() + every_s
        return True

    def _attend(self, job: Job, *, settling: bool = False) -> None:
        """Have a job done, or settled, by a process of its own, and see to it that it is said how it ended."""
        command = child.start(job, self._kinds_at, settling=settling)
        process = subprocess.Popen(command, process_group=0)  # noqa: S603 - our own program
        try:
            returncode = self._watch(job, process)
        finally:
            _end(process)
        if returncode is None:
            if not self._kinds[job.kind].settle:
                claims.requeue(self._office, job, lost=False)
            return  # what wrote is settled by the next worker
        with self._office.reading() as connection:
            left = jobs.fetched(connection, job.uuid)
        if left.state != "running" or left.attempts != job.attempts:
            return
        if settling:
            _log.error("job %s could not be settled (%s)", job.uuid, returncode)
            claims.give_up(self._office, left, faults.broken())
        elif self._kinds[job.kind].settle:
            self._attend(left, settling=True)
        elif left.cancel_asked:
            claims.cancelled(self._office, left)
        else:
            claims.fail(self._office, left, faults.ended(returncode))

    def _watch(self, job: Job, process: subprocess.Popen[bytes]) -> int | None:
        """Wait for the end of a job's process; None where the worker itself is to end."""
        beat = time.monotonic() + _BEAT_S
        asked: float | None = None
        while not self._over():
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_PACE_S)
            try:
                if time.monotonic() >= beat:
                    claims.beat(self._office, job)
                    beat = time.monotonic() + _BEAT_S
                if asked is None and claims.cancel_asked(self._office, job):
                    asked = time.monotonic()
            except DijieError as error:
                _log.warning("%s", error)
            if asked is not None and time.monotonic() - asked > _ASK_S:
                _signal(process, signal.SIGTERM if time.monotonic() - asked < _KILL_S else signal.SIGKILL)
        return None

    def _recover(self) -> None:
        for job in claims.lost(self._office):
            if job.kind not in self._kinds:
                claims.give_up(self._office, job, faults.lost_twice())
            elif self._kinds[job.kind].settle:
                if claims.adopt(self._office, job, self.name):
                    self._attend(job, settling=True)
            elif job.cancel_asked:
                claims.cancelled(self._office, job)
            elif job.losses:
                claims.give_up(self._office, job, faults.lost_twice())
            else:
                claims.requeue(self._office, job)

    def _tidy(self) -> None:
        """Take away files of results that are due, and what nobody refers to."""
        claims.expired(self._office)
        root = self._settings.files_folder
        kept = claims.files_kept(self._office)
        for name in ("exports", "reports"):
            Folder(root / name).sweep(kept)
        Folder(root / "uploads").sweep(contents_kept(self._office))
        Folder(root / "field-results").sweep(field_files.results_kept(self._office))
        for gone in field_files.expired_uploads(self._office):
            PartialFiles(root / "field-files.part").forget(gone)


def _signal(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Signal a job's process and what it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that a job's process has ended."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    _signal(process, signal.SIGKILL)
    process.wait()


def main(arguments: list[str]) -> None:
    """Work for the installation that the environment names, until told to end or the parent has ended."""
    parent = int(arguments[0]) if arguments else 0
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    if parent:
        end_with(parent, signal.SIGTERM)
    settings = Settings.from_environment(os.environ)
    worker = Worker(Office(settings.office_address), settings, parent=parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.end)
    worker.run()


if __name__ == "__main__":
    main(sys.argv[1:])
