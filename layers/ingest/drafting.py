"""The steps of planning that are the same for every subject: match, compare, sift findings, check, write down."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.errors import N_
from layers.access import Editor, reach_of, secrecy_codes, visible
from layers.ingest import stakes
from layers.ingest.compare import differs, moved
from layers.ingest.completion import Completed
from layers.ingest.draft import PLACE, Draft, Mask, Write, located, objects
from layers.ingest.matching import match, needed
from layers.ingest.model import FieldMapping, Noted, Reading
from layers.records import Context, RecordField, Subject, check, record_fields
from layers.register import TABLES, Register
from layers.register.tables import GEOMETRY_COLUMN, TRACKING

_BESIDE: Final = ("uuid", "version", "valid_to", "secrecy", "is_public", GEOMETRY_COLUMN)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BOTH_SIDES: Final = {"lines": ("left_code", "right_code")}
_SETS: Final = 64
"""Rows are written together that change in the same fields; beyond so many sets of fields, all in one."""


def start(
    subject: Subject,
    register: Register,
    connection: Connection,
    reading: Reading,
    mapping: FieldMapping,
    context: Context,
    editor: Editor,
    whole: Completed,
    said: Iterable[str],
) -> Draft:
    """A draft of the completed rows, with the records that they may be."""
    frame = pd.DataFrame({name: whole.frame[name].array for name in whole.frame if name != GEOMETRY_COLUMN})
    frame[GEOMETRY_COLUMN] = whole.frame[GEOMETRY_COLUMN].to_numpy(dtype=object)
    columns = TABLES[subject.table].columns
    wanted = [*_BESIDE, *needed(subject.key), *frame.columns, *_further(subject, columns)]
    known = register.frame(
        connection, subject.table, columns=[name for name in dict.fromkeys(wanted) if name in columns]
    )
    known = pd.DataFrame(known).assign(**{GEOMETRY_COLUMN: known[GEOMETRY_COLUMN].to_numpy(dtype=object)})
    draft = Draft(
        subject=subject,
        register=register,
        connection=connection,
        reading=reading,
        mapping=mapping,
        context=context,
        editor=editor,
        frame=frame,
        derived={name: mask.copy() for name, mask in whole.derived.items()},
        names=whole.names,
        said=frozenset(said),
        known=known,
        at=np.full(len(frame), -1, dtype=np.int64),
        refused=np.zeros(len(frame), dtype=bool),
        tables={subject.table, "division", "division_area"},
    )
    if "uuid" in frame:
        # what is no uuid has been told, and refuses its row
        given = [one.lower() if isinstance(one, str) and _UUID.fullmatch(one.lower()) else None
                 for one in objects(frame["uuid"])]  # fmt: skip
        frame["uuid"] = pd.array(given, dtype="str")
    return draft


def _further(subject: Subject, columns: Any) -> list[str]:
    """Small tables are read whole: their rules ask for this and that."""
    return [] if subject.table == "place" else [column.name for column in columns]


def match_rows(draft: Draft) -> None:
    """Find the record of each row; give new ones their uuid; refuse what the editor does not see."""
    levels = secrecy_codes(objects(draft.known["secrecy"]).tolist(), objects(draft.known["is_public"]).tolist())
    hidden = ~visible(levels, _homes_of_known(draft), reader=draft.editor.reader)
    found = match(
        draft.subject.key,
        draft.frame,
        draft.known,
        rows=draft.reading.rows,
        stakes_on_lines=stakes.joined(draft) if draft.subject.key == "stakes" else None,
        hidden=hidden,
    )
    draft.at = found.at
    draft.refused |= found.refused
    draft.notes.extend(found.notes)
    given = draft.column("uuid")
    known = objects(draft.known["uuid"])
    draft.uuids = np.array(
        [
            known[at] if at >= 0 else one if one is not None else str(uuid.uuid4())
            for at, one in zip(draft.at.tolist(), given.tolist(), strict=True)
        ],
        dtype=object,
    )
    for row in np.flatnonzero((draft.at >= 0) & hidden[draft.at] if len(hidden) else np.zeros(len(draft), bool)):
        _outside(draft, int(row), "")


def _homes_of_known(draft: Draft) -> NDArray[np.str_] | None:
    """The counties of the register's records, as `visible` takes them; None for a reader without scope."""
    if draft.editor.reader.scope is None:
        return None
    if draft.subject.key in ("lines", "stakes"):
        sides = _sides_by_line(draft)
        lines = draft.known["line_uuid" if draft.subject.key == "stakes" else "uuid"]
        return np.array([(*sorted(sides.get(line, ())), "", "")[:2] for line in objects(lines)], dtype=np.str_)
    if "county_code" not in draft.known:
        return None
    return np.array([one or "" for one in objects(draft.known["county_code"])], dtype=np.str_)


