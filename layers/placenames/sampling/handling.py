"""Submissions led from step to step: submitted by a county, drawn from, judged record by record, decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sqlalchemy import func, select

from gis.errors import N_, Conflict, Invalid
from layers import days
from layers.access import Editor, NotAllowed, Reader, reach_of, require, require_within
from layers.catalogue import PLACE_MAJORS
from layers.index import Index
from layers.office import Office, submissions
from layers.office.findings import FINDING
from layers.office.jobs import now
from layers.office.submissions import Sampled, Submission, UnknownSample, UnknownSubmission
from layers.placenames import findings
from layers.placenames.findings.listing import seen_by
from layers.placenames.sampling.drawing import Rules, drawn, sample_size, seed_or_new
from layers.placenames.sampling.lifecycle import may_see_sample, open_actions, require_transition
from layers.placenames.sampling.looking import (
    FIELDS,
    LAYER,
    PLACE,
    Sight,
    frame_rows,
    is_visible,
    seen_sample,
    states_of,
)
from layers.placenames.sampling.results import Results, counted

LONGEST: Final = 500
"""Characters of a remark or reason."""
_MAJORS: Final = tuple(major.key for major in PLACE_MAJORS)


class BadSubmission(Invalid):
    """A submission, verdict or decision that does not say what it must."""

    code: ClassVar[str] = "bad-submission"


class ErrorsOpen(Conflict):
    """Errors of the check are open, and the county has not said why it submits nevertheless."""

    code: ClassVar[str] = "errors-open"


class NotJudged(Conflict):
    """Records of the sample that nobody has judged."""

    code: ClassVar[str] = "not-judged"


class AboveLimit(Conflict):
    """More records are wrong than the limit allows, and the reviewer has not said why that is accepted."""

    code: ClassVar[str] = "above-limit"


@dataclass(frozen=True)
class Outlook:
    """What a county would submit: records, open errors and doubts among them, and what is still open there."""

    records: int
    errors: int
    doubts: int
    open: Submission | None


@dataclass(frozen=True)
class Verdict:
    """What is said of one record: ``verdict`` is empty (taken back), ``right`` or ``wrong``; then which fields, why."""

    verdict: str
    edition: int
    fields: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Draw:
    """How a sample is asked for: a share in percent or a number of records, a seed; None as the rules say."""

    share: float | None = None
    number: int | None = None
    seed: int | None = None
    rules: Rules = field(default_factory=Rules.read)


def outlook(index: Index, office: Office, county: str, majors: Iterable[str], *, editor: Editor) -> Outlook:
    """What a county would submit now; the check of names is brought up to date first.

    Raises
    ------
    NotAllowed, OutOfReach, BadSubmission, NotChecked
    """
    require(editor.reader, "edit", LAYER)
    require_within(editor.reader, [county], layer_key=LAYER)
    wanted = _majors(majors)
    findings.brought_up_to_date(index, office)
    records = len(frame_rows(index.layer(LAYER), county, wanted, reader=editor.reader))
    errors, doubts = _open_findings(office, county, wanted, reader=editor.reader)
    return Outlook(records, errors, doubts, submissions.open_of(office, county))


def submit(
    index: Index, office: Office, county: str, majors: Iterable[str] = (), *, remark: str = "", reason: str = "",
    editor: Editor,
) -> Submission:  # fmt: skip
    """Hand a county's records to the city.

    Parameters
    ----------
    majors
        Keys of major classes; empty for all.
    reason
        Why it is submitted although errors of the check are open.

    Raises
    ------
    NotAllowed, OutOfReach, BadSubmission, NotChecked, ErrorsOpen, StillOpen
    """
    require_transition("", "submit", "", reader=editor.reader, name=editor.name)
    wanted, remark, reason = _majors(majors), _text(remark), _text(reason)
    found = outlook(index, office, county, wanted, editor=editor)
    if not found.records:
        raise BadSubmission(N_("There are no records to submit."), hint=N_("Choose another county or class."))
    if found.errors and not reason and found.open is None:
        raise ErrorsOpen(
            N_("The check has %(count)s errors open."),
            hint=N_("Mend them in the workbench, or say why you submit nevertheless."),
            count=found.errors,
        )
    values = {
        "county": county, "majors": wanted, "records": found.records, "errors": found.errors, "doubts": found.doubts,
        "mark": _mark(index), "remark": remark, "reason": reason,
    }  # fmt: skip
    return submissions.add(office, values, year=days.today().year, editor=editor)


def find(office: Office, uuid: str, *, editor: Editor) -> Submission:
    """A submission that the editor's account reaches.

    Raises
    ------
    UnknownSubmission, NotAllowed
    """
    require(editor.reader, "edit", LAYER)
    found = submissions.find(office, uuid)
    reach = reach_of(editor.reader, LAYER)
    if reach is not None and found.county not in reach:
        raise UnknownSubmission(N_("There is no submission %(uuid)s, or it is not within your reach."), uuid=uuid)
    return found


def listed(office: Office, *, offset: int = 0, limit: int = 50, editor: Editor) -> tuple[list[Submission], int]:
    """Submissions that the editor's account reaches, the newest first, and how many there are."""
    require(editor.reader, "edit", LAYER)
    return submissions.listed(office, counties=reach_of(editor.reader, LAYER), offset=offset, limit=limit)


