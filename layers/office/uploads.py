"""Files that people have sent in, and the imports that are made of them.

An upload is a file with a name; its content stands in `layers.media`. An import is one upload on its way into the
register: for which subject, understood how, with the job that checked it last and the one that wrote it. Whatever a
page shows of it stands here, so that nothing is lost by closing the page.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Connection, Integer, Row, Table, Text, delete, insert, select, update

from gis.errors import N_, Conflict, NotFound
from layers.access import Editor
from layers.office.database import METADATA, Office
from layers.office.jobs import JOB, Job, fetched, now, sees_all, submit_within

UPLOAD = Table(
    "upload",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
)

INTAKE = Table(
    "import",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("upload", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("who", Text, nullable=False, index=True),
    Column("created", Text, nullable=False),
    Column("check_job", Text),
    Column("checked_mapping", JSON(none_as_null=True)),
    Column("apply_job", Text),
)
"""``checked_mapping`` is the mapping that the last check was made with."""


class UnknownImport(NotFound):
    """No such import, or it is another person's."""

    code: ClassVar[str] = "unknown-import"


class ImportBusy(Conflict):
    """The import is being written, or was."""

    code: ClassVar[str] = "import-busy"


@dataclass(frozen=True)
class Upload:
    """A file that somebody has sent in: SHA-256 and bytes of its content, the name that they know it by."""

    uuid: str
    sha256: str
    size: int
    name: str
    who: str
    at: str


@dataclass(frozen=True)
class Intake:
    """One upload on its way into the register.

    Parameters
    ----------
    mapping
        How the file is to be understood, as `layers.ingest.model.FieldMapping` writes it.
    check, apply
        The last job that checked it, and the job that writes it; None before.
    checked_mapping
        What ``mapping`` was when the last check began.
    """

    uuid: str
    upload: Upload
    subject: str
    mapping: Mapping[str, Any]
    who: str
    created: str
    check: Job | None
    checked_mapping: Mapping[str, Any] | None
    apply: Job | None

    @property
    def is_checked(self) -> bool:
        """Whether the last check is done and was made of what is to be imported now."""
        if self.check is None or self.check.state != "done":
            return False
        return self.mapping == self.checked_mapping and self.check.params.get("subject") == self.subject

    @property
    def state(self) -> str:
        """``new``, ``checking``, ``checked``, ``unchecked`` (changed since), ``faulty`` (the check itself failed),
        ``importing``, ``imported``, ``failed``."""
        if self.apply is not None and self.apply.is_open:
            return "importing"
        if self.apply is not None and self.apply.state == "done":
            return "imported"
        if self.check is None:
            return "new"
        if self.check.is_open:
            return "checking"
        if self.apply is not None and (self.apply.created > self.check.created):
            return "failed" if self.apply.state in ("failed", "lost") else "checked"
        if self.check.state != "done":
            return "faulty"
        return "checked" if self.is_checked else "unchecked"


def receive(
    office: Office, *, name: str, sha256: str, size: int, subject: str, editor: Editor
) -> tuple[Intake, Intake | None]:
    """Write down a file that has come in and begin an import of it.

    Returns
    -------
    tuple
        The new import, and the last one of the same content and subject that the editor sees, if there is one. Its
        mapping is taken over.
    """
    with office.writing() as connection:
        earlier = _earlier(connection, sha256, subject, editor)
        upload = {"uuid": str(uuids_.uuid4()), "sha256": sha256, "size": size, "name": name, "who": editor.name}
        connection.execute(insert(UPLOAD).values(**upload, at=now()))
        uuid = str(uuids_.uuid4())
        connection.execute(
            insert(INTAKE).values(
                uuid=uuid,
                upload=upload["uuid"],
                subject=subject,
                mapping=dict(earlier.mapping) if earlier else {},
                who=editor.name,
                created=now(),
            )
        )
        return _fetched(connection, uuid), earlier


def find_import(office: Office, uuid: str, *, editor: Editor) -> Intake:
    """An import of the editor's own, or for an administrator anybody's; else `UnknownImport`."""
    with office.reading() as connection:
        return _own(connection, uuid, editor)


def listed_imports(office: Office, *, editor: Editor, limit: int = 100) -> list[Intake]:
    """The newest imports that somebody sees, newest first."""
    statement = _joined().order_by(INTAKE.c.created.desc()).limit(limit)
    if not sees_all(editor.reader):
        statement = statement.where(INTAKE.c.who == editor.name)
    with office.reading() as connection:
        return [_intake(connection, row) for row in connection.execute(statement)]


def understand(
    office: Office, uuid: str, mapping: Mapping[str, Any], *, editor: Editor, subject: str | None = None
) -> Intake:
    """Change how a file is to be understood, and perhaps as what.

    Raises
    ------
    UnknownImport
    ImportBusy
        Where it is being written or was.
    """
    values: dict[str, Any] = {"mapping": dict(mapping)}
    if subject is not None:
        values["subject"] = subject
    with office.writing() as connection:
        _require_open(_own(connection, uuid, editor))
        connection.execute(update(INTAKE).where(INTAKE.c.uuid == uuid).values(**values))
        return _fetched(connection, uuid)


