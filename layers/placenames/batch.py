"""Mending many names at once: looked at before and after, applied as one change, taken back as one change."""

from __future__ import annotations

import hashlib
import json
import uuid as uuids_
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from gis.errors import N_, Conflict, Invalid
from gis.toponym import split_name
from layers.access import Editor, reach_of, require
from layers.features import UnknownFeature
from layers.filters import Filters, matching
from layers.index import Index
from layers.ingest.model import Noted
from layers.office import Office
from layers.office.findings import FINDING
from layers.placenames.checking import facts_of
from layers.placenames.findings.keeping import brought_up_to_date
from layers.placenames.findings.listing import Asked, conditions
from layers.placenames.rules.places import Places
from layers.placenames.rules.spelling import spelled
from layers.records import Context, check, record_field, record_fields
from layers.register import TABLES
from layers.register.values import to_array

MOST: Final = 60_000
"""Records that one batch may change."""
_LAYER: Final = "place-names"
_REPEATED: Final = ("name", "major", "class_code")
"""What the extents of a place repeat of it."""
_NEVER: Final = frozenset({"uuid", "version", "changed", "place_code", "county_code", "town_code", "village_code"})
"""Fields that are not set to one value for many records: each has its own, or they follow from the place."""


class BadBatch(Invalid):
    """A batch that does not say what it is to do, or to nothing."""

    code: ClassVar[str] = "bad-batch"


class BatchChanged(Conflict):
    """What would be written is not what was shown: somebody has changed a record meanwhile."""

    code: ClassVar[str] = "batch-changed"


@dataclass(frozen=True)
class Operation:
    """What is done to each record.

    Parameters
    ----------
    kind
        ``fix``: what the findings propose; ``romanize``: spell the name by the rules; ``set``: give a field a value;
        ``replace``: put one text in the place of another within a field.
    field, value, find
        Of ``set`` and ``replace``; an empty value empties the field.
    """

    kind: str
    field: str = ""
    find: str = ""
    value: str = ""


