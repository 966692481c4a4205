"""Applications led from step to step: what is asked of each step, and what it does."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Final

from gis.errors import N_, Conflict, Invalid
from layers import days
from layers.access import Editor, reach_of, require, require_within
from layers.editing import Refused
from layers.history import undo_batch
from layers.office import applications
from layers.office.application_lists import Asked
from layers.office.application_lists import listed as listed_applications
from layers.office.applications import Application, UnknownApplication
from layers.placenames.decided import Decision
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.effects import effect_of, is_written, write_approval
from layers.placenames.procedures.judging import LAYER, Judgement, judged
from layers.placenames.procedures.kinds import RURAL, kind_named
from layers.placenames.procedures.lifecycle import Case, Transition, WrongState, open_actions, require_transition
from layers.placenames.procedures.paper import statement
from layers.placenames.procedures.proposing import BadApplication, Request, columns_of


class FindingsStand(Conflict):
    """Errors of the check stand, and no reviewer has said why they may; ``judgement`` has them."""

    code: ClassVar[str] = "findings-stand"

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        super().__init__(
            N_("The name breaks %(count)s rules; it is not approved as it is."),
            hint=N_("Return the application, or say as a reviewer why the rules do not stand in the way."),
            count=len(judgement.errors),
        )


class StepIncomplete(Invalid):
    """A step without something that it needs."""

    code: ClassVar[str] = "step-incomplete"


@dataclass(frozen=True)
class Given:
    """What somebody says with a step.

    Parameters
    ----------
    version
        Of the application as they have seen it.
    override
        Why errors of the check do not stand in the way; of a review and an approval.
    number, authority, day
        The decision of an approval, the notice of a filing or an announcement.
    opinion
        ``pro``, ``contra``, ``abstained`` and ``remark``.
    """

    version: int
    remark: str = ""
    override: str = ""
    number: str = ""
    authority: str = ""
    day: date | None = None
    opinion: Mapping[str, Any] = field(default_factory=dict)


def case_of(application: Application) -> Case:
    """What the table of the lifecycle asks of an application."""
    return Case(application.kind, application.channel, application.state, application.submitter)


def actions_open(application: Application, *, editor: Editor) -> tuple[Transition, ...]:
    """What somebody may do with an application now."""
    reach = reach_of(editor.reader, LAYER)
    if reach is not None and application.county not in reach:
        return ()
    rows = open_actions(case_of(application), reader=editor.reader, name=editor.name)
    unfinished = application.batch is not None and application.approved is None
    return tuple(row for row in rows if _has_sense(application, row.action, unfinished=unfinished))


def _has_sense(application: Application, action: str, *, unfinished: bool) -> bool:
    """Whether there is anything left to do by an action that the state allows."""
    if unfinished:
        return action == "approve"  # one that was cut off is finished first
    if action == "file":
        return application.filed is None
    if action == "announce":
        return application.filed is not None and application.announced is None
    if action in ("revoke", "cancel") and application.state == "approved":
        return application.announced is None and not application.became
    if action == "submit" and application.channel == RURAL:
        return application.opinion is not None
    return True


def find(desk: Desk, uuid: str, *, editor: Editor) -> Application:
    """An application that the editor's account reaches.

    Raises
    ------
    UnknownApplication, NotAllowed
    """
    require(editor.reader, "procedures")
    found = applications.find(desk.office, uuid)
    reach = reach_of(editor.reader, LAYER)
    if reach is not None and found.county not in reach:
        raise UnknownApplication(
            N_("There is no application %(uuid)s, or it is not within your reach."), uuid=uuid
        )  # fmt: skip
    return found


def listed(desk: Desk, asked: Asked, *, editor: Editor) -> tuple[list[Application], int]:
    """Applications that the editor's account reaches, and how many there are."""
    require(editor.reader, "procedures")
    return listed_applications(desk.office, replace(asked, counties=reach_of(editor.reader, LAYER)))


def begin(desk: Desk, request: Request, *, editor: Editor) -> Application:
    """Enter an application and submit it; in the rural pilot the villagers are asked first.

    Raises
    ------
    BadApplication, UnknownFeature, NotAllowed, OutOfReach, BadDraft
    """
    action = "consult" if request.channel == RURAL else "submit"
    row = require_transition(
        Case(request.kind.key, request.channel, ""), action, reader=editor.reader, name=editor.name
    )  # fmt: skip
    values = columns_of(desk.index, request, editor=editor)
    require_within(editor.reader, [values["county"]], layer_key=LAYER)
    if request.reserves:
        _require_reserved(desk, request.reserves, values)
    today = days.today()
    values |= {"state": row.after}
    if row.after == "pending":
        values |= {"submitted": today.isoformat(), "submitter": editor.name}
    return applications.add(desk.office, values, year=today.year, action=action, editor=editor)