def _outside(draft: Draft, row: int, counties: str) -> None:
    draft.note(row, "", counties, "outside-scope", "error",
               N_("This record is not among those that your account may change."),
               N_("Ask whoever looks after it, or an administrator."))  # fmt: skip


def comparable(field: RecordField) -> bool:
    """Whether a file may change a field of a record that is there."""
    return field.editable and field.stored


def compare_rows(draft: Draft) -> None:
    """Find out which fields of which records the file would change, and rows that are behind the register."""
    rows = np.flatnonzero(draft.at >= 0)
    if not len(rows):
        return
    records = draft.records(rows)
    for field in draft.subject.fields:
        name = field.name
        if name not in draft.frame or name not in records or not comparable(field):
            continue
        given = draft.frame[name].iloc[rows].reset_index(drop=True)
        clear = draft.mapping.empty == "clear" and name in draft.said
        found = differs(field, given, records[name], layer=draft.subject.layer, reading=draft.reading, clear=clear)
        if name in draft.derived:
            found &= ~draft.derived[name][rows]
        if found.any():
            mask = np.zeros(len(draft), dtype=bool)
            mask[rows] = found
            draft.differences[name] = mask
    mask = np.zeros(len(draft), dtype=bool)
    mask[rows] = moved(draft.places[rows], records[GEOMETRY_COLUMN].to_numpy(dtype=object))
    if mask.any():
        draft.differences[PLACE] = mask
    _behind(draft, rows, records)


def _behind(draft: Draft, rows: NDArray[np.intp], records: pd.DataFrame) -> None:
    """Refuse rows that would put back what others have changed since the file was written."""
    if "version" not in draft.frame:
        return
    given = objects(draft.frame["version"].iloc[rows])
    present = objects(records["version"])
    changed = draft.changed
    for row, mine, theirs in zip(rows.tolist(), given, present, strict=True):
        if changed[row] and mine is not None and theirs is not None and mine < theirs:
            draft.note(row, "version", mine, "changed-meanwhile", "error",
                       N_("It has been changed since this file was written (version %(mine)s, now %(theirs)s)."),
                       N_("Export it again and repeat your change there."), mine=mine, theirs=theirs)  # fmt: skip


def sift(draft: Draft, told: Iterable[Noted]) -> list[Noted]:
    """Of what was noted on the way, that which concerns rows that would change something.

    A cell that could not be understood and that the register has just so is the same; one that is missing because it
    could not be understood refuses its row.
    """
    changed, fresh = draft.changed, draft.at < 0
    kept = []
    for noted in told:
        row = noted.row
        if row is None:
            kept.append(noted)
            continue
        if noted.finding.severity == "error":
            if not fresh[row] and noted.field in draft.frame and not draft.derived.get(noted.field, _NONE(draft))[row]:
                unread = draft.frame[noted.field].isna().iloc[row]
                mask = draft.differences.get(noted.field)
                if not unread and (mask is None or not mask[row]):
                    continue
            elif not fresh[row] and not changed[row] and noted.field not in draft.frame:
                continue
            draft.refused[row] = True
            kept.append(noted)
        elif fresh[row] or (changed[row] and _concerned(draft, noted, row)):
            kept.append(noted)
    return kept


