"""Rounds of joint inspections: when and why, and for each line who walks it and by when."""

from __future__ import annotations

from alembic import op

from layers.register.migrations.building import column

revision = "0005"
down_revision = "0004"

# A copy on purpose: the columns as they were at this revision, whatever layers.register.tables says by now.
_ROUND: tuple[tuple[str, str], ...] = (("text", "kind"), ("text", "occasion"), ("date", "starts"), ("date", "due"))
_TASK: tuple[tuple[str, str], ...] = (
    ("json", "lead_surveyors"),
    ("json", "partner_surveyors"),
    ("date", "starts"),
    ("date", "due"),
    ("date", "finished"),
    ("text", "remark"),
)


def upgrade() -> None:
    """Add columns natively; tasks that are there keep the new fields empty."""
    for kind, name in _ROUND:
        op.add_column("inspection_batch", column(kind, name))
    for kind, name in _TASK:
        op.add_column("inspection_task", column(kind, name))