@dataclass(frozen=True)
class Target:
    """Which records: those with findings that were asked for, or places by filter."""

    findings: Asked | None = None
    places: Filters | None = None
    uuids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One record's change: field to what stands and what will stand."""

    uuid: str
    version: int
    name: str
    county: str
    town: str
    changes: Mapping[str, tuple[Any, Any]]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A batch as it would be written.

    Parameters
    ----------
    token
        Tells this very plan from another: what is applied is what was shown.
    left_out
        Records that would get an error by it, with what is wrong; they are not changed.
    out_of_reach
        Records that the editor may not change; they are not changed.
    unmended
        Findings that were asked for and propose nothing.
    """

    operation: Operation
    rows: tuple[Row, ...]
    left_out: tuple[tuple[Row, Noted], ...] = ()
    out_of_reach: int = 0
    unmended: int = 0
    token: str = ""


@dataclass(frozen=True)
class Applied:
    """What was written: how many records, as which batch, up to which change."""

    count: int
    batch: str
    seq: int
    uuids: tuple[str, ...] = field(default=())


def plan(index: Index, office: Office, target: Target, operation: Operation, *, editor: Editor) -> Plan:
    """What a batch would do; nothing is written.

    Raises
    ------
    BadBatch, NotChecked, NotAllowed
    """
    require(editor.reader, "edit", _LAYER)
    _examine(operation)
    if target.findings is not None:
        brought_up_to_date(index, office)
    with index.held() as connection:
        return _planned(index, office, connection, target, operation, editor)


def size(index: Index, office: Office, target: Target, *, editor: Editor) -> int:
    """How many records a batch is for, at the most; in no time, so that who asks knows whether it will take long."""
    if target.findings is not None:
        met = conditions(target.findings, reader=editor.reader, who=editor.name)
        with office.reading() as own:
            return int(own.scalar(select(func.count(func.distinct(FINDING.c.uuid))).where(*met)) or 0)
    if target.places is None:
        return len(target.uuids)
    return int(np.count_nonzero(matching(index.layer(_LAYER), target.places, reader=editor.reader)))


def apply(
    index: Index, office: Office, target: Target, operation: Operation, *, token: str, why: str, editor: Editor,
    batch: str = "",
) -> Applied:  # fmt: skip
    """Write a batch in one transaction.

    Parameters
    ----------
    token
        Of the plan that was shown.
    batch
        The uuid by which it is taken back; a new one where empty.

    Raises
    ------
    BatchChanged
        Where the plan would be another by now. Further what `plan` raises.
    """
    found = plan(index, office, target, operation, editor=editor)
    if not found.rows:
        raise BadBatch(N_("There is nothing to change."), hint=N_("Choose other records or another operation."))
    if token != found.token:
        raise _changed()
    register = index.register
    batch = batch or str(uuids_.uuid4())
    uuids = [row.uuid for row in found.rows]
    with register.writing(who=editor.name, why=why or None, batch=batch) as connection:
        if _versions(connection, uuids) != {row.uuid: row.version for row in found.rows}:
            raise _changed()
        register.merge(connection, "place", updates=_frames("place", found.rows))
        for table in ("place_line", "place_area"):
            frames = _extents(connection, table, found.rows)
            if frames:
                register.merge(connection, table, updates=frames)
        seq = register.last_seq(connection)
    return Applied(len(found.rows), batch, seq, tuple(uuids))


def _changed() -> BatchChanged:
    return BatchChanged(
        N_("Records have been changed since this was shown."), hint=N_("Look at it again, then apply it.")
    )


def _examine(operation: Operation) -> None:
    """Refuse what is no operation, before anything is read."""
    if operation.kind not in ("fix", "romanize", "set", "replace"):
        raise BadBatch(N_("There is no operation “%(kind)s”."), kind=operation.kind[:40])
    if operation.kind in ("fix", "romanize"):
        return
    names = {one.name: one for one in record_fields(_LAYER) if one.editable and one.name not in _NEVER}
    if operation.field not in names or names[operation.field].type == "json":
        raise BadBatch(
            N_("The field “%(field)s” cannot be set for many records."),
            hint=N_("It may be one of %(fields)s."), field=operation.field[:40], fields=", ".join(sorted(names)),
        )  # fmt: skip
    if operation.kind == "replace" and (not operation.find or names[operation.field].type != "str"):
        raise BadBatch(N_("Say which text is to be replaced, in a field of text."))
    if operation.kind == "set" and names[operation.field].required and not operation.value:
        raise BadBatch(N_("A field that a record needs cannot be emptied."))


def _planned(
    index: Index, office: Office, connection: Connection, target: Target, operation: Operation, editor: Editor
) -> Plan:
    proposals, unmended = _targets(index, office, target, operation, editor)
    if len(proposals) > MOST:
        raise BadBatch(
            N_("That would be %(count)s records; at most %(most)s are changed at once."),
            hint=N_("Choose a county or a town."), count=len(proposals), most=MOST,
        )  # fmt: skip
    frame = index.register.frame(connection, "place", uuids=list(proposals))
    context = Context.of(index, reader=editor.reader)
    reach = reach_of(editor.reader, _LAYER)
    out_of_reach = 0
    if reach is not None:
        mine = frame["county_code"].isin(sorted(reach)).to_numpy(dtype=bool)
        out_of_reach = int((~mine).sum())
        frame = frame[mine].reset_index(drop=True)
    places = Places(frame)
    wanted = _wanted(places, operation, proposals, context, connection)
    rows = _rows(frame, wanted, proposals)
    kept, left_out = _without_new_errors(frame, rows, context)
    told = json.dumps([[row.uuid, row.version, {k: v[1] for k, v in row.changes.items()}] for row in kept],
                      ensure_ascii=False, sort_keys=True, default=str)  # fmt: skip
    token = hashlib.sha256(told.encode()).hexdigest()[:32]
    return Plan(operation, tuple(kept), tuple(left_out), out_of_reach, unmended, token)


def _targets(
    index: Index, office: Office, target: Target, operation: Operation, editor: Editor
) -> tuple[dict[str, list[tuple[str, Mapping[str, Any]]]], int]:
    """Uuid to what is proposed for it (rule and fix), and how many findings propose nothing."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    if target.findings is not None:
        one = FINDING.c
        met = conditions(target.findings, reader=editor.reader, who=editor.name)
        met.append(one.layer == _LAYER)
        if target.uuids:
            met.append(one.uuid.in_(target.uuids))
        unmended = 0
        with office.reading() as own:
            for uuid, rule, fix in own.execute(select(one.uuid, one.rule, one.fix).where(*met).order_by(one.id)):
                if operation.kind == "fix" and not fix:
                    unmended += 1
                else:
                    found.setdefault(uuid, []).append((rule, fix))
        return found, unmended
    columns = index.layer(_LAYER)
    if target.uuids:
        rows = [columns.row_of(uuid) for uuid in target.uuids]
        if any(row is None or not columns.open_to(editor.reader)[row] for row in rows):
            raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=_LAYER, uuid="")
        return {uuid: [] for uuid in target.uuids}, 0
    if target.places is None:
        raise BadBatch(N_("Say which records are meant."))
    mask = matching(columns, target.places, reader=editor.reader)
    return {uuid: [] for uuid in columns.uuid[np.flatnonzero(mask)].tolist()}, 0