def actions_open(found: Submission, *, editor: Editor) -> tuple[str, ...]:
    """What somebody may do with a submission now: who may not see all that was drawn does not decide."""
    actions = open_actions(found.state, found.submitter, reader=editor.reader, name=editor.name)
    if found.state == "sampling" and editor.reader.clearance < found.level:
        return tuple(action for action in actions if action == "judge")
    return actions


def is_open(found: Submission, *, editor: Editor) -> bool:
    """Whether the sample is open to the editor."""
    return may_see_sample(found.state, found.submitter, reader=editor.reader, name=editor.name)


def look(index: Index, office: Office, found: Submission, *, editor: Editor) -> Sight | None:
    """The sample as far as the editor may see it; None where it is not open to them, or not drawn."""
    if not is_open(found, editor=editor) or not found.size:
        return None
    return seen_sample(index, found, submissions.sample_of(office, found.uuid), reader=editor.reader)


def count(index: Index, office: Office, found: Submission, *, editor: Editor) -> Results:
    """What the verdicts come to, of the records of the sample that the editor may see.

    Raises
    ------
    NotAllowed
        Where the sample is not open to them.
    """
    if not is_open(found, editor=editor):
        raise NotAllowed(N_("The sample is open to the county when it is decided."))
    columns = index.layer(LAYER)
    sample = submissions.sample_of(office, found.uuid)
    return counted(row for row in sample if is_visible(columns, row, found, reader=editor.reader))


def draw(index: Index, office: Office, uuid: str, version: int, how: Draw, *, editor: Editor) -> Submission:
    """Draw the sample, once: by class in proportion, at least one of each, from all records that the drawer may see.

    Raises
    ------
    UnknownSubmission, NotAllowed, WrongStep, BadDraw, SubmissionConflict, BadSubmission
    """
    before = find(office, uuid, editor=editor)
    require_transition(before.state, "draw", before.submitter, reader=editor.reader, name=editor.name)
    seed = seed_or_new(how.seed)
    with index.held() as connection:
        columns = index.layer(LAYER)
        rows = frame_rows(columns, before.county, before.majors, reader=editor.reader)
        uuids = [str(one) for one in columns.uuid[rows]]
        majors = [str(one or "") for one in columns["major"].values(rows)]
        if not uuids:
            raise BadSubmission(N_("There are no records to draw from."))
        size = sample_size(len(uuids), how.rules, share=how.share, number=how.number)
        chosen = drawn(zip(uuids, majors, strict=True), size, seed)
        states = states_of(index, connection, [one for of_class in chosen.values() for one in of_class])
        levels = dict(zip(uuids, columns.levels[rows].tolist(), strict=True))
        mark = _mark(index)
    counts = Counter(majors)
    sample = _in_order(chosen, states, levels)
    with office.writing() as connection:
        submissions.seen(connection, uuid, version)
        submissions.fill(connection, uuid, sample)
        return submissions.step(
            connection, uuid, version, "sampling",
            {
                "drawer": editor.name, "drawn": now(), "drawn_mark": mark, "level": editor.reader.clearance,
                "size": len(sample), "seed": seed, "limit_percent": how.rules.limit,
                "strata": {major: [counts[major], len(of_class)] for major, of_class in chosen.items()},
            },
        )  # fmt: skip


def judge(
    index: Index, office: Office, uuid: str, position: int, said: Verdict, *, editor: Editor
) -> tuple[Submission, Sampled]:
    """Say whether a record of the sample is right; it can be said anew until the submission is decided.

    Raises
    ------
    UnknownSubmission, UnknownSample, NotAllowed, WrongStep, BadSubmission, SubmissionConflict
    """
    before = find(office, uuid, editor=editor)
    require_transition(before.state, "judge", before.submitter, reader=editor.reader, name=editor.name)
    values = _verdict(said)
    columns = index.layer(LAYER)
    with office.writing() as connection:
        present = submissions.fetched(connection, uuid)
        require_transition(present.state, "judge", present.submitter, reader=editor.reader, name=editor.name)
        row = submissions.sampled_at(connection, uuid, position)
        if not is_visible(columns, row, present, reader=editor.reader):
            raise UnknownSample(N_("The sample has no record %(position)s."), position=position)
        judged = submissions.judge(connection, uuid, position, said.edition, values, editor=editor)
        return submissions.fetched(connection, uuid), judged


