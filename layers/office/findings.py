"""Tables of the check of place names: what was found, what people decided of it, what they did, day by day.

The findings are derived from the register and can be made anew at any time; decisions and work done cannot.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Index, Integer, Table, Text

from layers.office.database import METADATA

FINDING = Table(
    "name_finding",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("uuid", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("fix", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("grp", Text, nullable=False),
    Column("others", JSON, nullable=False),
    Column("name", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("major", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("synthetic", Integer, nullable=False),
    Column("sort", Integer, nullable=False),
    Index("ix_name_finding_uuid", "uuid"),
    Index("ix_name_finding_key", "key"),
    Index("ix_name_finding_grp", "grp"),
    Index("ix_name_finding_count", "rule", "severity", "major", "county", "town", "state", "level", "key", "uuid"),
    Index("ix_name_finding_list", "sort", "county", "town", "grp", "name", "id"),
)
"""The index of counts holds all that a worklist is counted by: the wide rows themselves are not read for it.

``key`` names a finding whatever its id: rule, record, field and what stood there. ``level`` is the clearance that
it asks for, the highest of the records that it speaks of. ``state``: ``open``, or ``kept`` where somebody has decided
that it is right as it is. ``sort`` puts errors first, then the order of the rules."""

CHECK_STATE = Table(
    "name_check",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("took_s", Float, nullable=False),
    Column("records", Integer, nullable=False),
)
"""One row: the state of the register that the findings are of, and when all was last looked through."""

DECISION = Table(
    "name_decision",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("uuid", Text, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
)
"""Findings that are right as they are, by whom and why."""

SKIPPED = Table(
    "name_skipped",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("at", Text, nullable=False),
)
"""Findings that somebody has put behind the others for themselves."""

DONE = Table(
    "name_work",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("who", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("day", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("uuid", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("count", Integer, nullable=False),
)
"""What each clerk has done (``mended``, ``kept``, ``skipped``), for the progress of the work."""

CHECK_DAY = Table(
    "name_check_day",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("severity", Text, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Open findings at the last check of each day, by rule and county: how the register gets better."""
