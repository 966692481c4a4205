"""Files from the field: what is on its way, what was received, and what was read of it.

An upload is a file that is coming in, in as many pieces as its connection breaks into; how far it is stands in the file
itself (`layers.media.partial`), not here. A field file is one that is whole: its content stands unchanged in
`layers.media`, under its hash. Whatever happens in between happens in one transaction, or can be done again.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Column, Connection, Integer, Row, Table, Text, delete, func, insert, select, update

from gis.errors import N_, Conflict, NotFound, TooLarge
from layers.access import Editor
from layers.office.database import METADATA, Office
from layers.office.jobs import JOB, Job, TooManyJobs, fetched, now, sees_all, submit_within

UPLOAD_S: Final = 7 * 86_400
"""So long an upload may stop before it is forgotten, in seconds."""
MOST_UPLOADS: Final = 200
"""How many uploads one person may have under way."""
READ: Final = "field-file-read"
"""The kind of the job that reads one."""

FIELD_UPLOAD = Table(
    "field_upload",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("who", Text, nullable=False, index=True),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False, index=True),
    Column("sha256", Text),
    Column("file", Text),
)
"""``sha256`` is written once all bytes are there and before they get their place; ``file`` once that is done."""

FIELD_FILE = Table(
    "field_file",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("who", Text, nullable=False, index=True),
    Column("received", Text, nullable=False),
    Column("crs", Integer),
    Column("job", Text),
    Column("outcome", Text),
    Column("summary", JSON(none_as_null=True)),
    Column("result", Text),
    Column("read_at", Text),
)
"""``summary`` is what a list shows; ``result`` the SHA-256 of the whole result in the folder of results."""


class UnknownFieldFile(NotFound):
    """No such file or upload, or it is another person's."""

    code: ClassVar[str] = "unknown-field-file"


class FieldFileBusy(Conflict):
    """The file is being read."""

    code: ClassVar[str] = "field-file-busy"


class TooManyUploads(TooLarge):
    """One person has begun more uploads than may be open."""

    code: ClassVar[str] = "too-many-uploads"


@dataclass(frozen=True)
class FieldUpload:
    """A file on its way: ``sha256`` and ``file`` are None until all of it is there."""

    uuid: str
    name: str
    size: int
    who: str
    created: str
    expires: str
    sha256: str | None
    file: str | None


@dataclass(frozen=True)
class KeptFile:
    """A file from the field.

    Parameters
    ----------
    crs
        The system that a person says its coordinates are in; None: as declared, else found out.
    job
        The last job that read it; None where none has been put in, or it ended long ago.
    outcome
        ``read`` or ``refused``; None where it has not been read.
    summary
        Counts, members, time span, bounds, findings; None where it has not been read.
    result
        SHA-256 of the whole result.
    """

    uuid: str
    sha256: str
    size: int
    name: str
    who: str
    received: str
    crs: int | None
    job: Job | None
    outcome: str | None
    summary: Mapping[str, Any] | None
    result: str | None
    read_at: str | None

    @property
    def state(self) -> str:
        """``received`` (waits to be read), ``reading``, ``read``, ``refused``, ``failed`` (the reading itself)."""
        if self.job is not None and self.job.is_open:
            return "reading" if self.job.state == "running" else "received"
        if self.outcome is not None:
            return self.outcome
        return "failed" if self.job is not None else "received"


def begin_upload(office: Office, *, name: str, size: int, editor: Editor) -> FieldUpload:
    """Write down that a file will come.

    Raises
    ------
    TooManyUploads
    """
    with office.writing() as connection:
        mine = select(func.count()).where(FIELD_UPLOAD.c.who == editor.name, FIELD_UPLOAD.c.file.is_(None))
        if int(connection.scalar(mine) or 0) >= MOST_UPLOADS:
            raise TooManyUploads(
                N_("You have begun %(count)d uploads that are not complete."),
                hint=N_("Complete them, or give up those that you no longer need."),
                count=MOST_UPLOADS,
            )
        uuid = str(uuids_.uuid4())
        values = {"uuid": uuid, "name": name, "size": size, "who": editor.name}
        connection.execute(insert(FIELD_UPLOAD).values(**values, created=now(), expires=now(UPLOAD_S)))
        return _upload(connection, uuid, editor)


