"""Submissions of a county's place names as the office keeps them: numbers, rounds, steps, and the drawn sample.

Who may do what, how the sample is drawn and what is made of the verdicts is decided in `layers.placenames.sampling`;
here it is kept, and nothing is overwritten that its writer has not seen.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    insert,
    select,
    update,
)

from gis.errors import N_, Conflict, NotFound
from layers.access import Editor
from layers.office.applications import taken_number
from layers.office.database import METADATA, Office
from layers.office.jobs import now

OPEN: Final = ("submitted", "sampling")
"""States in which a submission waits for the city; of such a county has one at most."""

SUBMISSION = Table(
    "submission",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("county", Text, nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("before", Text, nullable=False, default=""),
    Column("majors", JSON, nullable=False),
    Column("records", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("submitter", Text, nullable=False),
    Column("submitted", Text, nullable=False),
    Column("remark", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("drawer", Text, nullable=False, default=""),
    Column("drawn", Text),
    Column("drawn_mark", Text, nullable=False, default=""),
    Column("level", Integer, nullable=False, default=0),
    Column("size", Integer, nullable=False, default=0),
    Column("seed", BigInteger),
    Column("strata", JSON, nullable=False),
    Column("limit_percent", Float, nullable=False, default=0.0),
    Column("decider", Text, nullable=False, default=""),
    Column("decided", Text),
    Column("decision", Text, nullable=False, default=""),
    Column("override", Integer, nullable=False, default=0),
    Column("version", Integer, nullable=False),
    Index("ix_submission_list", "county", "submitted"),
)
"""``errors`` and ``doubts`` are the findings that were open when it was submitted; ``reason`` says why it was submitted
in spite of errors. ``mark`` and ``drawn_mark`` are the states of the register then. ``level`` is the clearance up to
which records were in the draw, ``strata`` how many each major class had and how many were drawn of it. ``decision`` is
the remark of who decided; ``override`` says that it was decided against the share of wrong records."""

SAMPLE = Table(
    "submission_sample",
    METADATA,
    Column("submission", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("place", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("major", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("place_version", Integer, nullable=False),
    Column("drawn", JSON, nullable=False),
    Column("verdict", Text, nullable=False, default=""),
    Column("fields", JSON, nullable=False),
    Column("remark", Text, nullable=False, default=""),
    Column("who", Text, nullable=False, default=""),
    Column("at", Text),
    Column("edition", Integer, nullable=False, default=0),
    UniqueConstraint("submission", "position"),
    UniqueConstraint("submission", "place"),
)
"""``name``, ``place_version`` and ``drawn`` (the record's values) are as they were when the sample was drawn.
``edition`` counts the verdicts, so that two who judge the same record do not overwrite one another unseen."""


class UnknownSubmission(NotFound):
    """No such submission, or it lies outside what the person's account reaches."""

    code: ClassVar[str] = "unknown-submission"


class UnknownSample(NotFound):
    """No such record in the sample, or not for this reader."""

    code: ClassVar[str] = "unknown-sample"


class SubmissionConflict(Conflict):
    """Somebody else has gone on with the submission, or judged the record, since it was read."""

    code: ClassVar[str] = "submission-conflict"


class StillOpen(Conflict):
    """The county has another submission that is not decided."""

    code: ClassVar[str] = "submission-open"


@dataclass(frozen=True)
class Submission:
    """One submission; see `SUBMISSION`. ``round`` counts from 1 and on after each return; ``before`` is that one."""

    uuid: str
    number: str
    county: str
    round: int
    before: str
    majors: tuple[str, ...]
    records: int
    errors: int
    doubts: int
    mark: str
    state: str
    submitter: str
    submitted: str
    remark: str
    reason: str
    drawer: str
    drawn: str | None
    drawn_mark: str
    level: int
    size: int
    seed: int | None
    strata: Mapping[str, tuple[int, int]]
    limit_percent: float
    decider: str
    decided: str | None
    decision: str
    override: bool
    version: int


@dataclass(frozen=True)
class Sampled:
    """One record of a sample; see `SAMPLE`. ``verdict`` is empty, ``right`` or ``wrong``."""

    position: int
    place: str
    name: str
    major: str
    level: int
    place_version: int
    drawn: Mapping[str, Any]
    verdict: str = ""
    fields: tuple[str, ...] = ()
    remark: str = ""
    who: str = ""
    at: str | None = None
    edition: int = 0


def add(office: Office, values: Mapping[str, Any], *, year: int, editor: Editor) -> Submission:
    """Enter a submission; it gets the next number of its county in that year, and the round after a return.

    Parameters
    ----------
    values
        ``county``, ``majors``, ``records``, ``errors``, ``doubts``, ``mark``, ``remark``, ``reason``.

    Raises
    ------
    StillOpen
        Where the county has one that is not decided.
    """
    uuid, county = str(uuids_.uuid4()), str(values["county"])
    with office.writing() as connection:
        last = _last(connection, county)
        if last is not None and last.state in OPEN:
            raise StillOpen(
                N_("The county's submission %(number)s is not decided yet."),
                hint=N_("A county has one open submission at a time."),
                number=last.number,
            )
        again = last is not None and last.state == "returned"
        serial = taken_number(connection, f"submission-{year}-{county}")
        row = {
            **values, "majors": list(values["majors"]), "uuid": uuid, "number": f"{year}-{county}-{serial:02d}",
            "round": last.round + 1 if last is not None and again else 1,
            "before": last.uuid if last is not None and again else "", "state": "submitted",
            "submitter": editor.name, "submitted": now(), "strata": {}, "version": 1,
        }  # fmt: skip
        connection.execute(insert(SUBMISSION).values(**row))
        return fetched(connection, uuid)


def open_of(office: Office, county: str) -> Submission | None:
    """The county's submission that is not decided, if there is one."""
    with office.reading() as connection:
        last = _last(connection, county)
        return _submission(last) if last is not None and last.state in OPEN else None


def find(office: Office, uuid: str) -> Submission:
    """A submission.

    Raises
    ------
    UnknownSubmission
    """
    with office.reading() as connection:
        return fetched(connection, uuid)


def listed(
    office: Office, *, counties: Collection[str] | None, offset: int = 0, limit: int = 50
) -> tuple[list[Submission], int]:
    """Submissions of some counties (None: of all), the newest first, and how many there are."""
    one = SUBMISSION.c
    met = [] if counties is None else [one.county.in_(sorted(counties)) if counties else false()]
    with office.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(SUBMISSION).where(*met))
        rows = connection.execute(
            select(SUBMISSION).where(*met).order_by(one.submitted.desc(), one.number.desc()).offset(offset).limit(limit)
        )
        return [_submission(row) for row in rows], int(count or 0)


