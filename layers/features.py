"""Features of a layer: one with everything about it, a list, a frame to export, the counts of a legend."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.errors import N_, Invalid, NotFound
from layers.access import OF_THE_OFFICE, Reader, secrecy_codes, visible_within
from layers.catalogue import FACILITY_KINDS, PLACE_MAJORS, FacilityKind, Layer, Titled, known_classes
from layers.filters import Filters, class_key, classes_held, matching
from layers.index import Columns, Index

MOST_LISTED = 5000


class UnknownFeature(NotFound):
    """A permanent id that the layer does not have, or not for this reader."""

    code = "unknown-feature"


class BadLimit(Invalid):
    """A number of features that is not from 1 to the most that a list gives."""

    code = "bad-limit"


@dataclass(frozen=True)
class Found:
    """One feature: its record, geometry (degrees, EPSG:4490, or None) and what belongs to it.

    ``names`` are a place's further names, ``divisions`` the names of the divisions that its codes mean.
    """

    layer: Layer
    uuid: str
    geometry: shapely.Geometry | None
    record: dict[str, Any]
    names: list[dict[str, Any]]
    divisions: dict[str, str]


def feature(index: Index, key: str, uuid: str, *, reader: Reader) -> Found:
    """One feature as it is in the register now, closed and planned ones too: a link to it still tells what it was.

    Raises
    ------
    UnknownLayer, UnknownFeature
    """
    with index.held() as connection:
        columns = index.layer(key)
        row = columns.row_of(uuid)
        if row is None or not columns.open_to(reader)[row]:
            raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=key, uuid=uuid)
        layer, rows = columns.layer, np.array([row])
        raw = index.register.frame(connection, layer.table, uuids=[uuid]).iloc[0].to_dict()
        record = {field.name: _plain(raw[field.name]) for field in layer.fields if field.name in raw}
        for field in layer.fields:
            if field.name not in raw and field.name in columns.attributes:
                record[field.name] = columns[field.name].values(rows)[0]
        record |= dict.fromkeys(_withheld(layer, reader))
        codes = [record.get(name) for name in ("county_code", "town_code", "village_code", "left_code", "right_code")]
        geometry = raw["geom"]
        return Found(
            layer=layer,
            uuid=uuid,
            geometry=geometry if isinstance(geometry, shapely.Geometry) else None,
            record=record,
            names=_names(index, uuid, columns.reached(reader, rows), reader=reader) if layer.table == "place" else [],
            divisions=division_names(index, [code for code in codes if isinstance(code, str)], reader=reader),
        )


def _withheld(layer: Layer, reader: Reader) -> frozenset[str]:
    """Fields of a layer that are not for the reader."""
    return OF_THE_OFFICE.get(layer.table, frozenset()) if reader.clearance == 0 else frozenset()


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _names(index: Index, uuid: str, reached: NDArray[np.bool_] | None, *, reader: Reader) -> list[dict[str, Any]]:
    """A place's further names; each has a secrecy of its own."""
    table = index.frame("place_name")
    rows = table[table["place_uuid"] == uuid]
    levels = secrecy_codes(rows["secrecy"].tolist(), rows["is_public"].tolist())
    if reached is not None:
        reached = np.repeat(reached, len(rows))
    wanted = [
        *("uuid", "name", "roman", "kind", "language", "status", "valid_from", "valid_to", "source"),
        *("decision", "decided_by", "decided_on"),
    ]
    shown = rows.loc[visible_within(levels, reached, reader=reader), wanted]
    return [{str(name): _plain(value) for name, value in row.items()} for row in shown.to_dict("records")]


def division_names(index: Index, codes: list[str], *, reader: Reader, roman: bool = False) -> dict[str, str]:
    """The names of divisions by code, Chinese or romanized; codes that no division has are left out.

    Where divisions have followed one another under the same code, the one that stands longest.
    """
    columns = index.layer("divisions")
    attribute = "roman" if roman else "name"
    key = ("by code", attribute, reader.audience)
    table = columns.cache.get(key)
    if table is None:
        rows = np.flatnonzero(columns.open_to(reader))
        rows = rows[np.lexsort((-columns.fid[rows], columns.ends[rows]))]
        values = zip(columns["code"].values(rows), columns[attribute].values(rows), strict=True)
        table = columns.remember(key, {code: name for code, name in values if name is not None})
    assert isinstance(table, dict)
    return {code: str(table[code]) for code in codes if code in table}


def counties(index: Index, *, reader: Reader, asof: date) -> list[tuple[str, str]]:
    """Code and name of the city's counties at the end of a day, by code."""
    columns = index.layer("divisions")
    inside = columns["inside"].isin([True]) & columns["level"].isin(["county"])
    rows = np.flatnonzero(columns.seen(reader=reader, asof=asof) & inside)
    found = zip(columns["code"].values(rows), columns["name"].values(rows), strict=True)
    return sorted((str(code), str(name or code)) for code, name in found if code is not None)


