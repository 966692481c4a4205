"""Changes that belong together; how exactly a facility's position is known; what other registers know records by."""

from __future__ import annotations

from alembic import op

from layers.register.migrations.building import column

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns natively; rows that are there keep them empty: nobody knows what is not written."""
    op.add_column("change_log", column("uuid", "batch"))
    op.create_index("ix_change_log_batch", "change_log", ["batch"])
    for name in ("position_source", "accuracy", "credit_code"):
        op.add_column("facility", column("text", name))
    op.add_column("place", column("text", "national_id"))