def find_upload(office: Office, uuid: str, *, editor: Editor) -> FieldUpload:
    """An upload of the editor's own, else `UnknownFieldFile`."""
    with office.reading() as connection:
        return _upload(connection, uuid, editor)


def open_uploads(office: Office, *, editor: Editor) -> list[FieldUpload]:
    """Somebody's uploads that are not complete, oldest first."""
    statement = (
        select(FIELD_UPLOAD)
        .where(FIELD_UPLOAD.c.who == editor.name, FIELD_UPLOAD.c.file.is_(None))
        .order_by(FIELD_UPLOAD.c.created)
    )
    with office.reading() as connection:
        return [FieldUpload(**row._mapping) for row in connection.execute(statement)]  # noqa: SLF001


def touch_upload(office: Office, uuid: str) -> str:
    """Put off the moment at which an upload is forgotten; gives that moment."""
    expires = now(UPLOAD_S)
    with office.writing() as connection:
        connection.execute(update(FIELD_UPLOAD).where(FIELD_UPLOAD.c.uuid == uuid).values(expires=expires))
    return expires


def note_hash(office: Office, uuid: str, sha256: str) -> None:
    """Write down the hash of an upload whose bytes are all there, before they get their place."""
    with office.writing() as connection:
        connection.execute(update(FIELD_UPLOAD).where(FIELD_UPLOAD.c.uuid == uuid).values(sha256=sha256))


def drop_upload(office: Office, uuid: str, *, editor: Editor) -> FieldUpload:
    """Forget an upload; a file that came of it stays."""
    with office.writing() as connection:
        found = _upload(connection, uuid, editor)
        connection.execute(delete(FIELD_UPLOAD).where(FIELD_UPLOAD.c.uuid == uuid))
        return found


def expired_uploads(office: Office) -> list[str]:
    """Forget uploads that have stopped too long; gives their ids, so that their pieces go too."""
    with office.writing() as connection:
        due = FIELD_UPLOAD.c.expires < now()
        uuids = list(connection.scalars(select(FIELD_UPLOAD.c.uuid).where(due)))
        if uuids:
            connection.execute(delete(FIELD_UPLOAD).where(due))
    return uuids


def receive(
    office: Office, *, name: str, sha256: str, size: int, editor: Editor, upload: str | None = None
) -> tuple[KeptFile, bool]:
    """Write down a file whose content has its place, and have it read.

    Parameters
    ----------
    upload
        The upload that it came by; done twice it gives the same file.

    Returns
    -------
    tuple
        The file, and whether the same content had been sent in before: then it is the earlier one.
    """
    with office.writing() as connection:
        if upload is not None and (known := _upload(connection, upload, editor).file) is not None:
            return _fetched(connection, known), False
        earlier = connection.scalar(
            select(FIELD_FILE.c.uuid).where(FIELD_FILE.c.sha256 == sha256, FIELD_FILE.c.who == editor.name).limit(1)
        )
        uuid = earlier or str(uuids_.uuid4())
        if earlier is None:
            values = {"uuid": uuid, "sha256": sha256, "size": size, "name": name, "who": editor.name}
            connection.execute(insert(FIELD_FILE).values(**values, received=now()))
            _put_in(connection, uuid, name, editor)
        if upload is not None:
            done = update(FIELD_UPLOAD).where(FIELD_UPLOAD.c.uuid == upload)
            connection.execute(done.values(file=uuid, sha256=sha256))
        return _fetched(connection, uuid), earlier is not None


def read_again(office: Office, uuid: str, *, crs: int | None, editor: Editor) -> KeptFile:
    """Have a file read once more, perhaps in another coordinate system.

    Raises
    ------
    UnknownFieldFile, TooManyJobs
    FieldFileBusy
        While it is being read.
    """
    with office.writing() as connection:
        found = _own(connection, uuid, editor)
        if found.job is not None and found.job.is_open:
            raise FieldFileBusy(N_("This file is being read."), hint=N_("Wait for the end."))
        job = submit_within(connection, READ, {"file": uuid, "name": found.name}, editor=editor)
        connection.execute(update(FIELD_FILE).where(FIELD_FILE.c.uuid == uuid).values(job=job.uuid, crs=crs))
        return _fetched(connection, uuid)