def _NONE(draft: Draft) -> Mask:  # noqa: N802 - a constant of the draft's length
    return np.zeros(len(draft), dtype=bool)


def _concerned(draft: Draft, noted: Noted, row: int) -> bool:
    """Whether a finding is about something that the import changes."""
    name = PLACE if noted.field == GEOMETRY_COLUMN else noted.field
    mask = draft.differences.get(name)
    return mask is not None and bool(mask[row])


def require_scope(draft: Draft) -> None:
    """Refuse new and changed rows of counties that the editor does not reach, as they are and as they would be."""
    reach = reach_of(draft.editor.reader, draft.subject.key)
    if reach is None:
        return
    both = _sides_of(draft)
    for row in np.flatnonzero(draft.fresh | draft.changed).tolist():
        if both is not None:
            codes = both[row]
            within = bool(reach & codes)
        else:
            counties = draft.column("county_code")[row]
            codes = {counties or ""} if draft.at[row] < 0 else {_county_of(draft, row) or ""}
            if draft.at[row] >= 0 and draft.differences.get("county_code", _NONE(draft))[row]:
                codes.add(counties or "")
            within = codes <= reach
        if not within:
            _outside(draft, row, ", ".join(sorted(code for code in codes if code)))


def _county_of(draft: Draft, row: int) -> str | None:
    record = draft.known.iloc[draft.at[row]]
    county = record.get("county_code")
    if pd.isna(county) and draft.subject.table == "division" and len(str(record["code"])) == 6:
        county = record["code"]
    return None if pd.isna(county) else str(county)


def _sides_of(draft: Draft) -> list[set[str]] | None:
    """The counties on either side of each line or stake, None for records of one county."""
    if draft.subject.key not in ("lines", "stakes"):
        return None
    sides = _sides_by_line(draft)
    if draft.subject.key == "stakes":
        lines = draft.column("line_uuid")
        known = objects(draft.known["line_uuid"])
        return [
            sides.get(lines[row] or (known[at] if at >= 0 else None), set()) for row, at in enumerate(draft.at.tolist())
        ]
    left, right = draft.column("left_code"), draft.column("right_code")
    return [
        sides.get(draft.uuids[row], set()) or {code for code in (left[row], right[row]) if code}
        for row in range(len(draft))
    ]


def _sides_by_line(draft: Draft) -> dict[Any, set[str]]:
    table = draft.table("boundary_line", columns=["uuid", "left_code", "right_code"])
    return {
        one: {code for code in codes if isinstance(code, str)}
        for one, *codes in zip(table["uuid"], objects(table["left_code"]), objects(table["right_code"]), strict=True)
    }


def check_rows(draft: Draft) -> list[Noted]:
    """Check new and changed records as they would stand; what is wrong with fields that stay is a warning."""
    rows = np.flatnonzero(draft.fresh | draft.changed)
    if not len(rows):
        return []
    found = check(draft.subject.layer, _as_they_would_stand(draft, rows), context=draft.context)
    kept = []
    for noted in found:
        row = None if noted.row is None else int(rows[noted.row])
        finding = noted.finding
        if (
            row is not None
            and draft.at[row] >= 0
            and noted.field
            and not _concerned(draft, Noted(row, noted.field, "", finding), row)
        ):
            if finding.severity != "error":
                continue
            finding = dataclasses.replace(finding, severity="warning")
        if row is not None and finding.severity == "error":
            draft.refused[row] = True
        kept.append(Noted(row, noted.field, noted.value, finding))
    return kept


