"""The worklist: findings by rule, severity, class, county and town, as far as a reader may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, case, func, or_, select

from gis.errors import N_, Invalid
from layers.access import Reader
from layers.office import Office
from layers.office.findings import DONE, FINDING, SKIPPED
from layers.placenames.rules.book import RULES

MOST: Final = 200
STATES: Final = ("open", "skipped", "kept", "all")
SEVERITIES: Final = ("error", "warning", "info")


class BadWorklist(Invalid):
    """A worklist asked for by something that there is not."""

    code: ClassVar[str] = "bad-worklist"


@dataclass(frozen=True)
class Asked:
    """Which findings. Empty means all.

    Parameters
    ----------
    severities
        Of `SEVERITIES`; by default what must or should be mended.
    state
        ``open``: neither decided nor put behind by the one who asks; ``skipped``: put behind; ``kept``: decided.
    major
        Key of a major class; ``class_code`` the beginning of a class's code.
    text
        In the name.
    after
        Place in the list to go on from, as `Listed.following` has said it.
    """

    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ("error", "warning")
    state: str = "open"
    major: str = ""
    class_code: str = ""
    county: str = ""
    town: str = ""
    text: str = ""
    mendable: bool = False
    after: int = 0
    limit: int = 50

    def __post_init__(self) -> None:
        wrong = [
            *(rule for rule in self.rules if rule not in RULES),
            *(severity for severity in self.severities if severity not in SEVERITIES),
            *([self.state] if self.state not in STATES else []),
        ]
        if wrong:
            raise BadWorklist(N_("The worklist knows no “%(value)s”."), value=str(wrong[0])[:80])
        if not 1 <= self.limit <= MOST or self.after < 0:
            raise BadWorklist(N_("A page of the worklist has 1 to %(most)s findings."), most=MOST)


@dataclass(frozen=True)
class Row:
    """One finding, as the table keeps it; ``skipped`` whether the one who asks has put it behind."""

    id: int
    key: str
    layer: str
    uuid: str
    rule: str
    severity: str
    field: str
    value: str
    params: Mapping[str, Any]
    fix: Mapping[str, Any]
    candidates: tuple[Mapping[str, Any], ...]
    group: str
    others: tuple[str, ...]
    name: str
    class_code: str
    major: str
    county: str
    town: str
    state: str
    synthetic: bool
    skipped: bool = False


@dataclass(frozen=True)
class Listed:
    """A page of the worklist: findings, how many there are in all, and where the next page begins (0: nowhere)."""

    rows: tuple[Row, ...]
    total: int
    records: int
    following: int


@dataclass(frozen=True)
class Counts:
    """How many findings there are, by what a worklist is chosen by; each count under the other filters."""

    rules: Mapping[str, int] = field(default_factory=dict)
    severities: Mapping[str, int] = field(default_factory=dict)
    majors: Mapping[str, int] = field(default_factory=dict)
    counties: Mapping[str, int] = field(default_factory=dict)
    towns: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)


def seen_by(reader: Reader) -> ColumnElement[bool]:
    """The findings that a reader may see: what is not public lies within their counties."""
    if reader.scope is None:
        return FINDING.c.level <= reader.clearance
    within = FINDING.c.county.in_(sorted(reader.scope)) & (FINDING.c.level <= reader.clearance)
    return or_(FINDING.c.level == 0, within)


def _skipped(who: str) -> ColumnElement[bool]:
    return FINDING.c.key.in_(select(SKIPPED.c.key).where(SKIPPED.c.who == who))


def conditions(asked: Asked, *, reader: Reader, who: str) -> list[ColumnElement[bool]]:
    """What the findings meet that were asked for."""
    one = FINDING.c
    found = _always(asked, reader)
    if asked.rules:
        found.append(one.rule.in_(asked.rules))
    if asked.severities:
        found.append(one.severity.in_(asked.severities))
    if asked.state != "all":
        state = {"open": (one.state == "open") & ~_skipped(who), "kept": one.state == "kept"}
        found.append(state.get(asked.state, (one.state == "open") & _skipped(who)))
    for column, value in ((one.major, asked.major), (one.county, asked.county), (one.town, asked.town)):
        if value:
            found.append(column == value)
    return found


def _always(asked: Asked, reader: Reader) -> list[ColumnElement[bool]]:
    """What is met whichever choice is counted."""
    one = FINDING.c
    found: list[ColumnElement[bool]] = [seen_by(reader)]
    if asked.class_code:
        found.append(one.class_code.like(asked.class_code.replace("%", "") + "%"))
    if asked.text:
        found.append(one.name.contains(asked.text, autoescape=True))
    if asked.mendable:
        found.append(func.length(func.cast(one.fix, one.name.type)) > 2)  # more than {}
    return found


def listing(office: Office, asked: Asked, *, reader: Reader, who: str) -> Listed:
    """A page of the worklist: errors first, by rule, town and name."""
    met = conditions(asked, reader=reader, who=who)
    one = FINDING.c
    statement = (
        select(FINDING, _skipped(who).label("skipped"))
        .where(*met)
        .order_by(one.sort, one.county, one.town, one.grp, one.name, one.id)
        .offset(asked.after)
        .limit(asked.limit + 1)
    )
    with office.reading() as connection:
        rows = [_row(found) for found in connection.execute(statement).mappings()]
        total, records = connection.execute(
            select(func.count(), func.count(func.distinct(one.uuid))).select_from(FINDING).where(*met)
        ).one()
    more = len(rows) > asked.limit
    return Listed(tuple(rows[: asked.limit]), int(total), int(records), asked.after + asked.limit if more else 0)


def counts(office: Office, asked: Asked, *, reader: Reader, who: str) -> Counts:
    """What may be chosen further, with how many findings each choice would leave.

    One look at the table counts all combinations that there are; each sort of choice is added up under the other
    filters.
    """
    one = FINDING.c
    columns = (one.rule, one.severity, one.major, one.county, one.town, one.state)
    met = _always(asked, reader)
    grouped = select(*columns, func.count()).where(*met).group_by(*columns)
    skipped = select(*columns, func.count()).where(*met, one.state == "open", _skipped(who)).group_by(*columns)
    wanted: tuple[frozenset[str], ...] = (
        frozenset(asked.rules),
        frozenset(asked.severities),
        _only(asked.major),
        _only(asked.county),
        _only(asked.town),
        _only("" if asked.state == "all" else asked.state),
    )
    found: tuple[Counter[str], ...] = tuple(Counter() for _ in wanted)
    with office.reading() as connection:
        combined = [(*values, count) for *values, count in connection.execute(grouped)]
        for *values, _, count in connection.execute(skipped):
            combined += [(*values, "skipped", count), (*values, "open", -count)]
    for *values, count in combined:
        missed = [at for at, (value, only) in enumerate(zip(values, wanted, strict=True)) if only and value not in only]
        for at, counted in enumerate(found):
            # another town is counted beside the chosen one, another county whatever town was chosen in this one
            if all(other == at or (at == _COUNTY and other == _TOWN) for other in missed):
                counted[values[at]] += count
    rules, severities, majors, counties, towns, states = (+counted for counted in found)
    return Counts(rules, severities, majors, counties, towns if asked.county else {}, states)


_COUNTY, _TOWN = 3, 4


def _only(value: str) -> frozenset[str]:
    return frozenset({value} if value else ())


def of_record(office: Office, uuid: str, *, reader: Reader, who: str) -> tuple[Row, ...]:
    """All findings of one record, errors first."""
    statement = (
        select(FINDING, _skipped(who).label("skipped"))
        .where(FINDING.c.uuid == uuid, seen_by(reader))
        .order_by(FINDING.c.sort, FINDING.c.id)
    )
    with office.reading() as connection:
        return tuple(_row(found) for found in connection.execute(statement).mappings())


@dataclass(frozen=True)
class Work:
    """What somebody has done: findings mended, kept as they are, put behind; and how many of the first two today."""

    who: str
    today: int
    mended: int
    kept: int
    skipped: int


def work(office: Office, *, day: str) -> list[Work]:
    """What each clerk has done so far, who did most first."""
    today = func.sum(case((DONE.c.day == day, DONE.c.count), else_=0))
    statement = select(DONE.c.who, DONE.c.action, func.sum(DONE.c.count), today).group_by(DONE.c.who, DONE.c.action)
    found: dict[str, dict[str, int]] = {}
    with office.reading() as connection:
        for who, action, count, of_today in connection.execute(statement):
            mine = found.setdefault(who, dict.fromkeys(("mended", "kept", "skipped", "today"), 0))
            mine[action] += int(count)
            mine["today"] += int(of_today) if action != "skipped" else 0
    return sorted((Work(who=who, **mine) for who, mine in found.items()), key=lambda one: -(one.mended + one.kept))


def _row(found: Any) -> Row:
    return Row(
        id=found["id"], key=found["key"], layer=found["layer"], uuid=found["uuid"], rule=found["rule"],
        severity=found["severity"], field=found["field"], value=found["value"], params=found["params"],
        fix=found["fix"], candidates=tuple(found["candidates"]), group=found["grp"], others=tuple(found["others"]),
        name=found["name"], class_code=found["class_code"], major=found["major"], county=found["county"],
        town=found["town"], state=found["state"], synthetic=bool(found["synthetic"]), skipped=bool(found["skipped"]),
    )  # fmt: skip