def county_codes(index: Index, *, reader: Reader, asof: date) -> frozenset[str]:
    """The codes of counties at the end of a day, those outside the city included."""
    columns = index.layer("divisions")
    rows = np.flatnonzero(columns.seen(reader=reader, asof=asof) & columns["level"].isin(["county"]))
    return frozenset(str(code) for code in columns["code"].values(rows) if code is not None)


@dataclass(frozen=True)
class Listed:
    """The first features of a list: what is held in memory of each, its geometry (degrees), and the count of all."""

    records: list[dict[str, Any]]
    geometries: list[shapely.Geometry | None]
    total: int


def listed(index: Index, key: str, *, reader: Reader, filters: Filters, limit: int = 1000) -> Listed:
    """The first features that pass the filters, by fid.

    Raises
    ------
    UnknownLayer, UnknownClass, BadLimit
    """
    if not 1 <= limit <= MOST_LISTED:
        raise BadLimit(N_("A list gives from 1 to %(most)s features, not %(given)s."), most=MOST_LISTED, given=limit)
    with index.held() as connection:
        return _listed(index, connection, index.layer(key), reader=reader, filters=filters, limit=limit)


def _listed(index: Index, connection: Any, columns: Columns, *, reader: Reader, filters: Filters, limit: int) -> Listed:
    rows = np.flatnonzero(matching(columns, filters, reader=reader))
    first = rows[np.argsort(columns.fid[rows], kind="stable")[:limit]]
    names = ["uuid", *(name for name in columns.attributes if name != "uuid")]
    values = [columns.uuid[first].tolist(), *(columns[name].values(first) for name in names[1:])]
    geometries: list[shapely.Geometry | None]
    if columns.shapes is None:
        places = zip(columns.lon[first].tolist(), columns.lat[first].tolist(), strict=True)
        geometries = [shapely.Point(x, y) if x == x else None for x, y in places]
    else:
        geometries = _geometries(index, connection, columns, columns.uuid[first].tolist())
    return Listed([dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)], geometries, int(rows.size))


def _geometries(index: Index, connection: Any, columns: Columns, uuids: list[str]) -> list[shapely.Geometry | None]:
    frame = index.register.frame(connection, columns.layer.table, columns=["uuid", "geom"], uuids=uuids)
    by_uuid = dict(zip(frame["uuid"], frame["geom"], strict=True))
    return [by_uuid.get(uuid) for uuid in uuids]


def frame(index: Index, key: str, *, reader: Reader, filters: Filters) -> tuple[gpd.GeoDataFrame, int]:
    """Whole records of a layer with the catalogue's fields, by fid, and the change they are up to date with.

    Returns
    -------
    GeoDataFrame
        EPSG:4490, geometry column ``geom``.
    """
    with index.held() as connection:
        columns = index.layer(key)
        layer = columns.layer
        rows = np.flatnonzero(matching(columns, filters, reader=reader))
        everything = rows.size > len(columns) // 8
        names = [field.name for field in layer.fields if field.name not in _in_memory_only(layer)]
        table = index.register.frame(
            connection,
            layer.table,
            columns=["fid", "geom", *names],
            uuids=None if everything else columns.uuid[rows].tolist(),
        )
    # both are of one state of the register, so the features are the same; a filter leaves some of the table's out
    rows = rows[np.argsort(columns.fid[rows], kind="stable")]
    if len(table) > rows.size:
        table = table[np.isin(table["fid"].to_numpy(np.int64), columns.fid[rows])].reset_index(drop=True)
    for name in _in_memory_only(layer):
        table[name] = pd.array(columns[name].values(rows))
    for name in _withheld(layer, reader):
        table[name] = pd.Series(None, index=table.index, dtype=table[name].dtype)
    return table[[*(field.name for field in layer.fields), "geom"]], columns.seq


def _in_memory_only(layer: Layer) -> tuple[str, ...]:
    return {"boundary-lines": ("batch",), "division-areas": ("inside",)}.get(layer.key, ())


@dataclass(frozen=True)
class ClassCount:
    """One class of a layer with its titles, the group that it belongs to (or empty) and how many features it has."""

    key: str
    title_zh: str
    title_en: str
    count: int
    group: str = ""


def counts(index: Index, key: str, *, reader: Reader, asof: date) -> tuple[int, list[ClassCount]]:
    """How many features a layer has as at a day, in all and by class, in the order of the legend."""
    columns = index.layer(key)
    layer = columns.layer
    seen = columns.seen(reader=reader, asof=asof)
    total = int(np.count_nonzero(seen))
    if not layer.classed_by:
        return total, []
    attribute = columns[layer.classed_by]
    tally = np.bincount(attribute.codes[seen] + 1, minlength=len(attribute.dictionary.values) + 1)[1:]
    by_value: dict[Hashable, int] = dict(zip(attribute.dictionary.values, tally.tolist(), strict=False))
    known = known_classes(layer)
    classes = [
        ClassCount(kind.key, kind.title_zh, kind.title_en, by_value.get(kind.key, 0), _group(kind)) for kind in known
    ]
    rest = sorted(
        classes_held(columns, reader=reader) - {kind.key for kind in known},
        key=str,
        reverse=layer.key == "boundary-lines",
    )
    classes += [ClassCount(class_key(key, value), *_class_title(layer, value), by_value[value]) for value in rest]
    return total, classes


