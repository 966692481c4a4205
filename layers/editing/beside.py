"""What is written beside a record because it hangs on it: extents of a place, chainages on a line, names repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis.linear import chainage
from layers.editing.derived import line_of
from layers.editing.examining import Examined
from layers.history.log import present_states
from layers.history.states import same_value
from layers.index import Index
from layers.register.tables import GEOMETRY_COLUMN

_SAME_M: Final = 0.005
"""Chainages that differ by less are the same: they are kept to a centimetre."""


@dataclass(frozen=True)
class Write:
    """One row to be written beside; ``uuid`` is empty for a new one, ``gone`` takes it away."""

    table: str
    uuid: str
    values: dict[str, Any]
    gone: bool = False


def beside(index: Index, connection: Connection, found: Examined, uuid: str) -> list[Write]:
    """What must be written together with a record.

    Parameters
    ----------
    found
        The record as it was and will be.
    uuid
        The record's permanent id, of a new one too.
    """
    rule = _RULES.get(found.layer.key)
    return list(rule(index, connection, found, uuid)) if rule else []


def _of_place(index: Index, connection: Connection, found: Examined, uuid: str) -> Iterator[Write]:
    repeated = ("name", "major", "class_code", "rank")
    if found.extent is None and found.changes.keys().isdisjoint(repeated):
        return
    for key, table in (("place-lines", "place_line"), ("place-areas", "place_area")):
        fresh = found.extent if found.extent is not None and _table_of(found.extent) == table else None
        columns = index.layer(key)
        rows = columns["place_uuid"].isin([uuid]).nonzero()[0]
        standing = present_states(index.register, connection, table, columns.uuid[rows].tolist())
        for number, (extent, state) in enumerate(standing.items()):
            values: dict[str, Any] = {
                name: found.after.state.get(name)
                for name in repeated
                if name in found.changes and same_value(state.get(name), found.before.state.get(name))
            }
            if fresh is not None and number == 0:
                values[GEOMETRY_COLUMN] = fresh
            if values:
                yield Write(table, extent, values)
        if fresh is not None and not standing:
            owned = {name: found.after.state.get(name) for name in (*repeated, "source", "secrecy", "is_public")}
            yield Write(table, "", {"place_uuid": uuid, **owned, GEOMETRY_COLUMN: fresh})


def _table_of(extent: BaseGeometry) -> str:
    return "place_line" if extent.geom_type.endswith("LineString") else "place_area"


def _of_line(index: Index, connection: Connection, found: Examined, uuid: str) -> Iterator[Write]:
    """A line that runs elsewhere: what stands on it lies at other distances from its start."""
    line = found.after.state.get(GEOMETRY_COLUMN)
    if GEOMETRY_COLUMN not in found.changes or not isinstance(line, LineString) or not found.before.uuid:
        return
    stakes = index.layer("stakes")
    own = stakes.uuid[stakes["line_uuid"].isin([uuid]).nonzero()[0]].tolist()
    joins = index.frame("line_stake")
    joins = joins[joins["line_uuid"] == uuid]
    every = present_states(index.register, connection, "stake", {*own, *joins["stake_uuid"].dropna().tolist()})
    for stake in own:
        yield from _along(line, "stake", stake, every[stake], every[stake])
    for join in joins.to_dict("records"):
        stake_state = every.get(str(join["stake_uuid"]))
        if stake_state is not None:
            yield from _along(
                line, "line_stake", str(join["uuid"]), stake_state, {str(key): value for key, value in join.items()}
            )
    points = index.layer("boundary-points")
    turning = points.uuid[points["line_uuid"].isin([uuid]).nonzero()[0]].tolist()
    for point, state in present_states(index.register, connection, "boundary_point", turning).items():
        yield from _along(line, "boundary_point", point, state, state)


def _along(
    line: LineString, table: str, uuid: str, placed: Mapping[str, Any], row: Mapping[str, Any]
) -> Iterator[Write]:
    point = placed.get(GEOMETRY_COLUMN)
    if point is None:
        return
    here = round(chainage(line, point), 2)
    there = row.get("chainage_m")
    if there is None or there != there or abs(here - there) > _SAME_M:
        yield Write(table, uuid, {"chainage_m": here})


def _of_stake(index: Index, connection: Connection, found: Examined, uuid: str) -> Iterator[Write]:
    """A stake's rows among those of its lines: one for its own line, and for a triple stake those of the others."""
    state, point = found.after.state, found.after.state.get(GEOMETRY_COLUMN)
    concerned = {"line_uuid", "serial", "chainage_m", GEOMETRY_COLUMN} & set(found.changes)
    if not concerned or point is None:
        return
    joins = index.frame("line_stake")
    rows = joins[joins["stake_uuid"] == uuid].to_dict("records")
    own, before = state.get("line_uuid"), found.before.state.get("line_uuid")
    there = False
    for row in rows:
        line_uuid = own if row["line_uuid"] == before and "line_uuid" in concerned else row["line_uuid"]
        if line_uuid is None:
            yield Write("line_stake", str(row["uuid"]), {}, gone=True)
            continue
        there = there or line_uuid == own
        values: dict[str, Any] = {} if line_uuid == row["line_uuid"] else {"line_uuid": line_uuid}
        line = line_of(index, connection, line_uuid)
        if line is not None and (GEOMETRY_COLUMN in concerned or values):
            values["chainage_m"] = round(chainage(line, point), 2)
        if line_uuid == own and "serial" in concerned:
            values["serial"] = state.get("serial")
        if values:
            yield Write("line_stake", str(row["uuid"]), values)
    if own and not there:
        wanted = {"chainage_m": state.get("chainage_m"), "serial": state.get("serial")}
        yield Write("line_stake", "", {"line_uuid": own, "stake_uuid": uuid, **wanted})


def _of_division(index: Index, connection: Connection, found: Examined, uuid: str) -> Iterator[Write]:
    """Areas and lines repeat a division's name and code."""
    repeated: list[str] = [name for name in ("name", "code", "level") if name in found.changes]
    if not repeated or not found.before.uuid:
        return
    before, after = found.before.state, found.after.state
    areas = index.layer("division-areas")
    owned = areas["division_uuid"].isin([uuid]).nonzero()[0]
    for area, state in present_states(index.register, connection, "division_area", areas.uuid[owned].tolist()).items():
        values: dict[str, Any] = {
            name: after.get(name) for name in repeated if same_value(state.get(name), before.get(name))
        }
        if values:
            yield Write("division_area", area, values)
    if "name" not in repeated:
        return
    lines = index.layer("boundary-lines")
    code = after.get("code")
    beside_it = lines["left_code"].isin([code]) | lines["right_code"].isin([code])
    for line, state in present_states(
        index.register, connection, "boundary_line", lines.uuid[beside_it.nonzero()[0]].tolist()
    ).items():
        values = {
            f"{side}_name": after.get("name")
            for side in ("left", "right")
            if state.get(f"{side}_code") == code and same_value(state.get(f"{side}_name"), before.get("name"))
        }
        if values:
            yield Write("boundary_line", line, values)


_RULES: Final[Mapping[str, Callable[[Index, Connection, Examined, str], Iterator[Write]]]] = MappingProxyType(
    {
        "place-names": _of_place,
        "boundary-lines": _of_line,
        "stakes": _of_stake,
        "divisions": _of_division,
    }
)
