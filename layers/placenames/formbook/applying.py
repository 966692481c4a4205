"""A merge carried out: through the same checks as every import, all of it in one transaction or nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from gis.errors import N_, Conflict, Invalid
from layers.access import Editor, require_within
from layers.ingest.apply import RegisterMoved, require_applicable
from layers.ingest.model import FieldMapping, Reading
from layers.ingest.plan import Plan, plan_import
from layers.placenames.formbook.cells import Words, attribute_value, split_names
from layers.placenames.formbook.columns import BookColumn
from layers.placenames.formbook.merging import Merge
from layers.register import Mark, Register

Choice = Literal["mine", "theirs"]
_STORAGE: Final = 4490
_TABLES: Final = frozenset({"place", "place_name"})
_NAME_FIELDS: Final = ("place_uuid", "kind", "uuid", "name")
Record = Mapping[Any, Any]


class NotChosen(Conflict):
    """Values that file and register say differently, and nobody has chosen."""

    code = "form-book-not-chosen"


class MergeMoved(Conflict):
    """What a merge would do has become something else since somebody looked at it."""

    code = "form-book-moved"


class BookRefused(Invalid):
    """Rows of a book that cannot be taken."""

    code = "form-book-refused"


@dataclass(frozen=True)
class Applied:
    """What a merge has done.

    Parameters
    ----------
    batch
        Joins its changes in the change log; None where nothing was to be done.
    counts
        ``changed`` records, ``new`` ones, ``values`` taken, ``kept`` ones where the register's was chosen.
    """

    batch: str | None
    counts: dict[str, int]


@dataclass(frozen=True)
class Prepared:
    """The rows that change, as an import takes them, and further names that go.

    Parameters
    ----------
    mapping
        Which column of the reading is which field.
    gone
        Uuids of rows of ``place_name``.
    values
        How many values are taken from the file.
    """

    reading: Reading
    mapping: FieldMapping
    gone: tuple[str, ...]
    values: int


def apply_merge(
    register: Register,
    merge: Merge,
    choices: Mapping[tuple[str, str], Choice],
    *,
    editor: Editor,
    seen: str | None = None,
    default: Choice | None = None,
    why: str | None = None,
    batch: str | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Applied:
    """Write what a book says anew.

    Parameters
    ----------
    choices
        For each clash by uuid and column key whose value is to stand.
    seen
        `Merge.digest` of what somebody has looked at; None: nobody has.
    default
        For clashes without a choice; None: they are refused.
    batch
        The uuid that joins the changes; a new one by default.

    Raises
    ------
    MergeMoved
        Where the merge is not what was looked at.
    NotChosen
        Where a clash is without a choice.
    BookRefused
        Where rows stand in the way: of records that are gone, or twice.
    layers.ingest.plan.ImportRefused
        Where a value cannot stand.
    layers.ingest.apply.RegisterMoved
        Where others write at the same moment.
    layers.access.NotAllowed
    """
    if seen is not None and seen != merge.digest:
        raise MergeMoved(
            N_("Meanwhile the register has changed where “%(file)s” does."),
            hint=N_("Look at the differences again; nothing was written."),
            file=merge.reading.file,
        )
    _require_whole(merge)
    taken = _taken(merge, choices, default)
    prepared = prepare(merge, taken)
    kept = len(merge.clashes) + len(merge.differences) - len(taken)
    if not len(prepared.reading.frame):
        return Applied(None, {"changed": 0, "new": 0, "values": 0, "kept": kept})
    plan = plan_import(register, "place-names", prepared.reading, prepared.mapping, editor=editor, progress=progress)
    require_applicable(plan)
    batch = batch or str(uuid.uuid4())
    homes = dict(zip(merge.state.frame["uuid"], merge.state.frame["county_code"], strict=True))
    _require_reach(merge, prepared, homes, editor)
    changed = len(prepared.reading.frame) - len(merge.fresh)
    if plan.empty and not prepared.gone:
        return Applied(None, {"changed": 0, "new": 0, "values": 0, "kept": kept})
    with register.writing(who=editor.name, why=why or merge.reading.file, batch=batch) as connection:
        _require_still(register, connection, plan, merge.mark)
        for write in plan.writes:
            register.merge(connection, write.table, write.inserts, write.updates)
        for name in prepared.gone:
            register.delete(connection, "place_name", name)
    return Applied(batch, {"changed": changed, "new": len(merge.fresh), "values": prepared.values, "kept": kept})


def planned(
    register: Register, merge: Merge, choices: Mapping[tuple[str, str], Choice], *, editor: Editor,
    default: Choice = "mine",
) -> Plan | None:  # fmt: skip
    """The import that a merge would be, for who wants to see its findings first; None where nothing is to be done."""
    prepared = prepare(merge, _taken(merge, choices, default))
    if not len(prepared.reading.frame):
        return None
    return plan_import(register, "place-names", prepared.reading, prepared.mapping, editor=editor)


def _require_whole(merge: Merge) -> None:
    if merge.strays or merge.twice:
        rows = sorted({*merge.strays, *merge.twice})
        raise BookRefused(
            N_("%(count)s rows cannot be taken: their ids are not in the register, or stand there twice (%(rows)s)."),
            hint=N_("Take them out, or empty the id of a new name, and send the file again; nothing was written."),
            count=len(rows),
            rows=", ".join(map(str, rows[:12])),
        )


def _require_reach(merge: Merge, prepared: Prepared, homes: Mapping[str, Any], editor: Editor) -> None:
    rows = merge.state.name_rows
    for place in rows.loc[rows["uuid"].isin(prepared.gone), "place_uuid"].unique().tolist():
        county = homes.get(place)
        require_within(editor.reader, [county if isinstance(county, str) else None], layer_key="place-names")


def _require_still(register: Register, connection: Connection, plan: Plan, mark: Mark) -> None:
    """Raise where others have written since the merge was compared or its import planned."""
    if register.mark(connection) == mark == plan.mark:
        return
    tables = {change.layer for change in register.changes(connection, min(mark.seq, plan.mark.seq))}
    if register.mark(connection, mark.seq) != mark or tables & (_TABLES | plan.tables):
        raise RegisterMoved(
            N_("Others keep changing what “%(file)s” is about."),
            hint=N_("Try again in a while; nothing was written."),
            file=plan.reading.file,
        )


def _taken(
    merge: Merge, choices: Mapping[tuple[str, str], Choice], default: Choice | None
) -> list[tuple[str, BookColumn, str]]:
    """The values that are written: uuid, column, cell."""
    found = [
        (one.uuid, one.column, one.after)
        for one in merge.differences
        if choices.get((one.uuid, one.column.key), "mine") == "mine"
    ]
    open_ = []
    for clash in merge.clashes:
        choice = choices.get((clash.uuid, clash.column.key), default)
        if choice is None:
            open_.append(clash)
        elif choice == "mine":
            found.append((clash.uuid, clash.column, clash.mine))
    if open_:
        raise NotChosen(
            N_("%(count)s values were changed in the file and in the register; nobody has chosen (%(first)s)."),
            hint=N_("Choose for each of them, or for all; nothing was written."),
            count=len(open_),
            first=f"{open_[0].label} · {open_[0].column.title}",
        )
    return found


def prepare(merge: Merge, taken: list[tuple[str, BookColumn, str]]) -> Prepared:
    """The rows that change as a reading whose columns are fields; the rest of them as the register has it."""
    work = _Preparing(merge, {one for one, _, _ in taken})
    for one, column, cell in taken:
        work.put(one, column, cell)
    fresh = [work.new_row(place) for place in merge.fresh.tolist()]
    fields = list(dict.fromkeys(name for row in (*work.rows.values(), *fresh) for name in row))
    listed = [
        *(
            {name: row[name] if name in row else _standing(work.records[one], name) for name in fields}
            for one, row in work.rows.items()
        ),
        *({name: row.get(name) for name in fields} for row in fresh),
    ]
    frame = pd.DataFrame(
        {name: _column(name, [row[name] for row in listed]) for name in fields}, index=pd.RangeIndex(len(listed))
    )
    row_of = merge.row_of
    numbers = [*(row_of[one] for one in work.rows), *merge.reading.rows[merge.fresh].tolist()]
    reading = Reading(
        file=merge.reading.file,
        format="xlsx",
        layer=merge.reading.layer,
        layers=merge.reading.layers,
        frame=frame,
        rows=np.array(numbers, dtype=np.int64),
        geometry=None,
        epsg=None,
        encoding="utf-8",
        encoding_from="format",
    )
    mapping = FieldMapping(columns={name: name for name in fields}, crs=_STORAGE, empty="clear")
    return Prepared(reading, mapping, tuple(work.gone), len(taken))


def _column(name: str, values: list[Any]) -> Any:
    if name == "version":
        return pd.array([value if value is not None else pd.NA for value in values], dtype="Int64")
    return pd.array([None if value in (None, "") else str(value) for value in values], dtype="str")


class _Preparing:
    """Rows on their way from cells to the register's fields."""

    def __init__(self, merge: Merge, uuids: set[str]) -> None:
        self.merge = merge
        frame = merge.state.frame
        changed = frame[frame["uuid"].isin(uuids)]
        self.records: dict[str, Record] = {str(row["uuid"]): row for row in changed.to_dict("records")}
        self.rows: dict[str, dict[str, Any]] = {}
        self.gone: list[str] = []
        names = merge.state.name_rows
        names = names[names["place_uuid"].isin(uuids) & names["valid_to"].isna()]
        self._names: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for place, kind, one, name in zip(*(names[key] for key in _NAME_FIELDS), strict=True):
            self._names.setdefault((str(place), str(kind)), []).append((str(one), str(name)))

    def put(self, one: str, column: BookColumn, cell: str) -> None:
        """Say one cell of a record in the register's fields."""
        record = self.records[one]
        version = record["version"]
        row = self.rows.setdefault(one, {"uuid": one, "version": 0 if pd.isna(version) else int(version)})
        if column.kind == "attribute":
            known = row["attributes"] if "attributes" in row else _standing(record, "attributes")
            code = row.get("class_code", _standing(record, "class_code"))
            row["attributes"] = _with_attribute(known, column, cell, code)
        elif column.kind == "names":
            kind = column.key.removeprefix("names:")
            wanted = split_names(cell)
            present = self._names.get((one, kind), [])
            row[f"@name:{kind}"] = "；".join(name for name in wanted if name not in {name for _, name in present})
            self.gone.extend(name_uuid for name_uuid, name in present if name not in wanted)
        else:
            row.update(_fields(column, cell, self.merge.words))
            if column.key in ("lon", "lat"):
                other = "@lat" if column.key == "lon" else "@lon"
                row.setdefault(other, _standing(record, other))

    def new_row(self, place: int) -> dict[str, Any]:
        """A row without an id in the register's fields: what it says, and nothing else."""
        row: dict[str, Any] = {}
        for column in self.merge.columns:
            cell = str(self.merge.mine[column.key][place])
            if not cell or column.kind == "locked":
                continue
            if column.kind == "attribute":
                row["attributes"] = _with_attribute(row.get("attributes"), column, cell, row.get("class_code"))
            elif column.kind == "names":
                row[f"@name:{column.key.removeprefix('names:')}"] = "；".join(split_names(cell))
            else:
                row.update(_fields(column, cell, self.merge.words))
        return row


