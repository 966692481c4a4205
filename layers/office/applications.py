"""Applications in procedures for place names as the office keeps them: numbers, versions, steps.

What may be done with one, and what it does to the register, is decided in `layers.placenames.procedures`; here it is
kept, and nothing is overwritten that its writer has not seen.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from gis.errors import N_, Conflict, NotFound
from layers.access import Editor
from layers.office.database import METADATA, Office
from layers.office.jobs import now

APPLICATION = Table(
    "application",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False, default=""),
    Column("state", Text, nullable=False, index=True),
    Column("county", Text, nullable=False, index=True),
    Column("town", Text, nullable=False, default=""),
    Column("village", Text, nullable=False, default="", index=True),
    Column("place", Text, nullable=False, default="", index=True),
    Column("name", Text, nullable=False, index=True),
    Column("name_before", Text, nullable=False, default=""),
    Column("class_code", Text, nullable=False, default=""),
    Column("proposed", JSON, nullable=False),
    Column("carried", JSON, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("unit", Text, nullable=False, default=""),
    Column("person", Text, nullable=False, default=""),
    Column("attachments", JSON, nullable=False),
    Column("opinion", JSON(none_as_null=True)),
    Column("override", JSON(none_as_null=True)),
    Column("decision", Text, nullable=False, default=""),
    Column("authority", Text, nullable=False, default=""),
    Column("certificate", Text, nullable=False, default=""),
    Column("submitted", Text),
    Column("reviewed", Text),
    Column("approved", Text),
    Column("filed", Text),
    Column("announced", Text),
    Column("file_due", Text, index=True),
    Column("announce_due", Text, index=True),
    Column("batch", Text),
    Column("reserves", Text, nullable=False, default=""),
    Column("became", Text, nullable=False, default=""),
    Column("submitter", Text, nullable=False, default=""),
    Column("who", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

STEP = Table(
    "application_step",
    METADATA,
    Column("application", Text, nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("remark", Text, nullable=False, default=""),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("application", "seq"),
)

SERIAL = Table(
    "application_serial",
    METADATA,
    Column("series", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given out of each series, such as those of a county in a year."""


class UnknownApplication(NotFound):
    """No such application, or it lies outside what the person's account reaches."""

    code: ClassVar[str] = "unknown-application"


class ApplicationConflict(Conflict):
    """Somebody else has gone on with the application since it was read; ``version`` is where it stands now."""

    code: ClassVar[str] = "application-conflict"


@dataclass(frozen=True)
class Step:
    """One thing that was done with an application, and the state that it led to."""

    seq: int
    at: str
    who: str
    action: str
    state: str
    remark: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Application:
    """One application.

    Parameters
    ----------
    place
        The register's record that it is about; empty for a proposal of a new name until that is in the register.
    name, name_before
        As proposed (or as it is certified), and the standard name when it was submitted.
    proposed
        A draft of the record: ``values``, ``geometry``, ``extent`` (see `layers.editing.draft_from_json`).
    carried
        Groups of what depends on the name that are renamed with it.
    opinion
        The villagers': ``pro``, ``contra``, ``abstained``, ``day``, ``remark``.
    override
        Why errors of the check do not stand in the way: ``reason``, ``who``, ``rules``.
    submitted … announce_due
        Days ``YYYY-MM-DD`` in China, None where it has not come to that.
    batch
        Of the changes that its approval has made in the register.
    reserves, became
        Of a naming the application by which the name was reserved, and the other way round.
    submitter, who
        Who submitted it last, and who entered it.
    """

    uuid: str
    number: str
    kind: str
    channel: str
    state: str
    county: str
    town: str
    village: str
    place: str
    name: str
    name_before: str
    class_code: str
    proposed: Mapping[str, Any]
    carried: tuple[str, ...]
    reason: str
    unit: str
    person: str
    attachments: tuple[Mapping[str, Any], ...]
    opinion: Mapping[str, Any] | None
    override: Mapping[str, Any] | None
    decision: str
    authority: str
    certificate: str
    submitted: str | None
    reviewed: str | None
    approved: str | None
    filed: str | None
    announced: str | None
    file_due: str | None
    announce_due: str | None
    batch: str | None
    reserves: str
    became: str
    submitter: str
    who: str
    created: str
    version: int
    steps: tuple[Step, ...] = field(default=())


def taken_number(connection: Connection, series: str) -> int:
    """The next number of a series; writers come one at a time, so each is given once."""
    last = connection.scalar(select(SERIAL.c.last).where(SERIAL.c.series == series))
    if last is None:
        connection.execute(insert(SERIAL).values(series=series, last=1))
        return 1
    connection.execute(update(SERIAL).where(SERIAL.c.series == series).values(last=int(last) + 1))
    return int(last) + 1


