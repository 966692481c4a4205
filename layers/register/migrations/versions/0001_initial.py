"""Everything: divisions, lines, stakes, places, facilities, inspections, and the change log."""

from __future__ import annotations

from alembic import op

from layers.register import geopackage
from layers.register.engine import raw_file
from layers.register.migrations.building import make_log, make_tracked_table
from layers.register.triggers import CREATE_CONTEXT

revision = "0001"
down_revision = None

_USUAL = "text source secrecy; flag is_public; date valid_from valid_to; text note"

# A copy on purpose: the tables as they were at this revision, whatever layers.register.tables says by now.
_TABLES: tuple[tuple[str, str, str | None, str], ...] = (
    ("division", "政区(驻地)", "POINT",
     ("text code name roman level kind parent_code county_code town_code; flag inside; int population aged_60"
     f" aged_65 aged_80; text population_source; int label_rank; text position_source; {_USUAL}")),
    ("division_area", "政区范围", "MULTIPOLYGON", f"uuid division_uuid; text code name level; real area_km2; {_USUAL}"),
    ("division_weight", "政区人口与服务对象", None,
     "uuid division_uuid; text code key; real value; date as_of; text source"),
    ("boundary_line", "界线", "LINESTRING",
     ("text code name short_name grade; flag inner; text left_code right_code left_name right_name start_name end_name;"
     f"real length_m; text course status; flag disputed; {_USUAL}")),
    ("tripoint", "三交点", "POINT", f"text code name codes; flag inner; {_USUAL}"),
    ("stake", "界桩", "POINT",
     ("text number code; uuid line_uuid; int serial; text kind type_letter material grade; real height_m;"
     f"text location; json reference_features; uuid tripoint_uuid; real chainage_m; {_USUAL}")),
    ("line_stake", "界线上的界桩", None, "uuid line_uuid stake_uuid; real chainage_m; int serial"),
    ("boundary_point", "界址点", "POINT",
     f"uuid line_uuid; text number; real chainage_m; text description; {_USUAL}"),
    ("place", "地名", "POINT",
     ("text name roman specific generic major class_code place_code county_code town_code village_code; int rank;"
     "text usage established abolished origin meaning history description registered_by; date registered_at;"
     f"text registered_unit; {_USUAL}")),
    ("place_name", "其他名称", None, f"uuid place_uuid; text name roman kind language status; {_USUAL}"),
    ("place_line", "线状地名", "MULTILINESTRING", f"uuid place_uuid; text name major class_code; int rank; {_USUAL}"),
    ("place_area", "面状地名", "MULTIPOLYGON", f"uuid place_uuid; text name major class_code; int rank; {_USUAL}"),
    ("place_class", "地名类别", None, "text code title major source"),
    ("facility_kind", "设施类别", None, "text key title_zh title_en grp; int sort"),
    ("facility", "设施", "POINT",
     ("text kind name county_code town_code village_code; int beds nursing_beds residents capacity; text state;"
     f"date opened closed; text address office_phone operator; {_USUAL}")),
    ("inspection_batch", "联检批次", None, "int year; text title; flag assumed; text note source"),
    ("inspection_task", "联检任务", None, "uuid batch_uuid line_uuid; text lead_side partner_side state"),
    ("published_figure", "公布数据", None, "text subject unit; date as_of; real value; text source note"),
    ("dataset", "数据来源", None, "text key title_zh title_en source licence url; date as_of; text note"),
)  # fmt: skip


def upgrade() -> None:
    """Make every table; the triggers follow when all revisions have run."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        raw = raw_file(connection)
        geopackage.lay_base(raw)
        raw.execute(CREATE_CONTEXT)
    for name, title, geometry, described in _TABLES:
        make_tracked_table(name, title, geometry, described)
    make_log(
        "change_log", "变更记录", "text layer; uuid uuid; text op; int version; json before; time at; text who why"
    )
