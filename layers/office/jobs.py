"""Jobs: what takes longer than a person waits at a page, who asked for it, how far it is, and what came of it.

This file is the asking side: put in a job, look at jobs, ask for one to be cancelled. The working side is
`layers.office.claims`.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from sqlalchemy import JSON, Column, Connection, Float, Integer, Row, Table, Text, func, insert, select, update

from gis.errors import N_, DijieError, NotFound, TooLarge
from layers.access import Editor, Reader
from layers.office.database import METADATA, Office

State = Literal["queued", "running", "done", "failed", "cancelled", "lost"]

OPEN: Final[tuple[State, ...]] = ("queued", "running")
"""States of a job that has not ended."""

MOST_WAITING = 20
"""How many jobs that have not ended one person may have."""

JOB = Table(
    "job",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("seq", Integer, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("who", Text, nullable=False, index=True),
    Column("reader", JSON, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("share", Float, nullable=False, default=0.0),
    Column("phase", Text, nullable=False, default=""),
    Column("result", JSON(none_as_null=True)),
    Column("error", JSON(none_as_null=True)),
    Column("created", Text, nullable=False),
    Column("started", Text),
    Column("ended", Text),
    Column("claimed_by", Text),
    Column("heartbeat", Text),
    Column("cancel_asked", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("losses", Integer, nullable=False, default=0),
    Column("expires", Text, index=True),
)
"""``seq`` grows with every change of any job: by it a page asks for what is new. Times are UTC text ending in Z."""

JOB_LOG = Table(
    "job_log",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("job", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("params", JSON, nullable=False),
)


class UnknownJob(NotFound):
    """No such job, or it is another person's."""

    code: ClassVar[str] = "unknown-job"


class TooManyJobs(TooLarge):
    """One person has put in more than are worked off."""

    code: ClassVar[str] = "too-many-jobs"


@dataclass(frozen=True)
class Fault:
    """What went wrong, to be shown in the reader's language."""

    code: str
    template: str
    hint: str
    params: Mapping[str, Any]

    @classmethod
    def of(cls, error: DijieError) -> Fault:
        """What an error says, as JSON can keep it."""
        params = {
            name: value if isinstance(value, (str, int, float)) else str(value) for name, value in error.params.items()
        }
        return cls(error.code, error.template, error.hint_template, params)


@dataclass(frozen=True)
class Job:
    """One job as it stands.

    Parameters
    ----------
    seq
        Grows with every change of any job.
    share, phase
        How much is done, 0 to 1, and what is being done, an English text to be translated.
    started, ended, heartbeat, cancel_asked, expires
        UTC text ending in Z, None where it has not come to that. ``expires`` is when the result's file goes.
    attempts
        How often it was begun; what a worker tells its own run by.
    losses
        How often its worker was lost.
    """

    uuid: str
    seq: int
    kind: str
    params: Mapping[str, Any]
    who: str
    reader: Reader
    state: State
    share: float
    phase: str
    result: Mapping[str, Any] | None
    error: Fault | None
    created: str
    started: str | None
    ended: str | None
    claimed_by: str | None
    heartbeat: str | None
    cancel_asked: str | None
    attempts: int
    losses: int
    expires: str | None

    @property
    def editor(self) -> Editor:
        """Who asked, with the roles and scope that they had then."""
        return Editor(self.who, self.reader)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN


@dataclass(frozen=True)
class LogLine:
    """One line of a job's log."""

    at: str
    template: str
    params: Mapping[str, Any]


def now(later_s: float = 0.0) -> str:
    """This moment, or one so many seconds later, in UTC."""
    moment = datetime.now(UTC) + timedelta(seconds=later_s)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def next_seq(connection: Connection) -> int:
    """The number of the next change; writers come one at a time."""
    return int(connection.scalar(select(func.coalesce(func.max(JOB.c.seq), 0))) or 0) + 1


def submit(office: Office, kind: str, params: Mapping[str, Any], *, editor: Editor, uuid: str | None = None) -> Job:
    """Put in a job; a worker takes it when its turn comes.

    Parameters
    ----------
    params
        What JSON can keep.
    uuid
        Its permanent id, a new one by default.

    Raises
    ------
    TooManyJobs
    """
    with office.writing() as connection:
        return submit_within(connection, kind, params, editor=editor, uuid=uuid)


def require_room(office: Office, *, editor: Editor) -> None:
    """Raise `TooManyJobs` where somebody has as many waiting as one may have; asked before a file is taken in."""
    with office.reading() as connection:
        _require_room(connection, editor)


def _require_room(connection: Connection, editor: Editor) -> None:
    mine = select(func.count()).where(JOB.c.who == editor.name, JOB.c.state.in_(OPEN))
    if int(connection.scalar(mine) or 0) >= MOST_WAITING:
        raise TooManyJobs(
            N_("You have %(count)s jobs that have not ended."),
            hint=N_("Wait for some of them, or cancel what you no longer need."),
            count=MOST_WAITING,
        )