def amend(desk: Desk, uuid: str, request: Request, given: Given, *, editor: Editor) -> Application:
    """Change what is applied for; the kind, the channel and the place stay.

    Raises
    ------
    WrongState, ApplicationConflict, BadApplication, NotAllowed, OutOfReach
    """
    found = find(desk, uuid, editor=editor)
    _require_version(found, given)
    row = _required(found, "amend", editor)
    if (request.kind.key, request.channel, request.place) != (found.kind, found.channel, found.place):
        raise BadApplication(N_("The kind of an application and its place stay; make another one."))
    values = columns_of(desk.index, request, editor=editor)
    require_within(editor.reader, [values["county"]], layer_key=LAYER)
    if values["county"] != found.county:
        raise BadApplication(N_("The application's number is of its county; make another one for another county."))
    values |= {"state": row.after, "override": None, "reserves": found.reserves}
    return applications.change(desk.office, uuid, given.version, values, action="amend", editor=editor)


def act(desk: Desk, uuid: str, action: str, given: Given, *, editor: Editor) -> Application:
    """Lead an application on by one step; everything but `begin` and `amend`.

    Raises
    ------
    WrongState, ApplicationConflict
        Where somebody has gone on with it meanwhile.
    StepIncomplete
        Without a remark, a number or an opinion that the step needs.
    FindingsStand
        Where errors of the check keep it from approval.
    NotAllowed, OutOfReach, UnknownApplication, Refused, UndoConflict
    """
    found = find(desk, uuid, editor=editor)
    _require_version(found, given)
    row = _required(found, action if action in _ACTED else "", editor)
    if row.remark and not given.remark:
        raise StepIncomplete(N_("Say why, in a word: it stands with the application."))
    if action == "approve":
        return _approve(desk, found, row, given, editor=editor)
    values, detail = _STEPS[action](desk, found, given, editor)
    changed = applications.change(
        desk.office, uuid, given.version, {"state": row.after, **values}, action=action, editor=editor,
        remark=given.remark, detail=detail,
    )  # fmt: skip
    if action == "revoke" and found.reserves:
        applications.link(desk.office, found.reserves, became="")
    return changed


def _require_version(found: Application, given: Given) -> None:
    if found.version != given.version:
        raise applications.conflict(found, given.version)


def _required(found: Application, action: str, editor: Editor) -> Transition:
    row = require_transition(case_of(found), action, reader=editor.reader, name=editor.name)
    require_within(editor.reader, [found.county], layer_key=LAYER)
    unfinished = found.batch is not None and found.approved is None
    if not _has_sense(found, action, unfinished=unfinished):
        raise WrongState(
            N_("This cannot be done with the application as it is now."),
            hint=N_("Load it anew: somebody may have gone on with it."),
        )
    return row


Values = dict[str, Any]


def _submit(_desk: Desk, _found: Application, _given: Given, editor: Editor) -> tuple[Values, Values]:
    return {"submitted": days.today().isoformat(), "submitter": editor.name, "override": None}, {}


def _opinion(_desk: Desk, _found: Application, given: Given, _editor: Editor) -> tuple[Values, Values]:
    counts: dict[str, int] = {}
    for name in ("pro", "contra", "abstained"):
        value = given.opinion.get(name, 0)
        if type(value) is not int or not 0 <= value <= 100_000:
            raise StepIncomplete(N_("The villagers' opinion is three counts of people: for, against, abstained."))
        counts[name] = value
    if not sum(counts.values()):
        raise StepIncomplete(N_("Nobody has been asked: give how many are for it, against it, abstained."))
    day = (given.day or days.today()).isoformat()
    opinion = {**counts, "day": day, "remark": given.remark}
    return {"opinion": opinion}, opinion


def _review(desk: Desk, found: Application, given: Given, editor: Editor) -> tuple[Values, Values]:
    judgement = judged(desk.index, desk.office, found, editor=editor)
    override = _overridden(judgement, given, editor)
    return {"reviewed": days.today().isoformat(), "override": override}, {"override": override} if override else {}


def _return(_desk: Desk, _found: Application, _given: Given, _editor: Editor) -> tuple[Values, Values]:
    return {"reviewed": None, "override": None}, {}


def _cancel(_desk: Desk, _found: Application, _given: Given, _editor: Editor) -> tuple[Values, Values]:
    return {"file_due": None, "announce_due": None}, {}


def _file(desk: Desk, found: Application, given: Given, _editor: Editor) -> tuple[Values, Values]:
    day = _day_of(given, not_before=found.approved)
    due = desk.deadlines.due(date.fromisoformat(found.approved or day.isoformat()), day)
    values = {"filed": day.isoformat(), "file_due": None, "announce_due": due["announce"].isoformat()}
    return values, {"number": given.number, "day": day.isoformat()}


def _announce(_desk: Desk, found: Application, given: Given, _editor: Editor) -> tuple[Values, Values]:
    day = _day_of(given, not_before=found.filed)
    return {"announced": day.isoformat(), "announce_due": None}, {"number": given.number, "day": day.isoformat()}


