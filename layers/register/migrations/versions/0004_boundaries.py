"""The whole registration form of a stake, what a line's papers declare of it, documents at lines and tripoints."""

from __future__ import annotations

from alembic import op

from layers.register.migrations.building import column, make_tracked_table

revision = "0004"
down_revision = "0003"

_USUAL = "text source secrecy; flag is_public; date valid_from valid_to; text note"

# A copy on purpose: the columns as they were at this revision, whatever layers.register.tables says by now.
_STAKE: tuple[tuple[str, str], ...] = (
    *(("text", name) for name in ("lettering", "size", "description", "height_system", "set_by", "registered_by")),
    ("real", "accuracy_m"),
    ("date", "set_up"),
    ("date", "registered_on"),
)
_LINE: tuple[tuple[str, str], ...] = (
    ("real", "declared_length_m"),
    *(("int", name) for name in ("declared_single", "declared_double", "declared_triple")),
)


def upgrade() -> None:
    """Add columns natively and make the table; rows that are there keep the new fields empty."""
    for kind, name in _LINE:
        op.add_column("boundary_line", column(kind, name))
    for kind, name in _STAKE:
        op.add_column("stake", column(kind, name))
    make_tracked_table(
        "boundary_document",
        "界线文件",
        None,
        "uuid line_uuid tripoint_uuid; text kind title number parties body state sha256; date dated;" + _USUAL,
    )
