"""What follows from a record's other values: parts and spelling of a name, the county of a place, lengths and areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis.linear import chainage
from gis.measure import area_m2, length_m, metres_per_degree
from gis.toponym import learn_phrases, romanize, split_name
from layers import days
from layers.boundaries import describe
from layers.editing.record import Record
from layers.history.log import State
from layers.index import Index
from layers.placenames.codes import next_serial, prefix_of
from layers.records import Context
from layers.register.tables import GEOMETRY_COLUMN

NAMED_WITHIN_M: Final = 5_000.0
"""So far from its sign a place may be registered: streets and rivers are long."""


@dataclass(frozen=True)
class Change:
    """A record before and with what somebody wants of it; ``given`` are the fields that they have said themselves."""

    index: Index
    connection: Connection
    context: Context
    before: Record
    after: Record
    given: frozenset[str]
    moved: bool
    who: str

    @property
    def new(self) -> bool:
        """Whether the record is not in the register yet."""
        return not self.before.uuid

    def changed(self, name: str) -> bool:
        """Whether a field has another value than before."""
        return bool(self.after.state.get(name) != self.before.state.get(name))

    def open(self, name: str) -> bool:
        """Whether nobody has said what the field is to be."""
        return name not in self.given

    @property
    def place(self) -> BaseGeometry | None:
        """Where it is to be."""
        return self.after.state.get(GEOMETRY_COLUMN)


_WHOLE: Final = ("settlement", "222", "223", "224", "229")
"""Villages and what is named like them are written as one word; an estate is not."""


def derived(change: Change) -> State:
    """Fields whose values follow from others, with their values; those alone that differ from what stands."""
    found = _RULES.get(change.after.layer.key, _nothing)(change)
    return {name: value for name, value in found.items() if value != change.after.state.get(name)}


def _nothing(_change: Change) -> State:
    return {}


def _spelling(change: Change, kind: str, generic: str | None) -> State:
    """The romanization of a new or changed name, unless it was spelled by hand."""
    state, name = change.after.state, change.after.state.get("name")
    asked = change.new or (change.changed("name") if change.open("roman") else not state.get("roman"))
    if not isinstance(name, str) or not asked or (not change.open("roman") and state.get("roman")):
        return {}
    learn_phrases(name)
    return {"roman": romanize(name, kind, generic=generic, county=str(state.get("county_code") or ""))}


def _place(change: Change) -> State:
    found = _located(change)
    state, name = change.after.state, change.after.state.get("name")
    generic = state.get("generic")
    if isinstance(name, str) and (change.new or change.changed("name")):
        specific, last = split_name(name)
        if change.open("specific"):
            found["specific"] = specific
        if change.open("generic"):
            found["generic"] = generic = last or None
    major = str(state.get("major") or "")
    kind = str(state.get("class_code") or ("settlement" if major == "settlement" else ""))
    whole = kind.startswith(_WHOLE) or not generic
    found |= _spelling(change, kind, None if whole else generic)
    if change.open("major") and state.get("class_code") and (change.changed("class_code") or not major):
        known = change.context.classes.get(state["class_code"])
        if known is not None and known.major:
            found["major"] = major = known.major
    if change.new:
        found["rank"] = _usual(change, ("class_code", "major"), "rank", {**state, "major": major})
        if not state.get("usage"):
            found["usage"] = "current"
        if not state.get("registered_by"):
            found["registered_by"] = change.who
        if not state.get("registered_at"):
            found["registered_at"] = days.today().isoformat()
    return found | _coded(change, {**state, **found})


def _coded(change: Change, state: State) -> State:
    """The code that a new place gets, or one whose class or division has changed; nothing where somebody types it.

    Parameters
    ----------
    state
        The record with what has followed so far.
    """
    if not change.open("place_code"):
        return {}
    prefix = prefix_of(state.get("county_code"), state.get("town_code"), state.get("class_code"))
    before = change.before.state
    earlier = prefix_of(before.get("county_code"), before.get("town_code"), before.get("class_code"))
    standing = str(state.get("place_code") or "")
    if prefix is None or prefix == earlier or standing.startswith(prefix):
        return {}
    return {"place_code": prefix + f"{next_serial(change.connection, prefix):06d}"}


def _usual(change: Change, by: tuple[str, ...], name: str, state: State) -> int | None:
    """The value that most records of the same class have."""
    columns = change.index.layer(change.after.layer.key)
    for field in by:
        if field not in columns.attributes or not state.get(field):
            continue
        key = ("usual", field, name)
        table = columns.cache.get(key)
        if table is None:
            counts: dict[Any, Counter[Any]] = {}
            every = np.arange(len(columns))
            for group, value in zip(columns[field].values(every), columns[name].values(every), strict=True):
                if value is not None:
                    counts.setdefault(group, Counter())[value] += 1
            table = columns.remember(key, {group: counter.most_common(1)[0][0] for group, counter in counts.items()})
        assert isinstance(table, dict)
        if state[field] in table:
            return int(table[state[field]])
    return None


def _located(change: Change) -> State:
    """The county in which a new or moved record lies; codes of towns and villages of another county go."""
    place = change.place
    if place is None or not (change.new or change.moved) or not change.open("county_code"):
        return {}
    cell = np.empty(1, dtype=object)
    cell[0] = place
    code = change.context.counties_at(cell)[0]
    if code is None or code == change.after.state.get("county_code"):
        return {}
    found: State = {"county_code": code}
    divisions = change.context.divisions
    for name in ("town_code", "village_code"):
        lower = change.after.state.get(name)
        row = divisions.row_of.get(lower) if lower else None
        if change.open(name) and row is not None and divisions.county[row] != code:
            found[name] = None
    return found


def _facility(change: Change) -> State:
    found = _located(change)
    if change.new and not change.after.state.get("state"):
        found["state"] = "open"
    if change.moved and change.place is not None:
        found |= {"position_source": "map", "accuracy": "address"}
    return found


def _division(change: Change) -> State:
    state = change.after.state
    level, code = str(state.get("level") or ""), str(state.get("code") or "")
    found = _spelling(change, level, None)
    divisions = change.context.divisions
    if change.new or change.changed("code"):
        above = {"county": (4, "00"), "town": (6, ""), "village": (9, "")}.get(level)
        parent = code[: above[0]] + above[1] if above else ""
        if change.open("parent_code") and parent in divisions:
            found["parent_code"] = parent
        for name, digits in (("county_code", 6), ("town_code", 9)):
            upper = code[:digits]
            if change.open(name) and len(code) >= digits and (upper in divisions or upper == code):
                found[name] = upper
        county = divisions.row_of.get(code[:6])
        siblings = [divisions.inside[row] for other, row in divisions.row_of.items() if other[:4] == code[:4]]
        found["inside"] = bool(divisions.inside[county]) if county is not None else any(siblings)
    if change.new:
        found["label_rank"] = {"city": 0, "county": 1, "town": 2, "village": 5}.get(level)
        if change.place is not None and not state.get("position_source"):
            found["position_source"] = "map"
    elif change.moved:
        found["position_source"] = "map"
    return found


def _division_area(change: Change) -> State:
    return {"area_km2": round(area_m2(change.place) / 1e6, 3)} if change.moved and change.place is not None else {}


def _line(change: Change) -> State:
    state = change.after.state
    found: State = {}
    divisions = change.context.divisions
    for side in ("left", "right"):
        code = str(state.get(f"{side}_code"))
        if code in divisions and (change.new or change.changed(f"{side}_code")):
            found[f"{side}_name"] = divisions.name_of(code)
    rows = [divisions.row_of.get(str(state.get(f"{side}_code"))) for side in ("left", "right")]
    if change.new or change.changed("left_code") or change.changed("right_code"):
        found["inner"] = all(row is not None and bool(divisions.inside[row]) for row in rows)
    line = change.place
    if change.moved and isinstance(line, LineString):
        found["length_m"] = round(length_m(line), 2)
        if change.open("course") and _told_by_program(change.before):
            words = {**state, **found}
            found["course"] = _course(line, words)
    return found


def _told_by_program(record: Record) -> bool:
    """Whether the course text is empty or the one that follows from the geometry: nobody has written it by hand."""
    course, line = record.state.get("course"), record.state.get(GEOMETRY_COLUMN)
    return not course or (isinstance(line, LineString) and course == _course(line, record.state))


def _course(line: LineString, state: Mapping[str, Any]) -> str:
    start, end, left, right = (str(state.get(f"{name}_name") or "") for name in ("start", "end", "left", "right"))
    return describe(line, start=start, end=end, left=left, right=right)


def line_of(change_index: Index, connection: Connection, uuid: object) -> LineString | None:
    """The geometry of a boundary line."""
    if not isinstance(uuid, str):
        return None
    frame = change_index.register.frame(connection, "boundary_line", columns=["geom"], uuids=[uuid])
    found = frame["geom"].iloc[0] if len(frame) else None
    return found if isinstance(found, LineString) else None


def _on_line(change: Change) -> State:
    if not (change.moved or change.changed("line_uuid")):
        return {}
    line = line_of(change.index, change.connection, change.after.state.get("line_uuid"))
    if line is None or change.place is None or change.place.geom_type != "Point":
        return {}
    return {"chainage_m": round(chainage(line, change.place), 2)}  # type: ignore[call-overload]


def _tripoint(change: Change) -> State:
    codes = [code.strip() for code in str(change.after.state.get("codes") or "").split(",") if code.strip()]
    rows = [change.context.divisions.row_of.get(code) for code in codes]
    inside = bool(rows) and all(row is not None and bool(change.context.divisions.inside[row]) for row in rows)
    return {"inner": inside} if change.new or change.changed("codes") else {}


def _extent(change: Change) -> State:
    """What an extent repeats of its place."""
    owner = change.after.state.get("place_uuid")
    if not (change.new or change.changed("place_uuid")) or not isinstance(owner, str):
        return {}
    frame = change.index.register.frame(
        change.connection, "place", columns=["name", "major", "class_code", "rank"], uuids=[owner]
    )
    if not len(frame):
        return {}
    row = frame.iloc[0]
    return {
        str(name): None if pd.isna(row[name]) else _plain(row[name]) for name in frame.columns if change.open(str(name))
    }


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _sign(change: Change) -> State:
    """The county of a sign, and the place that it names: the nearest one of that name."""
    found = _located(change)
    name, place = change.after.state.get("name"), change.place
    if not (change.new and change.open("place_uuid")) or not isinstance(name, str) or place is None:
        return found
    columns = change.index.layer("place-names")
    rows = np.flatnonzero(columns["name"].isin([name]) & np.isfinite(columns.lon))
    if rows.size and place.geom_type == "Point":
        x, y = place.coords[0]
        east, north = metres_per_degree(y)
        away = np.hypot((columns.lon[rows] - x) * float(east), (columns.lat[rows] - y) * float(north))
        if away.min() <= NAMED_WITHIN_M:
            found["place_uuid"] = str(columns.uuid[rows[int(away.argmin())]])
    return found


def _story(change: Change) -> State:
    """The county of a story; a draft until somebody publishes it, which is on a day."""
    found = _located(change)
    state = change.after.state
    if change.new and not state.get("state"):
        found["state"] = "draft"
    if state.get("state") == "published" and not state.get("published_on") and change.open("published_on"):
        found["published_on"] = days.today().isoformat()
    return found


_RULES: Final[Mapping[str, Callable[[Change], State]]] = MappingProxyType(
    {
        "place-names": _place,
        "facilities": _facility,
        "divisions": _division,
        "division-areas": _division_area,
        "boundary-lines": _line,
        "stakes": _on_line,
        "boundary-points": _on_line,
        "tripoints": _tripoint,
        "place-lines": _extent,
        "place-areas": _extent,
        "place-signs": _sign,
        "stories": _story,
    }
)
