"""The working side of jobs: a worker takes one, says that it lives, tells how far it is, and how it ended.

A run is told by the job's uuid and the number of its attempt: whoever was taken for dead and comes back finds the
number changed, and whatever it says is left unheard.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, delete, insert, select, update

from gis.errors import DijieError
from layers.office.database import Office
from layers.office.jobs import JOB, JOB_LOG, Fault, Job, change, fetched, job_of, next_seq, now

SILENT_AFTER_S = 30.0
"""A running job whose worker has said nothing for so long is lost."""
KEPT_DAYS = 30
"""For so long a job that has ended stays in the list."""


def worker_name(pid: int) -> str:
    """What a worker's process is called: which machine since which start, and the process."""
    return f"{_machine()}:{pid}"


def _machine() -> str:
    if sys.platform != "linux":
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _is_gone(worker: str | None) -> bool:
    """Whether a worker's process has certainly ended; that of another machine is not known."""
    machine, _, pid = (worker or "").rpartition(":")
    return bool(machine) and machine == _machine() and not Path(f"/proc/{pid}").exists()


def has_work(office: Office) -> bool:
    """Whether a job waits."""
    with office.reading() as connection:
        return connection.execute(select(JOB.c.uuid).where(JOB.c.state == "queued").limit(1)).first() is not None


def claim(office: Office, worker: str, *, kinds: Iterable[str] | None = None) -> Job | None:
    """Take the job that has waited longest; None where none waits. No two workers ever take the same.

    Parameters
    ----------
    worker
        `worker_name` of who takes it.
    kinds
        Those that the worker knows; None for all.
    """
    if not has_work(office):  # the usual answer, without asking for the right to write
        return None
    waiting = select(JOB).where(JOB.c.state == "queued").order_by(JOB.c.created, JOB.c.seq).limit(1)
    if kinds is not None:
        waiting = waiting.where(JOB.c.kind.in_(list(kinds)))
    with office.writing() as connection:
        row = connection.execute(waiting.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        moment = now()
        change(
            connection,
            row.uuid,
            state="running",
            claimed_by=worker,
            started=moment,
            heartbeat=moment,
            share=0.0,
            phase="",
            attempts=row.attempts + 1,
        )
        return fetched(connection, row.uuid)


def beat(office: Office, job: Job) -> str | None:
    """Say that the worker lives; gives the time since when cancelling is asked for, if it is."""
    with office.writing() as connection:
        connection.execute(update(JOB).where(*_run(job)).values(heartbeat=now()))
        return connection.scalar(select(JOB.c.cancel_asked).where(*_run(job)))


def cancel_asked(office: Office, job: Job) -> str | None:
    """Since when cancelling is asked for, None where it is not."""
    with office.reading() as connection:
        return connection.scalar(select(JOB.c.cancel_asked).where(*_run(job)))


def progress(office: Office, job: Job, share: float, phase: str, *, part: Mapping[str, Any] | None = None) -> bool:
    """Tell how far a run is.

    Parameters
    ----------
    share
        0 to 1.
    phase
        What is being done, an English text that pages translate.
    part
        What is known of the result so far, None to leave it as it is.

    Returns
    -------
    bool
        False where the run is no longer this worker's: then it should end.
    """
    values: dict[str, Any] = {"share": min(max(share, 0.0), 1.0), "phase": phase}
    if part is not None:
        values["result"] = dict(part)
    return _tell(office, job, values)


def finish(office: Office, job: Job, result: Mapping[str, Any], *, expires: str | None = None) -> bool:
    """The job is done. False where the run was no longer this worker's."""
    values = {"state": "done", "share": 1.0, "phase": "", "ended": now(), "result": dict(result), "expires": expires}
    return _tell(office, job, values)


def fail(office: Office, job: Job, error: DijieError) -> bool:
    """The job has failed, for a reason that can be shown; what is known of the result stays."""
    return _tell(office, job, {"state": "failed", "ended": now(), "error": asdict(Fault.of(error))})


def give_up(office: Office, job: Job, error: DijieError) -> bool:
    """The worker was lost while it ran, and the job was not done."""
    return _tell(office, job, {"state": "lost", "ended": now(), "error": asdict(Fault.of(error))})


def cancelled(office: Office, job: Job) -> bool:
    """The job was cancelled as asked."""
    return _tell(office, job, {"state": "cancelled", "ended": now()})


def requeue(office: Office, job: Job, *, lost: bool = True) -> bool:
    """Put a job back, to be begun anew; ``lost`` counts that its worker was lost, rather than ended as told."""
    values = {"state": "queued", "claimed_by": None, "heartbeat": None, "share": 0.0, "phase": ""}
    return _tell(office, job, {**values, "losses": job.losses + lost})


def adopt(office: Office, job: Job, worker: str) -> bool:
    """Take over a lost run in order to settle it, under the same attempt."""
    return _tell(office, job, {"claimed_by": worker, "heartbeat": now()})


def log(office: Office, job: Job, template: str, **params: Any) -> None:
    """Add a line to a job's log: an English text that pages translate, and what fills its places."""
    with office.writing() as connection:
        connection.execute(insert(JOB_LOG).values(job=job.uuid, at=now(), template=template, params=params))
        change(connection, job.uuid)


def lost(office: Office, *, silent_after_s: float = SILENT_AFTER_S) -> list[Job]:
    """Running jobs whose worker has said nothing for too long, or has certainly ended."""
    with office.reading() as connection:
        running = [job_of(row) for row in connection.execute(select(JOB).where(JOB.c.state == "running"))]
    limit = now(-silent_after_s)
    return [job for job in running if (job.heartbeat or "") < limit or _is_gone(job.claimed_by)]


def expired(office: Office) -> int:
    """Forget the files of results that are due, and jobs that ended long ago; gives how many files were forgotten.

    The files themselves go when the folder is swept: see `files_kept`.
    """
    due = select(JOB).where(JOB.c.expires < now())
    old = select(JOB.c.uuid).where(JOB.c.ended < now(-KEPT_DAYS * 86400))
    with office.reading() as connection:
        rows = [job_of(row) for row in connection.execute(due)]
        nothing = not rows and connection.execute(old.limit(1)).first() is None
    if nothing:
        return 0
    with office.writing() as connection:
        for job in rows:
            result = {name: value for name, value in (job.result or {}).items() if name != "file"}
            change(connection, job.uuid, result=result, expires=None)
        connection.execute(delete(JOB_LOG).where(JOB_LOG.c.job.in_(old)))
        connection.execute(delete(JOB).where(JOB.c.uuid.in_(old)))
    return len(rows)


def files_kept(office: Office) -> set[str]:
    """SHA-256 of every file that the result of a job names."""
    with office.reading() as connection:
        results = connection.scalars(select(JOB.c.result).where(JOB.c.result.is_not(None)))
        return {name for result in results for name in _files(result)}


def _files(result: Any) -> Iterable[str]:
    """Digests in a result: of ``file``, and of each of ``files``."""
    named = [result.get("file"), *(result.get("files") or {}).values()] if isinstance(result, dict) else []
    return (file["sha256"] for file in named if isinstance(file, dict) and "sha256" in file)


def _run(job: Job) -> tuple[Any, ...]:
    return JOB.c.uuid == job.uuid, JOB.c.attempts == job.attempts, JOB.c.state == "running"


def _tell(office: Office, job: Job, values: Mapping[str, Any]) -> bool:
    with office.writing() as connection:
        statement = update(JOB).where(*_run(job)).values(seq=next_seq(connection), **values)
        done = connection.execute(statement)
        assert isinstance(done, CursorResult)
        return done.rowcount == 1
