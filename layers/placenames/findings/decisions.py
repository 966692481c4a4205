"""What people decide of findings: right as it is, later, open again; and what they have done, counted."""

from __future__ import annotations

from typing import ClassVar, Final

from sqlalchemy import Connection, delete, insert, select, update

from gis.errors import N_, Conflict, Invalid
from layers import days
from layers.access import Editor, require, require_within
from layers.office import Office
from layers.office.findings import DECISION, DONE, FINDING, SKIPPED
from layers.office.jobs import now
from layers.placenames.findings.listing import seen_by

MOST_REASON: Final = 500


class FindingGone(Conflict):
    """The finding is not there any more: the record has been changed, or it never was for this reader."""

    code: ClassVar[str] = "finding-gone"


class BadReason(Invalid):
    """A decision without a reason, or with one that is too long."""

    code: ClassVar[str] = "bad-reason"


def keep(office: Office, key: str, *, why: str, editor: Editor) -> None:
    """Decide that what a finding says is right as it is; it stays so until what it says changes.

    Raises
    ------
    BadReason, FindingGone, NotAllowed, OutOfReach
    """
    why = " ".join(why.split())
    if not why or len(why) > MOST_REASON:
        raise BadReason(
            N_("To keep a record as it is needs a reason of at most %(most)s characters."), most=MOST_REASON
        )
    with office.writing() as connection:
        uuid, rule, county = _found(connection, key, editor)
        connection.execute(delete(DECISION).where(DECISION.c.key == key))
        connection.execute(insert(DECISION).values(key=key, rule=rule, uuid=uuid, who=editor.name, at=now(), why=why))
        connection.execute(update(FINDING).where(FINDING.c.key == key).values(state="kept"))
        connection.execute(delete(SKIPPED).where(SKIPPED.c.key == key))
        note(connection, "kept", rule, uuid, county, who=editor.name)


def reopen(office: Office, key: str, *, editor: Editor) -> None:
    """Take a decision or a skip of one's own back."""
    with office.writing() as connection:
        _found(connection, key, editor)
        connection.execute(delete(DECISION).where(DECISION.c.key == key))
        connection.execute(update(FINDING).where(FINDING.c.key == key).values(state="open"))
        connection.execute(delete(SKIPPED).where(SKIPPED.c.key == key, SKIPPED.c.who == editor.name))


def skip(office: Office, key: str, *, editor: Editor) -> None:
    """Put a finding behind the others, for oneself alone."""
    with office.writing() as connection:
        uuid, rule, county = _found(connection, key, editor)
        connection.execute(delete(SKIPPED).where(SKIPPED.c.key == key, SKIPPED.c.who == editor.name))
        connection.execute(insert(SKIPPED).values(key=key, who=editor.name, at=now()))
        note(connection, "skipped", rule, uuid, county, who=editor.name)


def decisions_on(office: Office, uuid: str) -> list[dict[str, str]]:
    """Who has decided to keep what at a record, and why."""
    statement = select(DECISION).where(DECISION.c.uuid == uuid).order_by(DECISION.c.at.desc())
    with office.reading() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def note(connection: Connection, action: str, rule: str, uuid: str, county: str, *, who: str, count: int = 1) -> None:
    """Count what somebody has done: ``mended``, ``kept`` or ``skipped``."""
    day = days.today().isoformat()
    connection.execute(
        insert(DONE).values(who=who, at=now(), day=day, action=action, rule=rule, uuid=uuid, county=county, count=count)
    )


def _found(connection: Connection, key: str, editor: Editor) -> tuple[str, str, str]:
    """Record, rule and county of a finding that the editor may decide on."""
    require(editor.reader, "edit", "place-names")
    one = FINDING.c
    statement = select(one.uuid, one.rule, one.county).where(one.key == key, seen_by(editor.reader)).limit(1)
    row = connection.execute(statement).first()
    if row is None:
        raise FindingGone(
            N_("This finding is not there any more: the record has been changed."), hint=N_("Load the list again.")
        )
    require_within(editor.reader, [row.county], layer_key="place-names")
    return row.uuid, row.rule, row.county
