"""An import carried out: all of it in one transaction, or nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from gis.errors import N_, Conflict
from layers.access import Editor
from layers.ingest.plan import ImportRefused, Plan, Progress, plan_import
from layers.register import Register

TRIES: Final = 3
"""How often an import is planned anew because others wrote meanwhile."""


class RegisterMoved(Conflict):
    """Others keep changing the tables that an import is about."""

    code = "register-moved"


@dataclass(frozen=True)
class Applied:
    """What an import has done.

    Parameters
    ----------
    plan
        The plan that was carried out: the one given, or a later one if the register had changed.
    batch
        Joins its changes in the change log; None where nothing was to be done.
    seq
        The register's last change afterwards.
    """

    plan: Plan
    batch: str | None
    seq: int

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return self.plan.counts


def apply_plan(
    register: Register,
    plan: Plan,
    *,
    editor: Editor,
    why: str | None = None,
    batch: str | None = None,
    progress: Progress | None = None,
) -> Applied:
    """Carry out a plan, all of it or nothing.

    If others have changed tables that it rests on since it was made, it is made anew, and carried out if it still can
    be.

    Parameters
    ----------
    why
        The reason that stands in the change log at each change; None: the file's name.
    batch
        The uuid that joins the changes; a new one by default.

    Raises
    ------
    ImportRefused
        If rows are refused or there is a fault of the whole file that nobody has accepted.
    RegisterMoved
        If others keep writing.
    """
    batch = batch or str(uuid.uuid4())
    for _ in range(TRIES):
        require_applicable(plan)
        if plan.empty:
            return Applied(plan, None, plan.mark.seq)
        if progress is not None:
            progress(0.0, N_("Writing"))
        seq = _write(register, plan, editor=editor, why=why or plan.reading.file, batch=batch)
        if seq is not None:
            if progress is not None:
                progress(1.0, N_("Writing"))
            return Applied(plan, batch, seq)
        plan = plan_import(register, plan.subject.key, plan.reading, plan.mapping, editor=editor, progress=progress)
    raise RegisterMoved(
        N_("Others keep changing what “%(file)s” is about."),
        hint=N_("Try again in a while; nothing was written."),
        file=plan.reading.file,
    )


def require_applicable(plan: Plan) -> None:
    """Raise `ImportRefused` if a plan cannot be carried out."""
    refused = plan.counts["refused"]
    if refused:
        raise ImportRefused(
            N_("%(count)s rows of “%(file)s” cannot be taken; nothing was written."),
            hint=N_("Correct them, or take them out, and import the file again."),
            count=refused,
            file=plan.reading.file,
        )
    if plan.faults:
        raise ImportRefused(
            N_("“%(file)s” as a whole is doubtful (%(rule)s); nothing was written."),
            hint=N_("Correct the file or the mapping, or accept what was found if it is right."),
            file=plan.reading.file,
            rule=", ".join(dict.fromkeys(noted.finding.rule for noted in plan.faults)),
        )


def _write(register: Register, plan: Plan, *, editor: Editor, why: str, batch: str) -> int | None:
    """Write everything; None, and nothing written, if the register is no longer as it was planned for."""
    with register.writing(who=editor.name, why=why, batch=batch) as connection:
        if _has_moved(register, connection, plan):
            return None
        for write in plan.writes:
            register.merge(connection, write.table, write.inserts, write.updates)
        return register.last_seq(connection)


def _has_moved(register: Register, connection: Connection, plan: Plan) -> bool:
    if register.mark(connection) == plan.mark:
        return False
    if register.mark(connection, plan.mark.seq) != plan.mark:
        return True  # another register stands there now
    return any(change.layer in plan.tables for change in register.changes(connection, plan.mark.seq))