def add(
    office: Office, values: Mapping[str, Any], *, year: int, action: str, editor: Editor, remark: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Application:  # fmt: skip
    """Enter an application; it gets the next number of its county in that year.

    Parameters
    ----------
    values
        Columns of the table; at least ``kind``, ``state``, ``county``, ``name`` and ``proposed``.
    """
    uuid = str(uuids_.uuid4())
    with office.writing() as connection:
        serial = taken_number(connection, f"{year}-{values['county']}")
        row = {
            "carried": [], "attachments": [], **values, "uuid": uuid, "who": editor.name, "created": now(),
            "version": 1, "number": f"{year}-{values['county']}-{serial:04d}",
        }  # fmt: skip
        connection.execute(insert(APPLICATION).values(**row))
        _add_step(connection, uuid, action, str(values["state"]), editor, remark, detail)
        return _fetched(connection, uuid)


def change(
    office: Office, uuid: str, version: int, values: Mapping[str, Any], *, action: str, editor: Editor,
    remark: str = "", detail: Mapping[str, Any] | None = None, numbered: str = "",
) -> Application:  # fmt: skip
    """Change an application and write down the step.

    Parameters
    ----------
    version
        The version that the caller has seen.
    numbered
        A series, of which the next number fills the place ``%s`` in ``values["certificate"]``.

    Raises
    ------
    UnknownApplication
    ApplicationConflict
        Where it is at another version by now; nothing is written.
    """
    with office.writing() as connection:
        found = _fetched(connection, uuid)
        if found.version != version:
            raise conflict(found, version)
        given = dict(values)
        if numbered:
            given["certificate"] = given["certificate"] % taken_number(connection, numbered)
        connection.execute(
            update(APPLICATION).where(APPLICATION.c.uuid == uuid).values(**given, version=found.version + 1)
        )
        _add_step(connection, uuid, action, str(given.get("state", found.state)), editor, remark, detail)
        return _fetched(connection, uuid)


def claim(office: Office, uuid: str, version: int, batch: str) -> Application:
    """Note the batch under which an approval is about to write into the register, or the one that was noted before.

    An approval that was cut off in between leaves it behind; whoever approves again finishes that one.

    Raises
    ------
    UnknownApplication, ApplicationConflict
    """
    with office.writing() as connection:
        found = _fetched(connection, uuid)
        if found.version != version:
            raise conflict(found, version)
        if found.batch is not None:
            return found
        connection.execute(
            update(APPLICATION).where(APPLICATION.c.uuid == uuid).values(batch=batch, version=found.version + 1)
        )
        return _fetched(connection, uuid)


def release(office: Office, uuid: str, batch: str) -> None:
    """Forget a batch that was noted and not written."""
    with office.writing() as connection:
        connection.execute(
            update(APPLICATION)
            .where(APPLICATION.c.uuid == uuid, APPLICATION.c.batch == batch, APPLICATION.c.approved.is_(None))
            .values(batch=None)
        )


def link(office: Office, uuid: str, **values: str) -> None:
    """Set what ties an application to another one; no step of its own."""
    with office.writing() as connection:
        connection.execute(
            update(APPLICATION)
            .where(APPLICATION.c.uuid == uuid)
            .values(**values, version=APPLICATION.c.version + 1)
        )  # fmt: skip


def find(office: Office, uuid: str) -> Application:
    """An application with its steps.

    Raises
    ------
    UnknownApplication
    """
    with office.reading() as connection:
        return _fetched(connection, uuid)


def conflict(found: Application, version: int) -> ApplicationConflict:
    """What is raised where an application is at another version than the caller has seen."""
    return ApplicationConflict(
        N_("The application %(number)s has changed meanwhile: it is at version %(present)s, you began with %(given)s."),
        hint=N_("Load it anew, look at what has changed, and try again."),
        number=found.number,
        present=found.version,
        given=version,
    )


def _add_step(
    connection: Connection, uuid: str, action: str, state: str, editor: Editor, remark: str,
    detail: Mapping[str, Any] | None,
) -> None:  # fmt: skip
    seq = connection.scalar(select(func.count()).where(STEP.c.application == uuid)) or 0
    connection.execute(
        insert(STEP).values(
            application=uuid, seq=int(seq) + 1, at=now(), who=editor.name, action=action, state=state, remark=remark,
            detail=dict(detail or {}),
        )
    )  # fmt: skip


def _fetched(connection: Connection, uuid: str) -> Application:
    row = connection.execute(select(APPLICATION).where(APPLICATION.c.uuid == uuid)).first()
    if row is None:
        raise UnknownApplication(N_("There is no application %(uuid)s, or it is not within your reach."), uuid=uuid)
    columns = [column for column in STEP.c if column.name != "application"]
    steps = connection.execute(select(*columns).where(STEP.c.application == uuid).order_by(STEP.c.seq))
    return application_of(row, tuple(Step(*step) for step in steps))


_NAMES: Final = tuple(one.name for one in fields(Application) if one.name != "steps")


def application_of(row: Row[Any], steps: tuple[Step, ...] = ()) -> Application:
    """A row of the table as a value."""
    values = {name: getattr(row, name) for name in _NAMES}
    return Application(
        **{**values, "carried": tuple(values["carried"]), "attachments": tuple(values["attachments"])}, steps=steps
    )