def submit_within(
    connection: Connection, kind: str, params: Mapping[str, Any], *, editor: Editor, uuid: str | None = None
) -> Job:
    """The same inside a transaction of the caller's."""
    _require_room(connection, editor)
    values = {
        "uuid": uuid or str(uuids_.uuid4()),
        "seq": next_seq(connection),
        "kind": kind,
        "params": dict(params),
        "who": editor.name,
        "reader": reader_as_json(editor.reader),
        "state": "queued",
        "created": now(),
    }
    connection.execute(insert(JOB).values(**values))
    return fetched(connection, str(values["uuid"]))


def reader_as_json(reader: Reader) -> dict[str, Any]:
    """Roles, scope and side as JSON keeps them."""
    return {
        "roles": sorted(reader.roles),
        "scope": None if reader.scope is None else sorted(reader.scope),
        "side": reader.side,
    }


def reader_from_json(given: Mapping[str, Any]) -> Reader:
    """The reader that `reader_as_json` wrote down."""
    scope = given["scope"]
    return Reader(frozenset(given["roles"]), None if scope is None else frozenset(scope), given["side"])


def sees_all(reader: Reader) -> bool:
    """Whether somebody sees everybody's jobs."""
    return "administrator" in reader.roles


def find(office: Office, uuid: str, *, editor: Editor) -> Job:
    """A job of the editor's own, or for an administrator anybody's; else `UnknownJob`."""
    with office.reading() as connection:
        job = fetched(connection, uuid)
    if job.who != editor.name and not sees_all(editor.reader):
        raise _unknown(uuid)
    return job


def listed(
    office: Office, *, editor: Editor, after: int = 0, kinds: Sequence[str] = (), limit: int = 100
) -> tuple[list[Job], int]:
    """The newest jobs that somebody sees, newest first, and the number of the last change.

    Parameters
    ----------
    after
        Only those that have changed after the change of that number.
    kinds
        Only these; empty for all.
    """
    statement = select(JOB).where(JOB.c.seq > after).order_by(JOB.c.created.desc(), JOB.c.seq.desc()).limit(limit)
    if not sees_all(editor.reader):
        statement = statement.where(JOB.c.who == editor.name)
    if kinds:
        statement = statement.where(JOB.c.kind.in_(kinds))
    with office.reading() as connection:
        last = next_seq(connection) - 1
        return [job_of(row) for row in connection.execute(statement)], last


def log_of(office: Office, uuid: str, *, limit: int = 500) -> list[LogLine]:
    """The lines of a job's log, oldest first."""
    statement = select(JOB_LOG).where(JOB_LOG.c.job == uuid).order_by(JOB_LOG.c.id).limit(limit)
    with office.reading() as connection:
        return [LogLine(row.at, row.template, row.params) for row in connection.execute(statement)]


def cancel(office: Office, uuid: str, *, editor: Editor) -> Job:
    """Ask for a job to be cancelled. One that waits is cancelled at once; one that has ended stays as it is.

    Raises
    ------
    UnknownJob
    """
    find(office, uuid, editor=editor)
    with office.writing() as connection:
        job = fetched(connection, uuid)
        if job.state == "queued":
            change(connection, uuid, state="cancelled", cancel_asked=now(), ended=now())
        elif job.state == "running" and job.cancel_asked is None:
            change(connection, uuid, cancel_asked=now())
        return fetched(connection, uuid)


def end_those_of(connection: Connection, who: str) -> None:
    """End what somebody has put in, because they may do nothing any more: what waits at once, what runs when it can."""
    mine = select(JOB.c.uuid, JOB.c.state).where(JOB.c.who == who, JOB.c.state.in_(OPEN), JOB.c.cancel_asked.is_(None))
    for uuid, state in connection.execute(mine).all():
        change(
            connection,
            uuid,
            cancel_asked=now(),
            **({"state": "cancelled", "ended": now()} if state == "queued" else {}),
        )


def change(connection: Connection, uuid: str, **values: Any) -> None:
    """Change a job within a transaction that writes."""
    connection.execute(update(JOB).where(JOB.c.uuid == uuid).values(seq=next_seq(connection), **values))


def fetched(connection: Connection, uuid: str) -> Job:
    """The job, or `UnknownJob`."""
    row = connection.execute(select(JOB).where(JOB.c.uuid == uuid)).first()
    if row is None:
        raise _unknown(uuid)
    return job_of(row)


def job_of(row: Row[Any]) -> Job:
    """A row of the table as a value."""
    members = dict(row._mapping)  # noqa: SLF001 - the public name of SQLAlchemy's mapping view
    members["reader"] = reader_from_json(members["reader"])
    members["error"] = Fault(**members["error"]) if members["error"] else None
    return Job(**members)


def _unknown(uuid: str) -> UnknownJob:
    return UnknownJob(N_("There is no job %(uuid)s, or it is not yours."), uuid=uuid)