def put_in_waiting(office: Office, *, editor: Editor) -> None:
    """Put in jobs for somebody's files that were received when they had too many, as far as there is room now."""
    waits = (FIELD_FILE.c.who == editor.name, FIELD_FILE.c.job.is_(None), FIELD_FILE.c.outcome.is_(None))
    with office.reading() as connection:
        if connection.scalar(select(FIELD_FILE.c.uuid).where(*waits).limit(1)) is None:
            return
    with office.writing() as connection:
        rows = connection.execute(select(FIELD_FILE.c.uuid, FIELD_FILE.c.name).where(*waits)).all()
        for uuid, name in rows:
            if not _put_in(connection, uuid, name, editor):
                return


def settle(office: Office, uuid: str, *, outcome: str, summary: Mapping[str, Any], result: str) -> None:
    """Write down what was read of a file, all at once."""
    values = {"outcome": outcome, "summary": dict(summary), "result": result, "read_at": now()}
    with office.writing() as connection:
        connection.execute(update(FIELD_FILE).where(FIELD_FILE.c.uuid == uuid).values(**values))


def find(office: Office, uuid: str, *, editor: Editor) -> KeptFile:
    """A file of the editor's own, or for an administrator anybody's; else `UnknownFieldFile`."""
    with office.reading() as connection:
        return _own(connection, uuid, editor)


def listed(office: Office, *, editor: Editor, limit: int = 200) -> list[KeptFile]:
    """The newest files that somebody sees, newest first."""
    statement = select(FIELD_FILE).order_by(FIELD_FILE.c.received.desc()).limit(limit)
    if not sees_all(editor.reader):
        statement = statement.where(FIELD_FILE.c.who == editor.name)
    with office.reading() as connection:
        return [_kept(connection, row) for row in connection.execute(statement).all()]


def results_kept(office: Office) -> set[str]:
    """SHA-256 of every result that a file refers to; those of earlier readings may go."""
    with office.reading() as connection:
        return {str(one) for one in connection.scalars(select(FIELD_FILE.c.result)) if one}


def _put_in(connection: Connection, uuid: str, name: str, editor: Editor) -> bool:
    """Put in the job that reads a file; whoever has too many waits, and the file is kept."""
    try:
        job = submit_within(connection, READ, {"file": uuid, "name": name}, editor=editor)
    except TooManyJobs:
        return False
    connection.execute(update(FIELD_FILE).where(FIELD_FILE.c.uuid == uuid).values(job=job.uuid))
    return True


def _own(connection: Connection, uuid: str, editor: Editor) -> KeptFile:
    found = _fetched(connection, uuid)
    if found.who != editor.name and not sees_all(editor.reader):
        raise _unknown(uuid)
    return found


def _fetched(connection: Connection, uuid: str) -> KeptFile:
    row = connection.execute(select(FIELD_FILE).where(FIELD_FILE.c.uuid == uuid)).first()
    if row is None:
        raise _unknown(uuid)
    return _kept(connection, row)


def _kept(connection: Connection, row: Row[Any]) -> KeptFile:
    members = dict(row._mapping)  # noqa: SLF001 - the public name of SQLAlchemy's mapping view
    uuid = members["job"]
    there = uuid and connection.execute(select(JOB.c.uuid).where(JOB.c.uuid == uuid)).first() is not None
    return KeptFile(**{**members, "job": fetched(connection, uuid) if there else None})


def _upload(connection: Connection, uuid: str, editor: Editor) -> FieldUpload:
    row = connection.execute(select(FIELD_UPLOAD).where(FIELD_UPLOAD.c.uuid == uuid)).first()
    if row is None or row.who != editor.name:
        raise _unknown(uuid)
    return FieldUpload(**row._mapping)  # noqa: SLF001


def _unknown(uuid: str) -> UnknownFieldFile:
    return UnknownFieldFile(N_("There is no field file %(uuid)s, or it is not yours."), uuid=uuid)
