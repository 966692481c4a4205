"""Official lines: a line replaces the derived one as a new version of it, and all that is measured along it follows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from gis.errors import N_
from gis.linear import locate
from gis.measure import distance_m, length_m
from layers.access import secrecy_codes, visible, visible_within
from layers.boundaries.codes import line_code
from layers.boundaries.course import describe
from layers.boundaries.derive import directed
from layers.boundaries.naming import Names
from layers.index import homes
from layers.ingest.compare import moved
from layers.ingest.draft import PLACE, Draft, Write, located, objects
from layers.ingest.sides import tell_areas
from layers.register.tables import GEOMETRY_COLUMN

OFFICIAL: Final = "official"
END_M: Final = 100.0
"""An end farther than this from the nearest tripoint is worth a look."""
NAMED_M: Final = 2_000.0
"""An end takes the name of a tripoint within this distance."""
OFF_M: Final = 100.0
"""A stake farther than this from its line is worth a look: double stakes stand on either side of a river or road."""
_WORDS: Final = ("start_name", "end_name", "left_name", "right_name")
SHIFT_M: Final = 0.005
"""Chainages are kept to the centimetre."""


def whole(draft: Draft) -> None:
    """Lines in one piece: touching parts are joined, others refused; call before the rows are matched."""
    places = draft.places
    for row in np.flatnonzero(located(places)).tolist():
        shape = shapely.force_2d(places[row])
        if shape.geom_type == "MultiLineString":
            shape = shapely.line_merge(shape) if len(shape.geoms) > 1 else shape.geoms[0]
        if shape.geom_type != "LineString":
            draft.note(row, GEOMETRY_COLUMN, places[row].geom_type, "line-in-parts", "error",
                       N_("The line does not hang together."),
                       N_("Join its parts into one line, or give each part a line of its own."))  # fmt: skip
            continue
        places[row] = shape
    draft.frame[GEOMETRY_COLUMN] = places


def turned(draft: Draft) -> None:
    """Lines run from west to east or from north to south; one that comes the other way is turned, its sides too.

    Call when rows have been compared: what is the same as the register's is left as it is.
    """
    places, left, right = draft.places, draft.column("left_code"), draft.column("right_code")
    shifted = draft.differences.get(PLACE, np.zeros(len(draft), dtype=bool))
    old_left = old_right = None
    for row in np.flatnonzero((draft.fresh | shifted) & located(places) & ~draft.refused).tolist():
        if draft.at[row] >= 0:
            record = draft.known.iloc[draft.at[row]]
            old_left, old_right = record["left_code"], record["right_code"]
        line, reversed_ = directed(places[row])
        if reversed_:
            places[row] = line
            left[row], right[row] = right[row], left[row]
            draft.note(row, GEOMETRY_COLUMN, "", "line-turned", "info",
                       N_("The line was turned to run from west to east or from north to south."))  # fmt: skip
        if draft.at[row] >= 0:
            old = draft.known[GEOMETRY_COLUMN].to_numpy(dtype=object)[draft.at[row] : draft.at[row] + 1]
            shifted[row] = bool(moved(places[row : row + 1], old)[0])
            if reversed_ and not shifted[row]:
                left[row], right[row] = old_left, old_right
    draft.frame[GEOMETRY_COLUMN] = places
    rows = np.flatnonzero((draft.fresh | shifted) & ~draft.refused)
    if "left_code" in draft.frame or draft.fresh.any():
        for name, values in (("left_code", left), ("right_code", right)):
            given = rows[[values[row] is not None for row in rows.tolist()]]
            draft.put(name, given, values[given])


def measured(draft: Draft) -> None:
    """Length, names, status, course text of new and moved lines; stakes and points along them."""
    shifted = draft.differences.get(PLACE, np.zeros(len(draft), dtype=bool)) & (draft.at >= 0) & ~draft.refused
    rows = np.flatnonzero((draft.fresh | shifted) & located(draft.places) & ~draft.refused)
    if not len(rows):
        return
    lines = draft.places[rows]
    draft.put("length_m", rows, np.round(length_m(lines), 2).tolist())
    given = draft.column("status") if "status" in draft.frame else np.full(len(draft), None, dtype=object)
    unsaid = [row for row in rows.tolist() if given[row] is None]
    draft.put("status", np.array(unsaid, dtype=np.intp), [OFFICIAL] * len(unsaid))
    _sides(draft, rows)
    _ends(draft, rows, lines)
    _courses(draft, rows)
    tell_areas(draft, rows)
    _along(draft, np.flatnonzero(shifted))


def _current(draft: Draft, name: str, row: int) -> Any:
    """A field of a row as the record will have it: what the file says, else what the register has."""
    value = draft.column(name)[row]
    if value is None and draft.at[row] >= 0:
        value = objects(draft.records(np.array([row]))[name])[0]
    return value


def _sides(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    divisions = draft.context.divisions
    for row in rows.tolist():
        at = np.array([row])
        sides = [_current(draft, name, row) for name in ("left_code", "right_code")]
        if not all(sides):
            continue
        names = {code: divisions.name_of(code) or code for code in sides}
        draft.put("left_name", at, [names[sides[0]]])
        draft.put("right_name", at, [names[sides[1]]])
        if draft.at[row] >= 0:
            continue
        city = divisions.city[:4]
        draft.put("inner", at, [bool(city) and all(code.startswith(city) for code in sides)])
        draft.fill("disputed", at, [False])
        draft.fill("grade", at, ["county"])
        namer = Names(names, inside=[code for code in sides if city and code.startswith(city)])
        draft.fill("name", at, [namer.line(*sides)])
        draft.fill("short_name", at, [namer.short(*sides)])
        if all(len(code) == 6 and code.isdigit() for code in sides) and sides[0] != sides[1]:
            draft.fill("code", at, [line_code(*sides)])


def _ends(draft: Draft, rows: np.ndarray[Any, Any], lines: np.ndarray[Any, Any]) -> None:
    """Say how far each end is from the nearest tripoint; new lines are named by it."""
    corners = draft.table("tripoint", columns=["name", "codes", "secrecy", "is_public", "geom"])
    corners = corners[located(corners[GEOMETRY_COLUMN].to_numpy(dtype=object))]
    corners = corners[_seen(draft, corners, homes.counties("tripoint", corners))]
    x, y = corners.geometry.x.to_numpy(), corners.geometry.y.to_numpy()
    for row, line in zip(rows.tolist(), lines, strict=True):
        if line.is_closed or not len(corners):
            continue
        for name, end in (("start_name", line.coords[0]), ("end_name", line.coords[-1])):
            apart = distance_m(end[0], end[1], x, y)
            nearest = int(np.argmin(apart))
            said = str(corners["name"].iloc[nearest])
            metres = float(apart[nearest])
            draft.note(row, name, "", "line-end", "info" if metres <= END_M else "warning",
                       N_("This end lies %(metres)s m from the nearest tripoint, %(name)s."),
                       "" if metres <= END_M else N_("Look whether line and tripoint meet."),
                       metres=f"{metres:.1f}", name=said)  # fmt: skip
            if metres <= NAMED_M and draft.at[row] < 0:
                draft.fill(name, np.array([row]), [said])


def _courses(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    """A course text of the geometry where the file has none of its own."""
    given = draft.column("course")
    for row in rows.tolist():
        old = draft.known.iloc[draft.at[row]] if draft.at[row] >= 0 else None
        if given[row] is not None and not (old is not None and given[row] == old["course"] == _described(old)):
            continue
        start, end, left, right = (_current(draft, name, row) or "" for name in _WORDS)
        course = describe(draft.places[row], start=start, end=end, left=left, right=right)
        draft.put("course", np.array([row]), [course])


def _described(record: pd.Series[Any]) -> str | None:
    """What the program would say of a line as it stands."""
    line = record[GEOMETRY_COLUMN]
    if not isinstance(line, LineString):
        return None
    start, end, left, right = ("" if pd.isna(record[name]) else str(record[name]) for name in _WORDS)
    return describe(line, start=start, end=end, left=left, right=right)


def _along(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    """Measure anew what stands on moved lines."""
    if not len(rows):
        return
    lines = {draft.uuids[row]: row for row in rows.tolist()}
    shown = ["uuid", "number", "line_uuid", "chainage_m", "secrecy", "is_public", "geom"]
    stakes = draft.table("stake", columns=shown)
    joined = draft.table("line_stake", columns=["uuid", "line_uuid", "stake_uuid", "chainage_m"])
    points = draft.table("boundary_point", columns=shown)
    where = dict(zip(stakes["uuid"], stakes[GEOMETRY_COLUMN], strict=True))
    joined[GEOMETRY_COLUMN] = [where.get(one) for one in joined["stake_uuid"]]
    for table, frame in (("stake", stakes), ("line_stake", joined), ("boundary_point", points)):
        changed = []
        for uuid, row in lines.items():
            mine = frame[(frame["line_uuid"] == uuid).to_numpy(dtype=bool)]
            mine = mine[located(mine[GEOMETRY_COLUMN].to_numpy(dtype=object))]
            if mine.empty:
                continue
            found = locate(draft.places[row], mine[GEOMETRY_COLUMN].to_numpy(dtype=object))
            chainage = np.round(found.chainage_m, 2)
            old = mine["chainage_m"].to_numpy(dtype=np.float64)
            other = ~(np.abs(chainage - old) <= SHIFT_M)
            changed.append(pd.DataFrame({"uuid": mine["uuid"][other], "chainage_m": chainage[other]}))
            if table != "line_stake":
                seen = _seen(draft, mine, None)
                _tell_off(draft, row, mine["number"][seen], np.abs(found.offset_m)[seen], table)
        frames = [one for one in changed if len(one)]
        if frames:
            draft.further.append(Write(table, updates=(pd.concat(frames, ignore_index=True),)))


def _seen(draft: Draft, frame: pd.DataFrame, counties: list[homes.Codes] | None) -> np.ndarray[Any, Any]:
    """Which records the editor sees and may be told of; without counties those of a line that they see."""
    reader = draft.editor.reader
    levels = secrecy_codes(objects(frame["secrecy"]).tolist(), objects(frame["is_public"]).tolist())
    if counties is None or reader.scope is None:
        return visible_within(levels, np.ones(len(frame), dtype=bool), reader=reader)
    codes = np.array([[code or "" for code in column] for column in counties], dtype=np.str_).T
    return visible(levels, codes.reshape(len(frame), -1), reader=reader)


def _tell_off(draft: Draft, row: int, numbers: pd.Series[Any], offset: Any, table: str) -> None:
    far = offset > OFF_M
    if not far.any():
        return
    most = int(np.argmax(offset))
    template = (
        N_("%(count)s stakes stand more than %(limit)s m off the new line, %(number)s the farthest (%(metres)s m).")
        if table == "stake"
        else N_("%(count)s points lie more than %(limit)s m off the new line, %(number)s the farthest (%(metres)s m).")
    )
    draft.note(row, GEOMETRY_COLUMN, "", "off-the-line", "warning", template,
               N_("Import the official stakes of this line, or look at these on the map."),
               count=int(far.sum()), limit=f"{OFF_M:.0f}", number=str(numbers.iloc[most]),
               metres=f"{offset[most]:.0f}")  # fmt: skip