def _with_attribute(known: str | None, column: BookColumn, cell: str, class_code: str | None) -> str | None:
    """A place's attributes with one of them as a cell says it."""
    assert column.attribute is not None
    given: Any = json.loads(known) if known else {}
    attributes: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    attributes[column.attribute.key] = attribute_value(column, cell, class_code)
    left = {key: value for key, value in attributes.items() if value is not None}
    return json.dumps(left, ensure_ascii=False) if left else None


def _fields(column: BookColumn, cell: str, words: Words) -> dict[str, Any]:
    """The register's fields that a cell says."""
    if column.kind == "class":
        return {"class_code": cell, "major": words.majors.get(cell)}
    if column.kind == "division":
        divisions = words.divisions
        if not cell or cell not in divisions:
            return {"county_code": cell, "town_code": None, "village_code": None}
        at = divisions.row_of[cell]
        level = divisions.level[at]
        return {
            "county_code": cell if level == "county" else divisions.county[at] or None,
            "town_code": cell if level == "town" else divisions.town[at] or None,
            "village_code": cell if level == "village" else None,
        }
    if column.key in ("lon", "lat"):
        return {f"@{column.key}": cell}
    return {column.key: cell}


def _standing(record: Record, name: str) -> Any:
    """A field as the register has it, as the cell of an import."""
    if name in ("@lon", "@lat"):
        point = record["geom"]
        if point is None or getattr(point, "geom_type", "") != "Point" or point.is_empty:
            return None
        return repr(point.x if name == "@lon" else point.y)
    if name.startswith("@name:"):
        return None
    value = record[name]
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if value is None or pd.isna(value):
        return None
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)
