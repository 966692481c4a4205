"""What is different between two states of a record, said with the catalogue's titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.measure import distance_m, metres_per_degree
from layers.features import value_titles
from layers.history.log import LAYER_OF, State
from layers.records import RecordField, record_fields
from layers.register import TABLES
from layers.register.tables import GEOMETRY_COLUMN, TRACKING

Titles = tuple[str, str]
"""Chinese and English."""

_BESIDE: Final[Mapping[str, Titles]] = {
    "place_uuid": ("所属地名", "Place"),
    "line_uuid": ("所在界线", "Line"),
    "stake_uuid": ("界桩", "Stake"),
    "chainage_m": ("里程", "Chainage"),
    "serial": ("序号", "Serial"),
    "name": ("名称", "Name"),
    "roman": ("罗马字母拼写", "Romanization"),
    "kind": ("类别", "Kind"),
    "language": ("语种", "Language"),
    "owner": ("所属类型", "Belongs to a"),
    "owner_uuid": ("所属记录", "Belongs to"),
    "mime": ("文件类型", "Type of file"),
    "title": ("标题", "Title"),
    "credit": ("作者或提供者", "Credit"),
    "bytes": ("字节数", "Bytes"),
    "width": ("宽", "Width"),
    "height": ("高", "Height"),
    "sort": ("次序", "Order"),
    "taken_on": ("拍摄日期", "Taken on"),
    "decision": ("文号", "Decision"),
    "decided_by": ("批准机关", "Decided by"),
    "decided_on": ("批准日期", "Decided on"),
    "status": ("状态", "Status"),
    "state": ("状态", "State"),
    "tripoint_uuid": ("三交点", "Tripoint"),
    "number": ("文号", "Number"),
    "dated": ("日期", "Dated"),
    "parties": ("当事各方", "Parties"),
    "body": ("内容", "Text"),
    "sha256": ("附件", "Scan"),
    "label_rank": ("显示级别", "Rank"),
    "secrecy": ("密级", "Secrecy"),
    "is_public": ("是否公开", "Public"),
    "source": ("资料来源", "Source"),
    "note": ("备注", "Note"),
    "valid_from": ("起始日期", "Valid from"),
    "valid_to": ("终止日期", "Valid to"),
}
"""Titles of columns of tables that are no layers."""

TABLE_TITLES: Final[Mapping[str, str]] = {
    "place_name": "Other names",
    "medium": "Pictures and sounds",
    "line_stake": "Stakes on lines",
    "boundary_document": "Boundary documents",
    "division_weight": "Figures of divisions",
    "place_class": "Classes of places",
    "facility_kind": "Kinds of facilities",
    "inspection_batch": "Inspection batches",
    "inspection_task": "Inspection tasks",
    "published_figure": "Published figures",
    "dataset": "Sources",
}

_MOST_VERTICES = 400
"""Of a line or an outline that has been replaced as a whole, so many are compared."""


@dataclass(frozen=True)
class FieldChange:
    """One field's value before and after; titles of coded values stand beside, None where they say it themselves."""

    name: str
    title: Titles
    unit: str
    before: Any
    after: Any
    before_title: Titles | None = None
    after_title: Titles | None = None


@dataclass(frozen=True)
class Moved:
    """Where something was and is, EPSG:4490; None where it had or has no place.

    ``distance_m`` is the way of a point, or the farthest that any part of a line or an outline has gone; None where
    there is nothing to compare.
    """

    before: BaseGeometry | None
    after: BaseGeometry | None
    distance_m: float | None


def table_title(table: str) -> Titles:
    """What a table's records are called."""
    if table in LAYER_OF:
        return LAYER_OF[table].title_zh, LAYER_OF[table].title_en
    if table in TABLES:
        return str(TABLES[table].info["title"]), TABLE_TITLES.get(table, table)
    return table, table


def label_of(table: str, state: State | None) -> str:
    """What names a record in a state."""
    if not state:
        return ""
    names = (LAYER_OF[table].label if table in LAYER_OF else "name", "name", "number", "code", "title", "key")
    return next((str(state[name]) for name in names if state.get(name)), "")


