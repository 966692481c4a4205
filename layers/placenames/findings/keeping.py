"""Findings are made for all names at once, and after a change for what the change can affect alone.

What a change can affect: the record itself, and for each rule of groups the group that it was in and the one that it
is in now. Which it was in stands with the findings; which it is in now is found among the names of the same town, of
the divisions and of what lies near.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from gis.errors import N_, Conflict
from gis.measure import metres_per_degree
from layers import days
from layers.access import ADMINISTRATOR
from layers.index import Index
from layers.office import Office
from layers.office.findings import CHECK_DAY, CHECK_STATE, DECISION, FINDING
from layers.office.jobs import now
from layers.placenames.checking import BELONGING, Checked, check_places, facts_of, read_orphans, read_places
from layers.placenames.findings.decisions import note
from layers.placenames.office_tables import edition
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.records import Context
from layers.records.divisions import Divisions
from layers.register import TABLES, Change, Mark
from layers.register.tables import CHANGE_LOG

Progress = Callable[[float, str], None]

MOST_CHANGES: Final = 60
"""More changed names than this are looked at as a whole: it takes no longer."""
_REACH_M: Final = 2100.0
"""As far as rules look from a name: two kilometres for small natural features."""
_CHUNK: Final = 400
_WHOLE: Final = frozenset({"division", "division_area", "place_class"})
"""Tables that every name is judged by."""
_NAMING: Final = frozenset({"division", "committee", "nondivision"})
"""Major classes of the names that divisions have."""
_REGISTER: Final = tuple(rule for rule in RULES.values() if rule.reach == "register")
_SORT: Final = {
    rule.key: {"error": 0, "warning": 1000, "info": 2000}[rule.severity] + number
    for number, rule in enumerate(RULES.values())
}


class NotChecked(Conflict):
    """The names have not been looked through, or so much has changed since that all must be looked at again."""

    code: ClassVar[str] = "not-checked"


def _edition() -> str:
    """The rules and tables that findings are of: those of others are made anew."""
    return hashlib.sha256("|".join((*RULES, edition())).encode()).hexdigest()[:16]


def needs_check(index: Index, office: Office) -> bool:
    """Whether a whole check must run before findings can be shown."""
    return _pending(index, _mark(office)) is None


def progress_of_check(office: Office) -> Mapping[str, Any] | None:
    """When all was last looked through, how long it took and how many records there were; None before the first."""
    with office.reading() as connection:
        row = connection.execute(select(CHECK_STATE)).mappings().first()
    return dict(row) if row else None


def check_all(index: Index, office: Office, *, progress: Progress | None = None) -> int:
    """Look through all names and keep what is found; how many findings there are.

    Parameters
    ----------
    progress
        Told the share done and what is being done.
    """
    say = progress or (lambda _share, _phase: None)
    start = time.perf_counter()
    say(0.02, N_("Reading the names …"))
    with index.held() as connection:
        mark = index.register.mark(connection)
        places = read_places(index.register, connection)
        context = Context.read(index.register, connection, reader=ADMINISTRATOR)
        facts = facts_of(places, context, read_orphans(connection))
        levels = _levels_of_all(index)
        found: list[Checked] = []
        for number, rule in enumerate(RULES.values()):
            say(0.2 + 0.7 * number / len(RULES), N_("Checking the names …"))
            found += check_places(places, facts, rules=[rule])
        say(0.9, N_("Keeping what was found …"))
        rows = list(_rows(found, places, facts, levels))
    assert mark is not None
    took = time.perf_counter() - start
    authors = _authors(index, _mark(office))
    with office.writing() as connection:
        _settle(connection, rows)
        _credit(connection, {row["key"] for row in rows}, authors)
        connection.execute(delete(FINDING))
        _insert(connection, rows)
        connection.execute(delete(CHECK_STATE))
        connection.execute(
            insert(CHECK_STATE).values(
                seq=mark.seq, stamp=mark.stamp, rules=_edition(), at=now(), took_s=took, records=len(places)
            )
        )
        _note_day(connection)
    return len(rows)


def brought_up_to_date(index: Index, office: Office) -> None:
    """Look again at what changes since the last check can have affected.

    Raises
    ------
    NotChecked
        Where only a whole check tells.
    """
    before = _mark(office)
    pending = _pending(index, before)
    if pending is None:
        raise NotChecked(
            N_("The names have not been checked since much has changed."), hint=N_("Check all names; it takes seconds.")
        )
    if not pending:
        return
    with index.held() as connection:
        mark = index.register.mark(connection)
        assert mark is not None
        uuids = {change.uuid for change in pending if change.layer == "place" and change.uuid}
        rows, groups = _again(index, office, connection, uuids) if uuids else ([], set())
        missing = _belong_anew(pending) or (
            bool(uuids) and before is not None and _touches_divisions(connection, before)
        )
        if missing:
            facts = Facts(Context.of(index, reader=ADMINISTRATOR), orphans=read_orphans(connection))
            none = read_places(index.register, connection, [])
            rows += _rows(_missing(connection, facts), none, facts, {})
    with office.writing() as connection:
        state = connection.execute(select(CHECK_STATE.c.seq, CHECK_STATE.c.stamp)).first()
        if state is None or before is None or Mark(*state) != before:
            return  # another process has done it meanwhile; who asks next goes on from there
        _credit(connection, {row["key"] for row in rows}, {one.uuid: one.who for one in pending if one.uuid})
        for some in _chunks(sorted(uuids)):
            connection.execute(delete(FINDING).where(FINDING.c.uuid.in_(some)))
        for pairs in _chunks(sorted(groups)):
            connection.execute(delete(FINDING).where(tuple_(FINDING.c.rule, FINDING.c.grp).in_(pairs)))
        if missing:
            connection.execute(delete(FINDING).where(FINDING.c.rule.in_([rule.key for rule in _REGISTER])))
        _settle(connection, rows)
        _insert(connection, rows)
        connection.execute(update(CHECK_STATE).values(seq=mark.seq, stamp=mark.stamp))
        if uuids:
            _note_day(connection)


def _mark(office: Office) -> Mark | None:
    """The state of the register that the findings are of; None before the first check, or of other rules."""
    with office.reading() as connection:
        row = connection.execute(select(CHECK_STATE.c.seq, CHECK_STATE.c.stamp, CHECK_STATE.c.rules)).first()
    return Mark(row.seq, row.stamp) if row is not None and row.rules == _edition() else None


def _pending(index: Index, mark: Mark | None) -> list[Change] | None:
    """The changes since a check; None where they cannot be told or are too many to be looked at singly."""
    if mark is None:
        return None
    register = index.register
    with register.reading() as connection:
        if register.mark(connection) == mark:
            return []
        if register.mark(connection, mark.seq) != mark:
            return None  # another register has been put in this one's place
        changes = register.changes(connection, mark.seq)
    touched = [change for change in changes if change.layer == "place"]
    if any(change.uuid is None for change in touched) or any(change.layer in _WHOLE for change in changes):
        return None
    return changes if len({change.uuid for change in touched}) <= MOST_CHANGES else None


def _again(
    index: Index, office: Office, connection: Connection, uuids: set[str]
) -> tuple[list[dict[str, Any]], set[tuple[str, str]]]:
    """What is found at changed names and in the groups that they were or are in."""
    with office.reading() as own:
        groups = set()
        for some in _chunks(sorted(uuids)):
            statement = select(FINDING.c.rule, FINDING.c.grp).where(FINDING.c.uuid.in_(some), FINDING.c.grp != "")
            groups |= {(rule, grp) for rule, grp in own.execute(statement)}
        beside = set(uuids)
        for pairs in _chunks(sorted(groups)):
            statement = select(FINDING.c.uuid).where(tuple_(FINDING.c.rule, FINDING.c.grp).in_(pairs))
            beside |= set(own.scalars(statement))
    register = index.register
    changed = read_places(register, connection, sorted(uuids))
    beside |= _around(index, connection, changed)
    places = read_places(register, connection, sorted(beside))
    context = Context.of(index, reader=ADMINISTRATOR)
    facts = Facts(context, _Serials(connection))
    single = [rule for rule in RULES.values() if rule.reach == "row"]
    grouped = [rule for rule in RULES.values() if rule.reach == "group"]
    alone = [row for row, uuid in enumerate(places["uuid"]) if uuid in uuids]
    found = list(check_places(places.take(np.array(alone, dtype=np.intp)), facts, rules=single)) if alone else []
    together = list(check_places(places, facts, rules=grouped))
    groups |= {
        (one.rule.key, one.flaw.group) for one in together if one.uuid in uuids or not uuids.isdisjoint(one.flaw.others)
    }
    found += [one for one in together if (one.rule.key, one.flaw.group) in groups]
    return list(_rows(found, places, facts, _levels_of_all(index))), groups


def _touches_divisions(connection: Connection, since: Mark) -> bool:
    """Whether a name was changed that is, or was, a division's or committee's: then what lacks one is asked anew."""
    log, place = TABLES[CHANGE_LOG].columns, TABLES["place"].columns
    mine = (log.layer == "place", log.seq > since.seq)
    before = connection.scalars(select(log.before).where(*mine))
    if any(isinstance(state, dict) and state.get("major") in _NAMING for state in before):
        return True
    now_ = select(place.major).where(place.uuid.in_(select(log.uuid).where(*mine)))
    return not _NAMING.isdisjoint(connection.scalars(now_))


def _belong_anew(changes: Collection[Change]) -> bool:
    """Whether a row was changed that belongs to a place, or a place is gone: then orphans are looked for anew."""
    return any(change.layer in BELONGING or (change.layer == "place" and change.op == "delete") for change in changes)


def _missing(connection: Connection, facts: Facts) -> Iterator[Checked]:
    """What is missing beside names, told by all names of divisions and committees, and what belongs to no name."""
    place = TABLES["place"].columns
    wanted = (place.uuid, place.class_code, place.county_code, place.town_code, place.village_code, place.place_code)
    found = connection.execute(select(*wanted).where(place.major.in_(sorted(_NAMING)))).all()
    frame = pd.DataFrame(found, columns=[column.name for column in wanted], dtype=object)
    return check_places(Places(frame), facts, rules=_REGISTER)


def _around(index: Index, connection: Connection, changed: Places) -> set[str]:
    """Names that a rule of groups may put together with changed ones: of their towns, of divisions, of what is near
    and of the same code."""
    columns = index.layer("place-names")
    towns = {town for town in changed["town_code"] if town}
    near = columns["town_code"].isin(towns) if towns else np.zeros(len(columns), dtype=bool)
    near |= columns["major"].isin(["division"])
    for lon, lat in changed.lonlat.tolist():
        if lon == lon:
            east, north = (_REACH_M / size for size in metres_per_degree(lat))
            near |= (np.abs(columns.lon - lon) <= east) & (np.abs(columns.lat - lat) <= north)
    found = set(columns.uuid[near].tolist())
    codes = [code for code in changed["place_code"] if code]
    place = TABLES["place"].columns
    for some in _chunks(codes):
        found |= set(connection.scalars(select(place.uuid).where(place.place_code.in_(some))))
    return found


class _Serials(dict[str, int]):
    """The highest serial of place-name codes by their first 14 digits, asked for when one is to be proposed."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def get(self, front: str, default: Any = 0) -> Any:
        if front not in self:
            code = TABLES["place"].columns.place_code
            like = select(func.max(code)).where(code.like(f"{front}%"), func.length(code) == 20)
            highest = self._connection.scalar(like.where(func.substr(code, 15, 1) != "9"))
            self[front] = int(highest[14:]) if highest and highest[14:].isdigit() else default
        return self[front]