def _wanted(
    places: Places, operation: Operation, proposals: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]],
    context: Context, connection: Connection,
) -> list[dict[str, Any]]:  # fmt: skip
    """What each record's fields are to be, as far as the operation says."""
    every = np.arange(len(places), dtype=np.intp)
    if operation.kind == "romanize":
        return [{"roman": roman or None} for roman in spelled(places, every)]
    if operation.kind == "set":
        value = _value(operation)
        return [{operation.field: value} for _ in every]
    if operation.kind == "replace":
        cells = places[operation.field]
        return [
            {operation.field: str(cell).replace(operation.find, operation.value) or None} if cell is not None else {}
            for cell in cells
        ]
    wanted: list[dict[str, Any]] = []
    for uuid in places["uuid"]:
        together: dict[str, Any] = {}
        for _, fix in proposals.get(uuid, ()):
            for name, value in fix.items():
                together.setdefault(name, value)
        wanted.append(together)
    _renumber(wanted, context, connection)
    return wanted


def _renumber(wanted: list[dict[str, Any]], context: Context, connection: Connection) -> None:
    """Proposed place-name codes get serials that are free now, each its own."""
    rows = [row for row, changes in enumerate(wanted) if changes.get("place_code")]
    if not rows:
        return
    code = TABLES["place"].columns.place_code
    taken = pd.DataFrame({"place_code": list(connection.scalars(select(code).where(code.is_not(None))))})
    facts = facts_of(Places(taken), context)
    for row in rows:
        wanted[row]["place_code"] = facts.free_code(str(wanted[row]["place_code"])[:14])


def _value(operation: Operation) -> Any:
    """The text of ``set`` as the field's value."""
    from layers.records import parse

    if not operation.value:
        return None
    parsed = parse(_LAYER, pd.DataFrame({operation.field: [operation.value]}, dtype=object))
    if parsed.notes:
        finding = parsed.notes[0].finding
        raise BadBatch(finding.template, hint=finding.advice, **finding.params)
    value = parsed.frame[operation.field].iloc[0]
    return None if value is pd.NA or value != value else value


def _rows(
    frame: pd.DataFrame, wanted: Sequence[Mapping[str, Any]],
    proposals: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]],
) -> list[Row]:  # fmt: skip
    """Records that become different, with what changes and what follows from a changed name."""
    before = Places(frame)
    wanted = [_with_parts(before, row, changes) for row, changes in enumerate(wanted)]
    after = Places(_applied(frame, wanted))
    renamed = [row for row, changes in enumerate(wanted) if "name" in changes and "roman" not in changes]
    spellings = dict(zip(renamed, spelled(after, np.array(renamed, dtype=np.intp)), strict=True))
    found = []
    versions, counties, towns = (frame[name].tolist() for name in ("version", "county_code", "town_code"))
    for row, uuid in enumerate(before["uuid"]):
        changes = dict(wanted[row])
        if row in spellings:
            changes["roman"] = spellings[row]
        different = {
            name: (_plain(before[name][row]), value)
            for name, value in changes.items()
            if _plain(before[name][row]) != value
        }
        if different:
            rules = tuple(dict.fromkeys(rule for rule, _ in proposals.get(uuid, ())))
            name, county, town = before["name"][row] or "", _text(counties[row]), _text(towns[row])
            found.append(Row(uuid, int(versions[row]), name, county, town, different, rules))
    return found