def _as_they_would_stand(draft: Draft, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Whole records: those that change as they are, with the changes; new ones as the file has them."""
    names = [
        field.name for field in record_fields(draft.subject.layer) if field.stored and field.name in _stored(draft)
    ]
    known = rows[draft.at[rows] >= 0]
    standing = draft.frame.iloc[rows].reset_index(drop=True)
    if not len(known):
        return standing[[name for name in [*names, GEOMETRY_COLUMN] if name in standing]]
    records = draft.register.frame(
        draft.connection, draft.subject.table, columns=[*dict.fromkeys(["uuid", *names]), GEOMETRY_COLUMN],
        uuids=draft.uuids[known].tolist(),
    )  # fmt: skip
    order = pd.Index(records["uuid"].drop_duplicates()).get_indexer(draft.uuids[known])
    order = np.flatnonzero(~records["uuid"].duplicated().to_numpy())[order]
    old = pd.DataFrame(records).iloc[order].reset_index(drop=True)
    at = np.flatnonzero(draft.at[rows] >= 0)
    whole = {}
    for name in [*names, GEOMETRY_COLUMN]:
        if name == "uuid" or name not in old:
            continue
        values = draft.column(name)[rows] if name != GEOMETRY_COLUMN else draft.places[rows]
        before = objects(old[name]) if name != GEOMETRY_COLUMN else old[name].to_numpy(dtype=object)
        mask = draft.differences.get(PLACE if name == GEOMETRY_COLUMN else name)
        stays = np.ones(len(known), dtype=bool) if mask is None else ~mask[known]
        values[at[stays]] = before[stays]
        whole[name] = values if name == GEOMETRY_COLUMN else _column(draft, name, values)
    return pd.DataFrame(whole)


def _stored(draft: Draft) -> Any:
    return TABLES[draft.subject.table].columns


def _column(draft: Draft, name: str, values: NDArray[Any]) -> Any:
    from layers.ingest.draft import typed

    return typed(values, _stored(draft)[name])


def writes_of(draft: Draft) -> list[Write]:
    """What is to be written: the subject's own table first, then what follows from it."""
    columns = _stored(draft)
    fresh = np.flatnonzero(draft.fresh)
    inserts = None
    if len(fresh):
        names = [name for name in draft.frame if name in columns and name not in TRACKING and name != GEOMETRY_COLUMN]
        inserts = draft.frame[names].iloc[fresh].reset_index(drop=True)
        inserts["uuid"] = draft.uuids[fresh]
        inserts = _placed(inserts, draft.places[fresh])
    updates = list(_updates(draft, columns))
    further = [write for write in draft.further if write.updates or (write.inserts is not None and len(write.inserts))]
    own = [Write(draft.subject.table, inserts, tuple(updates))] if inserts is not None or updates else []
    return [*own, *further]


def _updates(draft: Draft, columns: Any) -> Iterable[pd.DataFrame]:
    rows = np.flatnonzero(draft.changed)
    names = [
        name for name, mask in draft.differences.items() if (name in columns or name == PLACE) and mask[rows].any()
    ]
    if not names:
        return
    matrix = np.column_stack([draft.differences[name][rows] for name in names])
    rows, matrix = rows[matrix.any(axis=1)], matrix[matrix.any(axis=1)]
    patterns, which = np.unique(matrix, axis=0, return_inverse=True)
    which = which.reshape(-1)
    common = np.argsort(-np.bincount(which, minlength=len(patterns)), kind="stable")
    for pattern in common[:_SETS].tolist():
        mine = rows[which == pattern]
        yield _update(draft, mine, [name for name, on in zip(names, patterns[pattern], strict=True) if on])
    rest = np.isin(which, common[_SETS:])
    for row in rows[rest].tolist():
        yield _update(draft, np.array([row]), [name for name in names if draft.differences[name][row]])


def _update(draft: Draft, rows: NDArray[np.intp], names: list[str]) -> pd.DataFrame:
    values = {name: draft.frame[name].iloc[rows].array for name in names if name != PLACE}
    frame = pd.DataFrame({"uuid": draft.uuids[rows], **values})
    return _placed(frame, draft.places[rows]) if PLACE in names else frame


def _placed(frame: pd.DataFrame, places: NDArray[Any]) -> pd.DataFrame:
    """With geometry; without the column where no row has any."""
    if not located(places).any():
        return frame
    with_place: pd.DataFrame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(places, crs=4490)).rename_geometry(
        GEOMETRY_COLUMN
    )
    return with_place