def _levels_of_all(index: Index) -> Mapping[str, int]:
    """Clearance that names ask for, of those alone that ask for one."""
    columns = index.layer("place-names")
    rows = np.flatnonzero(columns.levels)
    return dict(zip(columns.uuid[rows].tolist(), columns.levels[rows].tolist(), strict=True))


def _rows(
    found: Iterable[Checked], places: Places, facts: Facts, levels: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Findings as the table keeps them."""
    row_of = {uuid: row for row, uuid in enumerate(places["uuid"])}
    divisions = facts.divisions
    for one in found:
        flaw = one.flaw
        row = row_of.get(one.uuid)
        at = divisions.row_of.get(one.uuid, -1) if row is None else -1
        about = {
            "name": places["name"][row] if row is not None else _name(divisions, at, flaw.value),
            "class_code": places["class_code"][row] if row is not None else "",
            "major": places["major"][row] if row is not None else "",
            "county": places["county_code"][row] if row is not None else divisions.county[at] if at >= 0 else "",
            "town": places["town_code"][row] if row is not None else divisions.town[at] if at >= 0 else "",
        }
        level = max((levels.get(uuid, 0) for uuid in (one.uuid, *flaw.others)), default=0)
        others = list(flaw.others)
        told = f"{flaw.value}|{','.join(sorted(others))}"
        yield {
            "key": f"{one.rule.key}|{one.uuid}|{flaw.field}|{hashlib.sha256(told.encode()).hexdigest()[:12]}",
            "layer": one.layer,
            "uuid": one.uuid,
            "rule": one.rule.key,
            "severity": one.rule.severity,
            "field": flaw.field,
            "value": flaw.value,
            "params": dict(flaw.params),
            "fix": dict(flaw.fix),
            "candidates": [dict(way) for way in flaw.candidates],
            "grp": flaw.group,
            "others": others,
            **{name: value or "" for name, value in about.items()},
            "level": level,
            "state": "open",
            "sort": _SORT[one.rule.key],
            "synthetic": int(row is not None and places["source"][row] == "synthetic"),
        }


def _name(divisions: Divisions, row: int, value: str) -> str:
    """What a finding of no place is about: a division, else what it says itself."""
    return divisions.name[row] if row >= 0 else value


def _authors(index: Index, mark: Mark | None) -> dict[str, str | None]:
    """Who has changed which name last since a check; nobody where that cannot be told."""
    if mark is None:
        return {}
    with index.register.reading() as connection:
        if index.register.mark(connection, mark.seq) != mark:
            return {}
        changes = index.register.changes(connection, mark.seq)
    return {change.uuid: change.who for change in changes if change.layer == "place" and change.uuid}


def _credit(connection: Connection, keys: Collection[str], authors: Mapping[str, str | None]) -> None:
    """Count what is not found any more at records that somebody has changed as their work."""
    gone: Counter[tuple[str, str, str, str]] = Counter()
    for some in _chunks(sorted(authors)):
        one = FINDING.c
        statement = select(one.key, one.uuid, one.rule, one.county).where(one.uuid.in_(some), one.state == "open")
        for key, uuid, rule, county in connection.execute(statement):
            who = authors[uuid]
            if key not in keys and who:
                gone[who, rule, uuid, county] += 1
    for (who, rule, uuid, county), count in gone.items():
        note(connection, "mended", rule, uuid, county, who=who, count=count)


def _settle(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """What somebody has decided to keep stays decided."""
    kept = set(connection.scalars(select(DECISION.c.key)))
    if kept:
        for row in rows:
            if row["key"] in kept:
                row["state"] = "kept"


def _insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(FINDING), rows)


def _note_day(connection: Connection) -> None:
    """How many are open today, by rule and county."""
    day = days.today().isoformat()
    connection.execute(delete(CHECK_DAY).where(CHECK_DAY.c.day == day))
    counted = (
        select(FINDING.c.rule, FINDING.c.severity, FINDING.c.county, func.count())
        .where(FINDING.c.state == "open")
        .group_by(FINDING.c.rule, FINDING.c.severity, FINDING.c.county)
    )
    rows = [
        {"day": day, "rule": rule, "severity": severity, "county": county, "count": count}
        for rule, severity, county, count in connection.execute(counted)
    ]
    if rows:
        connection.execute(insert(CHECK_DAY), rows)


def _chunks(items: Collection[Any]) -> Iterator[list[Any]]:
    """Parts of a list that a statement can name at once."""
    listed = list(items)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
