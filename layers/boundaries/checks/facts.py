"""What the checks look at: a line with what stands on it, as a reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis.linear import locate
from layers.access import Reader
from layers.history.log import plain_values
from layers.index import Index

State = Mapping[str, Any]


@dataclass(frozen=True)
class StakeOn:
    """A stake as it stands on one line.

    Parameters
    ----------
    state
        Its row.
    serial, chainage_m
        On this line: of the row that joins them, else of the stake itself; None where nobody says.
    measured_m, offset_m
        Where it stands by its position: along the line and, positive, off it; NaN without a position.
    """

    state: State
    serial: int | None
    chainage_m: float | None
    measured_m: float
    offset_m: float

    @property
    def uuid(self) -> str:
        """Its permanent id."""
        return str(self.state["uuid"])

    @property
    def number(self) -> str:
        """Its number, or its code, or nothing."""
        return str(self.state.get("number") or self.state.get("code") or "")


@dataclass(frozen=True)
class LineFacts:
    """A line, the stakes on it in order of their chainage, and the tripoints of its sides."""

    state: State
    line: LineString | None
    stakes: tuple[StakeOn, ...]
    tripoints: tuple[State, ...]
    areas: Mapping[str, BaseGeometry]

    @property
    def uuid(self) -> str:
        """Its permanent id."""
        return str(self.state["uuid"])

    @property
    def sides(self) -> tuple[str, str]:
        """Codes of the divisions on its left and right."""
        return str(self.state.get("left_code") or ""), str(self.state.get("right_code") or "")


@dataclass(frozen=True)
class Facts:
    """All lines that a reader sees, by uuid, and every pair of line and stake that the register joins."""

    lines: Mapping[str, LineFacts]
    joined: frozenset[tuple[str, str]]


def gather(index: Index, *, reader: Reader, lines: Iterable[str] | None = None, closed: bool = False) -> Facts:
    """Read the lines (None: all; closed ones where asked) with what stands on them now."""
    with index.held() as connection:
        return _gather(index, connection, reader, None if lines is None else set(lines), closed=closed)


def _gather(index: Index, connection: Connection, reader: Reader, wanted: set[str] | None, *, closed: bool) -> Facts:
    rows = _open_rows(index, connection, "boundary-lines", reader)
    if not closed:
        rows = [row for row in rows if row["valid_to"] is None]
    if wanted is not None:
        rows = [row for row in rows if row["uuid"] in wanted]
    stakes = {row["uuid"]: row for row in _open_rows(index, connection, "stakes", reader) if row["valid_to"] is None}
    corners = [row for row in _open_rows(index, connection, "tripoints", reader) if row["valid_to"] is None]
    areas = _areas(index, connection, reader)
    joins = index.frame("line_stake")
    on: dict[str, dict[str, tuple[int | None, float | None]]] = {}
    names = ("line_uuid", "stake_uuid", "serial", "chainage_m")
    for line, stake, serial, chainage in zip(*(plain_values(joins[name]) for name in names), strict=True):
        if stake in stakes:
            on.setdefault(line, {})[stake] = (serial, chainage)
    joined = frozenset((line, stake) for line, members in on.items() for stake in members)
    for uuid, row in stakes.items():
        if row["line_uuid"]:
            on.setdefault(row["line_uuid"], {}).setdefault(uuid, (row["serial"], row["chainage_m"]))
    found = {}
    for row in rows:
        shape = row["geom"] if isinstance(row["geom"], LineString) and row["geom"].length > 0 else None
        members = on.get(row["uuid"], {})
        sides = {row["left_code"], row["right_code"]}
        found[row["uuid"]] = LineFacts(
            state=row,
            line=shape,
            stakes=_along(shape, [stakes[uuid] for uuid in members], list(members.values())),
            tripoints=tuple(corner for corner in corners if sides <= set(_codes(corner))),
            areas=areas,
        )
    return Facts(found, joined)


def _along(
    line: LineString | None, stakes: list[State], said: list[tuple[int | None, float | None]]
) -> tuple[StakeOn, ...]:
    places = np.array([one["geom"] if isinstance(one["geom"], Point) else None for one in stakes], dtype=object)
    along, offset = np.full(len(stakes), np.nan), np.full(len(stakes), np.nan)
    if line is not None and len(stakes):
        along, offset = locate(line, places)
    made = [
        StakeOn(state, serial, chainage, float(measured), abs(float(off)))
        for state, (serial, chainage), measured, off in zip(stakes, said, along, offset, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: (np.isnan(one.measured_m), one.measured_m, one.number)))


def _codes(corner: State) -> list[str]:
    return [code.strip() for code in str(corner.get("codes") or "").split(",")]


def _open_rows(index: Index, connection: Connection, key: str, reader: Reader) -> list[dict[str, Any]]:
    columns = index.layer(key)
    seen = set(columns.uuid[columns.open_to(reader)].tolist())
    arrays = index.register.arrays(connection, columns.layer.table)
    values = [plain_values(array) for array in arrays.values()]
    rows = (dict(zip(arrays, row, strict=True)) for row in zip(*values, strict=True))
    return [row for row in rows if row["uuid"] in seen]


def _areas(index: Index, connection: Connection, reader: Reader) -> dict[str, BaseGeometry]:
    columns = index.layer("division-areas")
    wanted = columns.open_to(reader) & columns["level"].isin(["county"])
    frame = index.register.frame(
        connection, "division_area", columns=["code", "geom"], uuids=columns.uuid[wanted].tolist()
    )
    pairs = zip(plain_values(frame["code"]), frame["geom"], strict=True)
    return {code: shape for code, shape in pairs if code and isinstance(shape, BaseGeometry) and not shape.is_empty}
