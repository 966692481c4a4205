"""A proposed name looked at by all rules, together with the names that it could be mistaken for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from gis.errors import N_
from gis.findings import Finding
from layers.access import Editor, Reader
from layers.editing import Draft, Examined, draft_from_json, examined
from layers.history.log import State
from layers.index import Index
from layers.index.columns import Columns
from layers.office import Office
from layers.office.application_lists import Asked, listed
from layers.office.applications import Application
from layers.placenames.checking import Checked, check_places, read_places
from layers.placenames.procedures.kinds import kind_named
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts, scope_of
from layers.placenames.rules.places import COLUMNS, Places
from layers.records import Context
from layers.register.tables import GEOMETRY_COLUMN, TABLES

LAYER: Final = "place-names"
_CODES: Final = frozenset({"code-missing", "code-duplicate", "code-form", "code-division", "code-class"})
_ASIDE: Final = _CODES | {"position-missing"}
"""Rules that say nothing of a proposal: its code is composed when it is approved, its position is asked for anyway."""
_RULES: Final = tuple(rule for rule in RULES.values() if rule.reach != "register" and rule.key not in _ASIDE)
_NAMED: Final = frozenset({"name", "specific", "generic", "roman"})
AWAITED: Final = "待批准"
"""What stands for the history of a name that is not yet decided on."""
_OPEN: Final = ("consulting", "pending", "reviewed", "returned")
_MOST: Final = 200


@dataclass(frozen=True)
class Judged:
    """One thing that was found of a proposal.

    Parameters
    ----------
    final
        It cannot stand whatever a reviewer says: the record could not be written.
    clause
        Where the rule is written; empty for what follows from the register itself.
    others
        Uuids of the records that it could be mistaken for, with their names.
    """

    finding: Finding
    final: bool = False
    clause: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def stands_in_the_way(self) -> bool:
        """Whether it keeps the application from approval."""
        return self.finding.severity == "error"


@dataclass(frozen=True)
class Candidate:
    """A record as proposed, to be judged: its id there (or the application's), and its values."""

    uuid: str
    state: State


@dataclass(frozen=True)
class Judgement:
    """All that was found, and the record as it would be; None for a procedure that changes none."""

    found: tuple[Judged, ...] = ()
    record: Examined | None = field(default=None, repr=False)

    @property
    def errors(self) -> tuple[Judged, ...]:
        """What keeps it from approval."""
        return tuple(one for one in self.found if one.stands_in_the_way)

    @property
    def final_errors(self) -> tuple[Judged, ...]:
        """Of these what nobody can override."""
        return tuple(one for one in self.found if one.stands_in_the_way and one.final)


def judged(index: Index, office: Office, application: Application, *, editor: Editor) -> Judgement:
    """Look at an application as it stands.

    Raises
    ------
    UnknownFeature
        Where it is about a record that is not there, or not for this editor.
    NotAllowed, OutOfReach
    """
    kind = kind_named(application.kind)
    draft = draft_from_json(dict(application.proposed))
    found: list[Judged] = list(_rivals(office, application))
    record = examined(index, LAYER, application.place, draft, editor=editor)
    if kind.of_place:
        found += _of_the_record(record.before.state, application)
    if kind.names:
        found += [Judged(note.finding, final=True) for note in record.notes if note.finding.severity == "error"]
        # its history is the decision itself, which is written with the approval
        state = {**record.after.state, "history": record.after.state.get("history") or AWAITED}
        candidate = Candidate(application.place or application.uuid, state)
        own = {application.uuid, application.reserves}
        checked = check_candidates(index, office, [candidate], reader=editor.reader, own=own)[candidate.uuid]
        found += [one for one in checked if _concerns(one, application, draft)]
    ranked = sorted(found, key=lambda one: ("error", "warning", "info").index(one.finding.severity))
    return Judgement(tuple(ranked), record)


def _concerns(one: Judged, application: Application, draft: Draft) -> bool:
    """Whether a flaw is the application's: of a renaming not what the record has had before in other fields."""
    if application.kind == "rename":
        if one.finding.rule == "division-name-differs" and "namesake" in application.carried:
            return False  # the division is renamed with it
        return one.finding.where in _NAMED or one.finding.where in draft.values
    # a reserved name is of something that is not there yet: the form is filled when it is named
    return application.kind != "prename" or one.finding.rule != "mandatory-missing" or one.finding.where in _NAMED


def check_candidates(
    index: Index, office: Office, candidates: Sequence[Candidate], *, reader: Reader, own: Iterable[str] = ()
) -> dict[str, list[Judged]]:
    """What the rules say of proposed records, each by itself: they are not held against one another.

    Parameters
    ----------
    own
        Applications that are not held against them, because they are theirs.
    """
    context = Context.of(index, reader=reader)
    facts = Facts(context)
    with index.held() as connection:
        around = _neighbours(index, connection, candidates, context, reader=reader)
    reserved = _reserved(office, {str(one.state.get("county_code") or "") for one in candidates}, set(own))
    names = dict(zip(around["uuid"], around["name"], strict=True)) | {row["uuid"]: row["name"] for row in reserved}
    flaws = _flaws(_together(candidates, around, reserved), facts)
    others = {one.uuid for one in candidates}
    found: dict[str, list[Judged]] = {}
    for candidate in candidates:
        own_flaws = flaws.get(candidate.uuid, [])
        if any(others.intersection(one.flaw.others) for one in own_flaws):
            # it was held against another candidate, and what is said of it names that one
            own_flaws = _flaws(_together([candidate], around, reserved), facts).get(candidate.uuid, [])
        found[candidate.uuid] = [_judged(one, names) for one in own_flaws]
    return found


def _flaws(places: Places, facts: Facts) -> dict[str, list[Checked]]:
    found: dict[str, list[Checked]] = {}
    for one in check_places(places, facts, rules=_RULES):
        found.setdefault(one.uuid, []).append(one)
    return found


def _judged(one: Checked, names: Mapping[str, str]) -> Judged:
    rule, flaw = one.rule, one.flaw
    params = {"value": flaw.value, **flaw.params}
    others = tuple((uuid, names.get(uuid, "")) for uuid in flaw.others)
    return Judged(
        Finding(rule.key, rule.severity, flaw.field, rule.template, params, rule.advice),
        clause=rule.clause,
        others=others,
    )


def _neighbours(
    index: Index, connection: Connection, candidates: Sequence[Candidate], context: Context, *, reader: Reader
) -> pd.DataFrame:
    """The names that the proposed ones could be mistaken for: of their towns, and of the same sort in their regions."""
    columns = index.layer(LAYER)
    rows: NDArray[np.bool_] = np.zeros(len(columns), dtype=bool)
    further: set[str] = set()
    for state in {_key(one.state): one.state for one in candidates}.values():
        county, town, kind = state.get("county_code"), state.get("town_code"), str(state.get("class_code") or "")
        if town:
            rows |= columns["town_code"].isin([town])
        scope = scope_of(kind)
        if scope is not None and scope.within != "town":
            place = TABLES["place"].c
            classes = [code for code in context.classes if scope_of(code) == scope]
            statement = select(place.uuid).where(place.class_code.in_(classes))
            if scope.within in ("county", "built-up"):
                statement = statement.where(place.county_code == county)
            further.update(connection.execute(statement).scalars())
    seen = columns.open_to(reader)
    own = {one.uuid for one in candidates}
    uuids = {*columns.uuid[rows & seen].tolist(), *(uuid for uuid in further if _is_seen(columns, seen, uuid))} - own
    frame = read_places(index.register, connection, sorted(uuids))
    return pd.DataFrame({name: frame[name] for name in COLUMNS} | {GEOMETRY_COLUMN: list(frame.geometry)})


def _is_seen(columns: Columns, seen: NDArray[np.bool_], uuid: str) -> bool:
    row = columns.row_of(uuid)
    return row is not None and bool(seen[row])


def _key(state: State) -> tuple[Any, ...]:
    return tuple(state.get(name) for name in ("county_code", "town_code", "class_code"))


def _together(candidates: Sequence[Candidate], around: pd.DataFrame, reserved: Sequence[Mapping[str, Any]]) -> Places:
    rows: list[Mapping[str, Any]] = [
        {
            **{name: one.state.get(name) for name in COLUMNS},
            "uuid": one.uuid,
            GEOMETRY_COLUMN: one.state.get(GEOMETRY_COLUMN),
        }
        for one in candidates
    ]
    further = pd.DataFrame([*rows, *reserved], columns=[*COLUMNS, GEOMETRY_COLUMN], dtype=object)
    return Places(pd.concat([further, around.astype(object)], ignore_index=True))


def _reserved(office: Office, counties: set[str], own: set[str]) -> list[dict[str, Any]]:
    """Names that are reserved and not yet given: they count as taken."""
    asked = Asked(counties=counties, states=("approved",), kind="prename", limit=10_000)
    found = []
    for one in listed(office, asked)[0]:
        if one.became or one.uuid in own:
            continue
        draft = draft_from_json(dict(one.proposed))
        row: dict[str, Any] = {name: draft.values.get(name) for name in COLUMNS}
        row |= {"uuid": one.uuid, "name": one.name, "county_code": one.county, "town_code": one.town or None}
        found.append(row | {GEOMETRY_COLUMN: position_of(draft)})
    return found


def position_of(draft: Draft) -> BaseGeometry | None:
    """Where a draft lies: its point, or one on its extent."""
    if isinstance(draft.geometry, BaseGeometry):
        return draft.geometry
    return shapely.point_on_surface(draft.extent) if draft.extent is not None else None


def _rivals(office: Office, application: Application) -> Iterator[Judged]:
    """Other applications for the same name or the same record that have not come to an end."""
    counties = {application.county}
    if kind_named(application.kind).names:
        asked = Asked(counties=counties, states=_OPEN, text=application.name, limit=_MOST)
        same = [one for one in listed(office, asked)[0] if one.name == application.name]
        numbers = [one.number for one in same if one.uuid != application.uuid and one.town == application.town]
        if numbers:
            yield Judged(
                Finding(
                    "also-proposed", "warning", "name",
                    N_("The same name is proposed in %(numbers)s, which has not come to an end."),
                    {"numbers": "、".join(numbers)}, N_("Decide on one of them first."),
                )
            )  # fmt: skip
    if application.place:
        asked = Asked(counties=counties, states=_OPEN, place=application.place, limit=_MOST)
        numbers = [one.number for one in listed(office, asked)[0] if one.uuid != application.uuid]
        if numbers:
            yield Judged(
                Finding(
                    "other-application", "warning", "",
                    N_("Another application about this place has not come to an end: %(numbers)s."),
                    {"numbers": "、".join(numbers)}, N_("Decide on one of them first."),
                )
            )  # fmt: skip


def _of_the_record(state: State, application: Application) -> Iterator[Judged]:
    """Whether the record is still what it was when the application was made."""
    if state.get("name") != application.name_before:
        yield Judged(
            Finding(
                "name-changed", "error", "name",
                N_("The place is called “%(present)s” by now; when the application was made it was “%(before)s”."),
                {"present": state.get("name") or "", "before": application.name_before},
                N_("Return the application."),
            ),
            final=True,
        )  # fmt: skip
    if application.kind != "certify" and (state.get("valid_to") or state.get("usage") == "historical"):
        yield Judged(
            Finding(
                "name-closed", "error", "", N_("The name has been closed already."), {}, N_("Return the application.")
            ),
            final=True,
        )
    if application.kind == "rename" and state.get("name") == application.name:
        yield Judged(
            Finding("same-name", "error", "name", N_("The place has this name already."), {}, N_("Propose another.")),
            final=True,
        )
