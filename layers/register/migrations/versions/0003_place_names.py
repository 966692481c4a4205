"""The whole registration form of a place name, decisions on its names, signs, stories, pictures and sounds."""

from __future__ import annotations

from alembic import op

from layers.register.migrations.building import column, make_tracked_table

revision = "0003"
down_revision = "0002"

_USUAL = "text source secrecy; flag is_public; date valid_from valid_to; text note"

# A copy on purpose: the columns as they were at this revision, whatever layers.register.tables says by now.
_PLACE: tuple[tuple[str, str], ...] = (
    *(("text", name) for name in ("map_name", "ethnic_name", "language", "generic_roman", "spans", "named_in")),
    ("real", "to_lon"),
    ("real", "to_lat"),
    *(("text", name) for name in ("coordinate_system", "measured_by", "survey_state", "map_sheet", "map_scale")),
    ("json", "attributes"),
)
_TABLES: tuple[tuple[str, str, str | None, str], ...] = (
    ("place_sign", "地名标志", "POINT",
     ("uuid place_uuid; text number name text_shown kind material county_code town_code state unit;"
      f"date set_up checked_on; {_USUAL}")),
    ("article", "地名故事", "POINT",
     ("uuid place_uuid; text title summary body; json sources; text author theme county_code town_code state;"
      f"date published_on; {_USUAL}")),
    ("medium", "多媒体", None,
     ("text owner; uuid owner_uuid; text sha256 kind mime title credit; int bytes width height sort; date taken_on;"
      f"{_USUAL}")),
)  # fmt: skip


def upgrade() -> None:
    """Add columns natively and make the new tables; rows that are there keep the new fields empty."""
    for kind, name in _PLACE:
        op.add_column("place", column(kind, name))
    for kind, name in (("text", "decision"), ("text", "decided_by"), ("date", "decided_on")):
        op.add_column("place_name", column(kind, name))
    for name, title, geometry, described in _TABLES:
        make_tracked_table(name, title, geometry, described)