def _with_parts(before: Places, row: int, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is changed, without a name that stays; the parts of a new name follow where they made up the old one."""
    name, old = changes.get("name"), before["name"][row]
    if "name" not in changes:
        return changes
    if not name or name == old:
        return {field: value for field, value in changes.items() if field != "name"}
    specific, generic = before["specific"][row], before["generic"][row]
    if {"specific", "generic"} & changes.keys() or (specific or "") + (generic or "") != old:
        return changes
    fresh = (name[: -len(generic)], generic) if generic and name.endswith(generic) else split_name(name)
    return {**changes, "specific": fresh[0], "generic": fresh[1] or None}


def _applied(frame: pd.DataFrame, wanted: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A copy of records with other values."""
    columns = TABLES["place"].columns
    names = sorted({name for changes in wanted for name in changes})
    made: dict[str, Any] = {}
    for name in names:
        cells = frame[name].astype(object).to_numpy(dtype=object, copy=True)
        cells[frame[name].isna().to_numpy(dtype=bool)] = None
        for row, changes in enumerate(wanted):
            if name in changes:
                cells[row] = changes[name]
        made[name] = to_array(cells.tolist(), columns[name].type)
    return frame.assign(**made)


def _without_new_errors(
    frame: pd.DataFrame, rows: Sequence[Row], context: Context
) -> tuple[list[Row], list[tuple[Row, Noted]]]:
    """Records that would not get an error that they have not had before, and those that would."""
    if not rows:
        return [], []
    at = {uuid: place for place, uuid in enumerate(frame["uuid"].tolist())}
    changed = frame.iloc[[at[row.uuid] for row in rows]].reset_index(drop=True)
    after = _applied(changed, [{name: value[1] for name, value in row.changes.items()} for row in rows])
    errors = _errors(after, context)
    earlier = {(row, key) for row, found in _errors(changed, context).items() for key in found} if errors else set()
    kept, left_out = [], []
    for place, row in enumerate(rows):
        new = [note for key, note in errors.get(place, {}).items() if (place, key) not in earlier]
        if new:
            left_out.append((row, new[0]))
        else:
            kept.append(row)
    return kept, left_out


def _errors(frame: pd.DataFrame, context: Context) -> dict[int, dict[tuple[str, str], Noted]]:
    found: dict[int, dict[tuple[str, str], Noted]] = {}
    for note in check(_LAYER, frame, context=context):
        if note.finding.severity == "error" and note.row is not None:
            found.setdefault(note.row, {})[note.finding.rule, note.field] = note
    return found


def _versions(connection: Connection, uuids: Sequence[str]) -> dict[str, int]:
    """Present versions of some places."""
    place = TABLES["place"].columns
    found: dict[str, int] = {}
    for start in range(0, len(uuids), 500):
        statement = select(place.uuid, place.version).where(place.uuid.in_(uuids[start : start + 500]))
        found |= {uuid: int(version) for uuid, version in connection.execute(statement)}
    return found


def _frames(table: str, rows: Iterable[Row]) -> list[pd.DataFrame]:
    """Updates as `Register.merge` takes them: a frame for each set of fields that change together."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row.changes)), []).append(row)
    columns = TABLES[table].columns
    return [
        pd.DataFrame(
            {
                "uuid": pd.array([row.uuid for row in some], dtype="str"),
                **{name: to_array([row.changes[name][1] for row in some], columns[name].type) for name in names},
            }
        )
        for names, some in groups.items()
    ]


def _extents(connection: Connection, table: str, rows: Iterable[Row]) -> list[pd.DataFrame]:
    """The same for the lines and areas of renamed or reclassed places."""
    repeated = {row.uuid: row for row in rows if not row.changes.keys().isdisjoint(_REPEATED)}
    extent = TABLES[table].columns
    found: list[Row] = []
    uuids = list(repeated)
    for start in range(0, len(uuids), 500):
        statement = select(extent.uuid, extent.place_uuid).where(extent.place_uuid.in_(uuids[start : start + 500]))
        for uuid, place in connection.execute(statement):
            changes = {name: value for name, value in repeated[place].changes.items() if name in _REPEATED}
            found.append(Row(uuid, 0, "", "", "", changes))
    return _frames(table, found)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def title_of(name: str, language: str) -> str:
    """What a field is called."""
    return record_field(_LAYER, name).title(language)
