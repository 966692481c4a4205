"""The register's tables, once for both homes.

``TABLES[name].info`` says of each table: ``geometry`` (``POINT`` … or None), ``tracked`` (has uuid, version, changed
and writes the change log) and ``title``. A column's ``info["references"]`` names the table and column that its values
point to. These references are logical: an outside writer fills a register table by table, in its own order, and
GeoPackage readers know nothing of ours; `check_register` finds what points nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Column, Identity, Index, Integer, MetaData, Table, Text

from layers.register.types import Date, Flag, Geometry, Json, Real, UtcTime, Uuid

GEOMETRY_COLUMN = "geom"
TRACKING = ("fid", "uuid", "version", "changed")
CHANGE_LOG = "change_log"

METADATA = MetaData()

Columns = Iterator[Column[Any]]


def _texts(names: str) -> Columns:
    return (Column(name, Text) for name in names.split())


def _integers(names: str) -> Columns:
    return (Column(name, Integer) for name in names.split())


def _reals(names: str) -> Columns:
    return (Column(name, Real) for name in names.split())


def _flags(names: str) -> Columns:
    return (Column(name, Flag) for name in names.split())


def _dates(names: str) -> Columns:
    return (Column(name, Date) for name in names.split())


def _uuids(**references: str) -> Columns:
    """Columns that hold the uuid of a row of another table."""
    return (Column(name, Uuid, index=True, info={"references": (table, "uuid")}) for name, table in references.items())


def _codes(table: str, names: str, column: str = "code") -> Columns:
    """Columns that hold the code (or key) of a row of another table."""
    return (Column(name, Text, info={"references": (table, column)}) for name in names.split())


def _usual() -> Columns:
    """What every feature carries: where it comes from, who may see it, from when to when it holds."""
    return chain(_texts("source secrecy"), _flags("is_public"), _dates("valid_from valid_to"), _texts("note"))


def _table(name: str, title: str, geometry: str | None, *columns: Columns) -> Table:
    body = list(chain.from_iterable(columns))
    place: list[Column[Any]] = [Column(GEOMETRY_COLUMN, Geometry(geometry))] if geometry else []
    return Table(
        name,
        METADATA,
        Column("fid", Integer, Identity(always=False), primary_key=True),
        *place,
        Column("uuid", Uuid),
        Column("version", Integer),
        Column("changed", UtcTime),
        *body,
        Index(f"ix_{name}_uuid", "uuid"),
        sqlite_autoincrement=True,
        info={"geometry": geometry, "tracked": True, "title": title},
    )


# Referenced tables stand before those that refer to them: this is the order of loading.
_table(
    "division", "政区(驻地)", "POINT",
    _texts("code name roman level kind"),
    _codes("division", "parent_code county_code town_code"),
    _flags("inside"),
    _integers("population aged_60 aged_65 aged_80"),
    _texts("population_source"),
    _integers("label_rank"),
    _texts("position_source"),
    _usual(),
)  # fmt: skip
_table(
    "division_area", "政区范围", "MULTIPOLYGON",
    _uuids(division_uuid="division"), _texts("code name level"), _reals("area_km2"), _usual(),
)  # fmt: skip
_table(
    "division_weight", "政区人口与服务对象", None,
    _uuids(division_uuid="division"), _texts("code key"), _reals("value"), _dates("as_of"), _texts("source"),
)  # fmt: skip
_table(
    "boundary_line", "界线", "LINESTRING",
    _texts("code name short_name grade"),
    _flags("inner"),
    _codes("division", "left_code right_code"),
    _texts("left_name right_name start_name end_name"),
    _reals("length_m"),
    _texts("course status"),
    _flags("disputed"),
    _usual(),
    _reals("declared_length_m"),
    _integers("declared_single declared_double declared_triple"),
)  # fmt: skip
_table("tripoint", "三交点", "POINT", _texts("code name codes"), _flags("inner"), _usual())
_table(
    "stake", "界桩", "POINT",
    _texts("number code"),
    _uuids(line_uuid="boundary_line"),
    _integers("serial"),
    _texts("kind type_letter material grade"),
    _reals("height_m"),
    _texts("location"),
    iter([Column("reference_features", Json)]),
    _uuids(tripoint_uuid="tripoint"),
    _reals("chainage_m"),
    _usual(),
    _texts("lettering size description height_system set_by registered_by"),
    _reals("accuracy_m"),
    _dates("set_up registered_on"),
)  # fmt: skip
_table(
    "line_stake", "界线上的界桩", None,
    _uuids(line_uuid="boundary_line", stake_uuid="stake"), _reals("chainage_m"), _integers("serial"),
)  # fmt: skip
_table(
    "boundary_point", "界址点", "POINT",
    _uuids(line_uuid="boundary_line"), _texts("number"), _reals("chainage_m"), _texts("description"), _usual(),
)  # fmt: skip
_table(
    "boundary_document", "界线文件", None,
    _uuids(line_uuid="boundary_line", tripoint_uuid="tripoint"),
    _texts("kind title number parties body state sha256"),
    _dates("dated"),
    _usual(),
)  # fmt: skip
_table(
    "place", "地名", "POINT",
    _texts("name roman specific generic major class_code place_code"),
    _codes("division", "county_code town_code village_code"),
    _integers("rank"),
    _texts("usage established abolished origin meaning history description registered_by"),
    _dates("registered_at"),
    _texts("registered_unit"),
    _usual(),
    _texts("national_id"),
    _texts("map_name ethnic_name language generic_roman spans named_in"),
    _reals("to_lon to_lat"),
    _texts("coordinate_system measured_by survey_state map_sheet map_scale"),
    iter([Column("attributes", Json)]),
)  # fmt: skip
_table(
    "place_name", "其他名称", None,
    _uuids(place_uuid="place"), _texts("name roman kind language status"), _usual(),
    _texts("decision decided_by"), _dates("decided_on"),
)  # fmt: skip
_table(
    "place_line", "线状地名", "MULTILINESTRING",
    _uuids(place_uuid="place"), _texts("name major class_code"), _integers("rank"), _usual(),
)  # fmt: skip
_table(
    "place_area", "面状地名", "MULTIPOLYGON",
    _uuids(place_uuid="place"), _texts("name major class_code"), _integers("rank"), _usual(),
)  # fmt: skip
_table("place_class", "地名类别", None, _texts("code title major source"))
_table(
    "place_sign", "地名标志", "POINT",
    _uuids(place_uuid="place"),
    _texts("number name text_shown kind material"),
    _codes("division", "county_code town_code"),
    _texts("state unit"),
    _dates("set_up checked_on"),
    _usual(),
)  # fmt: skip
_table(
    "article", "地名故事", "POINT",
    _uuids(place_uuid="place"),
    _texts("title summary body"),
    iter([Column("sources", Json)]),
    _texts("author theme"),
    _codes("division", "county_code town_code"),
    _texts("state"),
    _dates("published_on"),
    _usual(),
)  # fmt: skip
_table(
    "medium", "多媒体", None,
    _texts("owner"),
    iter([Column("owner_uuid", Uuid, index=True)]),
    _texts("sha256 kind mime title credit"),
    _integers("bytes width height sort"),
    _dates("taken_on"),
    _usual(),
)  # fmt: skip
_table("facility_kind", "设施类别", None, _texts("key title_zh title_en grp"), _integers("sort"))
_table(
    "facility", "设施", "POINT",
    _codes("facility_kind", "kind", "key"),
    _texts("name"),
    _codes("division", "county_code town_code village_code"),
    _integers("beds nursing_beds residents capacity"),
    _texts("state"),
    _dates("opened closed"),
    _texts("address office_phone operator"),
    _usual(),
    _texts("position_source accuracy credit_code"),
)  # fmt: skip
_table(
    "inspection_batch", "联检批次", None,
    _integers("year"), _texts("title"), _flags("assumed"), _texts("note source"),
    _texts("kind occasion"), _dates("starts due"),
)  # fmt: skip
_table(
    "inspection_task", "联检任务", None,
    _uuids(batch_uuid="inspection_batch", line_uuid="boundary_line"),
    _codes("division", "lead_side partner_side"),
    _texts("state"),
    iter([Column("lead_surveyors", Json), Column("partner_surveyors", Json)]),
    _dates("starts due finished"),
    _texts("remark"),
)  # fmt: skip
_table(
    "published_figure", "公布数据", None,
    _texts("subject unit"), _dates("as_of"), _reals("value"), _texts("source note"),
)  # fmt: skip
_table(
    "dataset", "数据来源", None,
    _texts("key title_zh title_en source licence url"), _dates("as_of"), _texts("note"),
)  # fmt: skip

Table(
    CHANGE_LOG,
    METADATA,
    Column("seq", Integer, Identity(always=False), primary_key=True),
    Column("layer", Text),
    Column("uuid", Uuid, index=True),
    Column("op", Text),
    Column("version", Integer),
    Column("before", Json),
    Column("at", UtcTime),
    Column("who", Text),
    Column("why", Text),
    Column("batch", Uuid, index=True),
    sqlite_autoincrement=True,
    info={"geometry": None, "tracked": False, "title": "变更记录"},
)

TABLES: Mapping[str, Table] = dict(METADATA.tables)
"""Every table by its name, those referred to before those that refer to them."""

TRACKED: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.info["tracked"])


def references(table: Table) -> Iterator[tuple[str, str, str]]:
    """Column, and the table and column that its values point to."""
    for column in table.columns:
        if "references" in column.info:
            target, key = column.info["references"]
            yield column.name, target, key