def step(connection: Connection, uuid: str, version: int, state: str, values: Mapping[str, Any]) -> Submission:
    """Lead a submission to a state within a transaction that has looked at it.

    Raises
    ------
    UnknownSubmission
    SubmissionConflict
        Where it is at another version than the caller has seen; nothing is written.
    """
    found = seen(connection, uuid, version)
    connection.execute(
        update(SUBMISSION).where(SUBMISSION.c.uuid == uuid).values(**values, state=state, version=found.version + 1)
    )
    return fetched(connection, uuid)


def seen(connection: Connection, uuid: str, version: int) -> Submission:
    """A submission that is still as the caller has seen it; raises as `step`."""
    found = fetched(connection, uuid)
    if found.version != version:
        raise SubmissionConflict(
            N_("The submission %(number)s has changed meanwhile."),
            hint=N_("Load it anew, look at what has changed, and try again."),
            number=found.number,
        )
    return found


def fill(connection: Connection, uuid: str, sample: Iterable[Sampled]) -> None:
    """Keep a sample that was drawn."""
    rows = [{"submission": uuid, **one.__dict__, "drawn": dict(one.drawn), "fields": list(one.fields)}
            for one in sample]  # fmt: skip
    if rows:
        connection.execute(insert(SAMPLE), rows)


def sample_of(office: Office, uuid: str) -> list[Sampled]:
    """The sample of a submission in its order; empty before it is drawn."""
    with office.reading() as connection:
        return sample_within(connection, uuid)


def sample_within(connection: Connection, uuid: str) -> list[Sampled]:
    """The same within a transaction."""
    rows = connection.execute(select(SAMPLE).where(SAMPLE.c.submission == uuid).order_by(SAMPLE.c.position))
    return [_sampled(row) for row in rows]


def sampled_at(connection: Connection, uuid: str, position: int) -> Sampled:
    """One record of a sample.

    Raises
    ------
    UnknownSample
    """
    row = connection.execute(select(SAMPLE).where(SAMPLE.c.submission == uuid, SAMPLE.c.position == position)).first()
    if row is None:
        raise UnknownSample(N_("The sample has no record %(position)s."), position=position)
    return _sampled(row)


def judge(
    connection: Connection, uuid: str, position: int, edition: int, values: Mapping[str, Any], *, editor: Editor
) -> Sampled:
    """Write a verdict; the submission's version goes on too, so that nobody decides without having seen it.

    Raises
    ------
    UnknownSample
    SubmissionConflict
        Where another has judged the record since.
    """
    its = (SAMPLE.c.submission == uuid) & (SAMPLE.c.position == position)
    row = sampled_at(connection, uuid, position)
    if row.edition != edition:
        raise SubmissionConflict(
            N_("%(who)s has judged this record meanwhile."), hint=N_("Load the page anew."), who=row.who
        )
    connection.execute(update(SAMPLE).where(its).values(**values, who=editor.name, at=now(), edition=edition + 1))
    connection.execute(
        update(SUBMISSION).where(SUBMISSION.c.uuid == uuid).values(version=SUBMISSION.c.version + 1)
    )  # fmt: skip
    return _sampled(connection.execute(select(SAMPLE).where(its)).one())


def _last(connection: Connection, county: str) -> Row[Any] | None:
    """The county's latest submission: numbers within a county are given out in order."""
    statement = select(SUBMISSION).where(SUBMISSION.c.county == county)
    rows = connection.execute(statement.order_by(SUBMISSION.c.submitted.desc(), SUBMISSION.c.number.desc()).limit(1))
    return rows.first()


def fetched(connection: Connection, uuid: str) -> Submission:
    """A submission within a transaction; raises `UnknownSubmission`."""
    row = connection.execute(select(SUBMISSION).where(SUBMISSION.c.uuid == uuid)).first()
    if row is None:
        raise UnknownSubmission(N_("There is no submission %(uuid)s, or it is not within your reach."), uuid=uuid)
    return _submission(row)


_NAMES: Final = tuple(one.name for one in fields(Submission))
_SAMPLED: Final = tuple(one.name for one in fields(Sampled))


def _submission(row: Row[Any]) -> Submission:
    values = {name: getattr(row, name) for name in _NAMES}
    return Submission(
        **{
            **values, "majors": tuple(values["majors"]), "override": bool(values["override"]),
            "strata": {key: (int(of), int(drawn)) for key, (of, drawn) in values["strata"].items()},
        }
    )  # fmt: skip


def _sampled(row: Row[Any]) -> Sampled:
    values = {name: getattr(row, name) for name in _SAMPLED}
    return Sampled(**{**values, "fields": tuple(values["fields"])})