def field_changes(table: str, before: State | None, after: State | None) -> tuple[FieldChange, ...]:
    """The fields whose values differ, in the catalogue's order; of a new or deleted record those that have a value."""
    old, new = before or {}, after or {}
    names = [name for name in _ordered(table) if name in old or name in new]
    return tuple(
        _field_change(table, name, old.get(name), new.get(name))
        for name in names
        if not same_value(old.get(name), new.get(name))
    )


def same_value(one: object, other: object) -> bool:
    """Whether two values of a column say the same; missing and empty are one."""
    if one in (None, "") and other in (None, ""):
        return True
    if isinstance(one, BaseGeometry) or isinstance(other, BaseGeometry):
        return same_place(one, other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return float(one) == float(other)
    return one == other


def same_place(one: object, other: object) -> bool:
    """Whether two geometries are the same within a tenth of a millimetre."""
    if not isinstance(one, BaseGeometry) or not isinstance(other, BaseGeometry):
        return one is other
    return bool(shapely.equals_exact(one, other, tolerance=1e-9))


def moved(before: State | None, after: State | None) -> Moved | None:
    """How a record's place has changed; None where it has not."""
    old = (before or {}).get(GEOMETRY_COLUMN)
    new = (after or {}).get(GEOMETRY_COLUMN)
    if same_place(old, new):
        return None
    return Moved(old, new, None if old is None or new is None else shift_m(old, new))


def shift_m(old: BaseGeometry, new: BaseGeometry) -> float:
    """How far something has gone, in metres: a point's way, else the farthest vertex off the other shape."""
    if old.geom_type == "Point" and new.geom_type == "Point":
        return float(distance_m(*(shapely.get_coordinates(one)[0, axis] for one in (old, new) for axis in (0, 1))))
    east, north = metres_per_degree((old.bounds[1] + old.bounds[3]) / 2)

    def plane(xy: Any) -> Any:
        return xy * np.array([float(east), float(north)])

    one, other = shapely.transform(_outline(old), plane), shapely.transform(_outline(new), plane)
    return max(_farthest(one, other), _farthest(other, one))


def _outline(shape: BaseGeometry) -> BaseGeometry:
    return shape.boundary if shape.geom_type.endswith("Polygon") else shape


def _farthest(one: BaseGeometry, other: BaseGeometry) -> float:
    """The farthest that a vertex of one, which the other does not have, lies from the other."""
    theirs = {tuple(xy) for xy in shapely.get_coordinates(other).round(4).tolist()}
    lost = [xy for xy in shapely.get_coordinates(one).tolist() if (round(xy[0], 4), round(xy[1], 4)) not in theirs]
    if not lost:
        return 0.0
    step = max(1, len(lost) // _MOST_VERTICES)
    return float(shapely.distance(shapely.points(lost[::step]), other).max())


def _field_change(table: str, name: str, before: Any, after: Any) -> FieldChange:
    field = _fields(table).get(name)
    title = (field.title_zh, field.title_en) if field else _BESIDE.get(name, (name, name))
    return FieldChange(
        name=name,
        title=title,
        unit=field.unit if field else "",
        before=before,
        after=after,
        before_title=_value_title(table, name, before),
        after_title=_value_title(table, name, after),
    )


def _value_title(table: str, name: str, value: Any) -> Titles | None:
    if value is None:
        return None
    field = _fields(table).get(name)
    for choice in field.choices if field else ():
        if choice.key == value:
            return choice.title_zh, choice.title_en
    return value_titles(LAYER_OF[table].key if table in LAYER_OF else "", name, value)


@cache
def _fields(table: str) -> dict[str, RecordField]:
    if table not in LAYER_OF:
        return {}
    return {field.name: field for field in record_fields(LAYER_OF[table].key)}


@cache
def _ordered(table: str) -> tuple[str, ...]:
    """A table's columns that say something, those of the catalogue first."""
    own = {*TRACKING, GEOMETRY_COLUMN}
    columns = TABLES[table].columns.keys() if table in TABLES else ()
    names = dict.fromkeys([*(name for name in _fields(table) if name in columns), *columns])
    return tuple(name for name in names if name not in own)