def begin(
    office: Office, uuid: str, *, step: str, editor: Editor, further: Mapping[str, Any] | None = None
) -> tuple[Intake, Job]:
    """Put in the job that checks an import, or the one that writes it.

    Parameters
    ----------
    step
        ``check`` or ``apply``.
    further
        Parameters of the job beside the import's own: ``why``, what stands in the change log; ``language``.

    Raises
    ------
    UnknownImport, TooManyJobs
    ImportBusy
        Where it is being checked or written already, was written, or is to be written and was not checked as it is.
    """
    with office.writing() as connection:
        found = _own(connection, uuid, editor)
        _require_open(found)
        if found.check is not None and found.check.is_open:
            raise ImportBusy(N_("This file is being checked."), hint=N_("Wait for the end, or cancel the check."))
        if step == "apply" and not found.is_checked:
            raise ImportBusy(N_("This file has not been checked as it is to be imported."), hint=N_("Check it first."))
        params = {**(further or {}), "import": uuid, "name": found.upload.name, "subject": found.subject}
        job = submit_within(connection, f"import-{step}", params, editor=editor)
        values: dict[str, Any] = {f"{step}_job": job.uuid}
        if step == "check":
            values |= {"checked_mapping": dict(found.mapping), "apply_job": None}
        connection.execute(update(INTAKE).where(INTAKE.c.uuid == uuid).values(**values))
        return _fetched(connection, uuid), job


def remove(office: Office, uuid: str, *, editor: Editor) -> None:
    """Forget an import and its file; what it has written stays in the register.

    Raises
    ------
    UnknownImport, ImportBusy
    """
    with office.writing() as connection:
        found = _own(connection, uuid, editor)
        if found.state in ("checking", "importing"):
            raise ImportBusy(N_("Something is being done with this file."), hint=N_("Cancel it first."))
        connection.execute(delete(INTAKE).where(INTAKE.c.uuid == uuid))
        connection.execute(delete(UPLOAD).where(UPLOAD.c.uuid == found.upload.uuid))


def contents_kept(office: Office) -> set[str]:
    """SHA-256 of every file that an import refers to."""
    with office.reading() as connection:
        return set(connection.scalars(select(UPLOAD.c.sha256)))


def _require_open(found: Intake) -> None:
    if found.state == "importing":
        raise ImportBusy(N_("This file is being imported."), hint=N_("Wait for the end."))
    if found.state == "imported":
        raise ImportBusy(
            N_("This file has been imported."), hint=N_("Send it in again: what is the same will not change.")
        )


def _joined() -> Any:
    upload = [column.label(f"upload_{column.name}") for column in UPLOAD.c]
    return select(INTAKE, *upload).join(UPLOAD, UPLOAD.c.uuid == INTAKE.c.upload)


def _own(connection: Connection, uuid: str, editor: Editor) -> Intake:
    found = _fetched(connection, uuid)
    if found.who != editor.name and not sees_all(editor.reader):
        raise _unknown(uuid)
    return found


def _fetched(connection: Connection, uuid: str) -> Intake:
    row = connection.execute(_joined().where(INTAKE.c.uuid == uuid)).first()
    if row is None:
        raise _unknown(uuid)
    return _intake(connection, row)


def _intake(connection: Connection, row: Row[Any]) -> Intake:
    return Intake(
        row.uuid,
        Upload(row.upload_uuid, row.upload_sha256, row.upload_size, row.upload_name, row.upload_who, row.upload_at),
        row.subject,
        row.mapping,
        row.who,
        row.created,
        _job(connection, row.check_job),
        row.checked_mapping,
        _job(connection, row.apply_job),
    )


def _job(connection: Connection, uuid: str | None) -> Job | None:
    if uuid is None or connection.execute(select(JOB.c.uuid).where(JOB.c.uuid == uuid)).first() is None:
        return None  # a job that ended long ago is no longer kept
    return fetched(connection, uuid)


def _earlier(connection: Connection, sha256: str, subject: str, editor: Editor) -> Intake | None:
    statement = (
        _joined()
        .where(UPLOAD.c.sha256 == sha256, INTAKE.c.subject == subject)
        .order_by(INTAKE.c.created.desc())
        .limit(1)
    )
    if not sees_all(editor.reader):
        statement = statement.where(INTAKE.c.who == editor.name)
    row = connection.execute(statement).first()
    return None if row is None else _intake(connection, row)


def _unknown(uuid: str) -> UnknownImport:
    return UnknownImport(N_("There is no import %(uuid)s, or it is not yours."), uuid=uuid)