def decide(office: Office, uuid: str, version: int, action: str, remark: str = "", *, editor: Editor) -> Submission:
    """Accept a submission, or return it.

    Parameters
    ----------
    action
        ``accept``: every record is judged and not too many are wrong; else with a remark that says why.
        ``return``: with a remark, at any time before it is decided.

    Raises
    ------
    UnknownSubmission, NotAllowed, WrongStep, BadSubmission, SubmissionConflict, NotJudged, AboveLimit
    """
    if action not in ("accept", "return"):
        raise BadSubmission(N_("A submission is accepted or returned."))
    remark = _text(remark)
    find(office, uuid, editor=editor)
    with office.writing() as connection:
        present = submissions.seen(connection, uuid, version)
        row = require_transition(present.state, action, present.submitter, reader=editor.reader, name=editor.name)
        if action not in actions_open(present, editor=editor):
            # whether secret records were drawn is not said: only that the drawer might have seen some
            raise NotAllowed(
                N_("The sample was drawn by somebody who may see more than you."),
                hint=N_("An administrator can decide."),
            )
        if action == "return" and not remark:
            raise BadSubmission(N_("Say why it is returned: the county reads it."))
        results = counted(submissions.sample_within(connection, uuid))
        if action == "accept" and not results.complete:
            raise NotJudged(
                N_("%(count)s records of the sample are not judged yet."), count=results.size - results.all_.judged
            )
        has_result = present.state == "sampling" and results.complete
        passes = has_result and results.within(present.limit_percent)
        if action == "accept" and not passes and not remark:
            raise AboveLimit(
                N_("%(wrong)s of %(size)s records are wrong: more than %(limit)s %%."),
                hint=N_("Return the submission, or say why it is accepted nevertheless."),
                wrong=results.all_.wrong,
                size=results.size,
                limit=f"{present.limit_percent:g}",
            )
        # a return before all is judged goes against nothing: there is no result yet
        against = has_result and (action == "accept") != passes
        values = {"decider": editor.name, "decided": now(), "decision": remark, "override": int(against)}
        return submissions.step(connection, uuid, version, row.after, values)


def _open_findings(office: Office, county: str, majors: Iterable[str], *, reader: Reader) -> tuple[int, int]:
    """Errors and doubts that are open, whoever has put them behind for themselves."""
    one = FINDING.c
    met = [seen_by(reader), one.county == county, one.state == "open"]
    if majors:
        met.append(one.major.in_(list(majors)))
    statement = select(one.severity, func.count()).where(*met).group_by(one.severity)
    with office.reading() as connection:
        found = {str(severity): int(count) for severity, count in connection.execute(statement)}
    return found.get("error", 0), found.get("warning", 0)


def _in_order(chosen: dict[str, list[str]], states: dict[str, dict[str, Any]], levels: dict[str, int]) -> list[Sampled]:
    """The sample as it is walked: class by class, town by town."""
    places = [(major, uuid, states[uuid]) for major, uuids in chosen.items() for uuid in uuids if uuid in states]
    rank = {major: at for at, major in enumerate(_MAJORS)}
    places.sort(key=lambda one: (rank.get(one[0], 99), one[0], *(str(one[2].get(name) or "") for name in
                                 ("town_code", "village_code", "name")), one[1]))  # fmt: skip
    return [
        Sampled(position, uuid, str(state.get("name") or ""), major, levels[uuid], int(state["version"] or 0), state)
        for position, (major, uuid, state) in enumerate(places, start=1)
    ]


def _verdict(said: Verdict) -> dict[str, Any]:
    if said.verdict not in ("", "right", "wrong"):
        raise BadSubmission(N_("A record is right or wrong."))
    fields, remark = list(dict.fromkeys(said.fields)), _text(said.remark)
    if any(name not in FIELDS and name != PLACE for name in fields):
        raise BadSubmission(N_("A verdict names fields of the record."))
    if said.verdict == "wrong" and not fields and not remark:
        raise BadSubmission(N_("Say which field is wrong, or what is."))
    if said.verdict != "wrong":
        fields = []
    return {"verdict": said.verdict, "fields": fields, "remark": remark if said.verdict else ""}


def _majors(given: Iterable[str]) -> tuple[str, ...]:
    wanted = set(given)
    if not wanted <= set(_MAJORS):
        raise BadSubmission(N_("That is no major class of place names."))
    return tuple(major for major in _MAJORS if major in wanted)


def _text(given: str) -> str:
    text = given.strip()
    if len(text) > LONGEST:
        raise BadSubmission(N_("A remark has at most %(most)s characters."), most=LONGEST)
    return text


def _mark(index: Index) -> str:
    mark = index.layer(LAYER).mark
    return f"{mark.seq}@{mark.stamp}".strip()