def _group(kind: Titled) -> str:
    return kind.group if isinstance(kind, FacilityKind) else ""


def value_titles(layer_key: str, name: str, value: object) -> tuple[str, str] | None:
    """Chinese and English title of a coded value, None where the value speaks for itself."""
    if name == "kind" and layer_key == "facilities":
        return next(((kind.title_zh, kind.title_en) for kind in FACILITY_KINDS if kind.key == value), None)
    if name == "major":
        return next(((major.title_zh, major.title_en) for major in PLACE_MAJORS if major.key == value), None)
    return _VALUES.get((name, str(value)))


def _class_title(layer: Layer, value: Hashable) -> tuple[str, str]:
    if layer.key == "boundary-lines":
        return f"{value} 年联检界线", f"Inspected in {value}"
    return value_titles(layer.key, layer.classed_by, value) or (str(value), str(value))


_VALUES: dict[tuple[str, str], tuple[str, str]] = {
    ("level", "city"): ("地级市", "City"),
    ("level", "county"): ("县级", "Counties"),
    ("level", "town"): ("乡级", "Towns and streets"),
    ("level", "village"): ("村居", "Villages and communities"),
    ("status", "derived"): ("由面状数据推得", "Derived from the areas"),
    ("status", "official"): ("法定界线", "Official"),
    ("grade", "county"): ("县级界线", "County line"),
    ("grade", "city"): ("地级界线", "City line"),
    ("kind", "single"): ("单立", "Single"),
    ("kind", "double"): ("双立", "Double"),
    ("kind", "triple"): ("三立", "Triple"),
    ("kind", "standard"): ("标准名称", "Standard name"),
    ("kind", "alias"): ("别名", "Alias"),
    ("kind", "abbreviation"): ("简称", "Abbreviation"),
    ("kind", "former"): ("曾用名", "Former name"),
    ("kind", "map"): ("图上名称", "Name on maps"),
    ("kind", "minority"): ("民族文字", "Name in a minority's script"),
    ("status", "in_use"): ("在用", "In use"),
    ("status", "disused"): ("停用", "No longer used"),
    ("state", "published"): ("已发布", "Published"),
    ("state", "draft"): ("草稿", "Draft"),
    ("state", "intact"): ("完好", "Intact"),
    ("state", "damaged"): ("损坏", "Damaged"),
    ("state", "missing"): ("缺失", "Missing"),
    ("state", "wrong_text"): ("内容错误", "Wrong text"),
    ("state", "faded"): ("褪色", "Faded"),
    ("kind", "road_sign"): ("路牌", "Road sign"),
    ("kind", "lane_sign"): ("巷牌", "Lane sign"),
    ("kind", "building_sign"): ("楼牌", "Building sign"),
    ("kind", "village_sign"): ("村牌", "Village sign"),
    ("kind", "bridge_sign"): ("桥牌", "Bridge sign"),
    ("kind", "town_sign"): ("镇牌", "Town sign"),
    ("kind", "other_sign"): ("其他标志", "Other sign"),
    ("theme", "red"): ("红色地名", "Revolutionary history"),
    ("theme", "history"): ("历史沿革", "History"),
    ("theme", "culture"): ("地名文化", "Culture of names"),
    ("theme", "people"): ("人物", "People"),
    ("theme", "nature"): ("山水", "Nature"),
    ("theme", "other"): ("其他", "Other"),
    ("measured_by", "surveyed"): ("实测", "Surveyed"),
    ("measured_by", "graphic"): ("图解", "Read from a map"),
    ("survey_state", "done"): ("已普查", "Surveyed"),
    ("survey_state", "added"): ("补录", "Added since"),
    ("survey_state", "corrected"): ("已更正", "Corrected"),
    ("survey_state", "open"): ("未普查", "Not surveyed"),
    ("state", "open"): ("在用", "Open"),
    ("state", "planned"): ("规划", "Planned"),
    ("state", "closed"): ("停用", "Closed"),
    ("usage", "current"): ("现今", "Current"),
    ("usage", "historical"): ("历史", "Historical"),
    ("source", "synthetic"): ("合成（示范）", "Synthetic (demonstration)"),
    ("population_source", "synthetic"): ("合成（示范）", "Synthetic (demonstration)"),
    ("position_source", "synthetic"): ("合成（示范）", "Synthetic (demonstration)"),
    ("position_source", "map"): ("地图选点", "Set on the map"),
    ("position_source", "file"): ("导入文件", "From a file"),
    ("position_source", "address"): ("按地址", "By its address"),
    ("accuracy", "surveyed"): ("实测", "Surveyed"),
    ("accuracy", "address"): ("地址级", "By address"),
    ("accuracy", "village"): ("村级", "By village"),
    ("accuracy", "town"): ("乡级", "By town"),
    ("accuracy", "county"): ("县级", "By county"),
    ("accuracy", "unknown"): ("不明", "Unknown"),
}