def _revoke(desk: Desk, found: Application, given: Given, editor: Editor) -> tuple[Values, Values]:
    """What the approval has written is taken back as one change, unless somebody has done that already."""
    values: Values = dict.fromkeys(("approved", "filed", "file_due", "announce_due", "batch"))
    values |= {"decision": "", "authority": "", "certificate": ""}
    if found.kind == "name":
        values["place"] = ""
    if found.batch and effect_of(desk.index, found) == "stands":
        undo_batch(desk.index, found.batch, editor=editor, why=f"{found.number} {given.remark}"[:500])
    return values, {"batch": found.batch, "decision": found.decision, "certificate": found.certificate}


_STEPS: Final[Mapping[str, Callable[[Desk, Application, Given, Editor], tuple[Values, Values]]]] = MappingProxyType(
    {
        "submit": _submit, "opinion": _opinion, "review": _review, "return": _return, "cancel": _cancel,
        "file": _file, "announce": _announce, "revoke": _revoke,
    }
)  # fmt: skip


_ACTED: Final = frozenset({*_STEPS, "approve"})
"""Actions that `act` carries out; the others have a request of their own."""


def _approve(desk: Desk, found: Application, row: Transition, given: Given, *, editor: Editor) -> Application:
    """Write the register first, then the application; cut off in between, the same approval is finished later."""
    kind = kind_named(found.kind)
    if kind.filed and not given.number:
        raise StepIncomplete(N_("An approval has the number of its decision."))
    day = _day_of(given, not_before=found.submitted)
    decision = Decision(given.number, given.authority, day.isoformat())
    judgement = judged(desk.index, desk.office, found, editor=editor)
    override = found.override
    unfinished = found.batch is not None
    if judgement.errors and not unfinished:
        override = found.override if _covers(found.override, judgement) else _overridden(judgement, given, editor)
    values: Values = {
        "state": row.after, "approved": day.isoformat(), "decision": given.number, "authority": given.authority,
        "override": override,
    }  # fmt: skip
    version = given.version
    if kind.writes:
        claimed = applications.claim(desk.office, found.uuid, version, str(uuids_.uuid4()))
        assert claimed.batch is not None
        version, batch = claimed.version, claimed.batch
        try:
            values["place"] = write_approval(desk.index, found, batch, decision, editor=editor)
        except BaseException:
            if not is_written(desk.index, batch):
                applications.release(desk.office, found.uuid, batch)
            raise
    if kind.filed:
        values |= {f"{step}_due": due.isoformat() for step, due in desk.deadlines.due(day, None).items()}
    detail: Values = {
        "number": given.number, "authority": given.authority, "day": day.isoformat(), "override": override,
    }  # fmt: skip
    numbered = ""
    if kind.certified:
        numbered = f"certificate-{day.year}-{found.county}"
        values["certificate"] = f"{day.year}-{found.county}-Z%04d"
        detail["stated"] = statement(desk.index, found.place, editor=editor)
    changed = applications.change(
        desk.office, found.uuid, version, values, action="approve", editor=editor, remark=given.remark, detail=detail,
        numbered=numbered,
    )  # fmt: skip
    if found.reserves:
        applications.link(desk.office, found.reserves, became=found.uuid)
    return changed


def _overridden(judgement: Judgement, given: Given, editor: Editor) -> dict[str, Any] | None:
    """Why errors do not stand in the way; None where there are none.

    Raises
    ------
    FindingsStand
    Refused
        Where the record could not be written whatever anybody says.
    """
    if not judgement.errors:
        return None
    if judgement.final_errors and judgement.record is not None and judgement.record.errors:
        raise Refused(judgement.record.notes)
    if judgement.final_errors or not given.override:
        raise FindingsStand(judgement)
    return {"reason": given.override, "who": editor.name, "rules": _rules(judgement)}


def _rules(judgement: Judgement) -> list[str]:
    return sorted({one.finding.rule for one in judgement.errors})


def _covers(override: Mapping[str, Any] | None, judgement: Judgement) -> bool:
    """Whether a reviewer has said already why these very rules do not stand in the way."""
    return (
        override is not None and not judgement.final_errors and set(_rules(judgement)) <= set(override.get("rules", ()))
    )


def _day_of(given: Given, *, not_before: str | None) -> date:
    """The day of a step: today unless another is said; neither in the future nor before what it follows.

    Raises
    ------
    StepIncomplete
    """
    today = days.today()
    day = given.day or today
    if day > today:
        raise StepIncomplete(N_("The day %(day)s is in the future."), day=day.isoformat())
    if not_before is not None and day.isoformat() < not_before:
        raise StepIncomplete(
            N_("The day %(day)s lies before the step that it follows (%(before)s)."),
            day=day.isoformat(),
            before=not_before,
        )
    return day


def _require_reserved(desk: Desk, uuid: str, values: Mapping[str, Any]) -> None:
    """A naming may follow a reserved name only where that is still reserved, under the same name and county."""
    found = applications.find(desk.office, uuid)
    fits = found.kind == "prename" and found.state == "approved" and not found.became
    if values["kind"] != "name" or not fits or (found.name, found.county) != (values["name"], values["county"]):
        raise BadApplication(
            N_("The reserved name does not fit the application."),
            hint=N_("It must still be reserved, under the same name in the same county."),
        )
