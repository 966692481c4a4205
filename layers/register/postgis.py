# ruff: noqa: S608 - every part of a statement is our own
"""PostgreSQL's side of the register: the functions and triggers that stamp rows and keep the change log.

Two functions serve every table. Writers are taken one after the other by a lock of the transaction, as on the file:
only then is the order of the log's numbers the order of the commits, and a reader who asks for what came after a number
misses nothing. The lock is taken before the first row is, by a trigger of the statement: so two writers cannot wait for
each other.
"""

from __future__ import annotations

from sqlalchemy import Connection

WRITE_LOCK = 0x64696A6965
"""Key of the advisory lock that lets one writer in at a time ("dijie" in ASCII)."""

TRIGGERS = ("dijie_turn", "dijie_track")
"""Every tracked table has these."""

BEFORE = (
    "to_jsonb(OLD) || jsonb_build_object('changed', "
    "to_char(OLD.changed AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))"
)
BEFORE_GEOMETRY = "jsonb_build_object('geom', upper(encode(ST_AsBinary(OLD.geom), 'hex')))"
"""SQL for the row called OLD as the log keeps it, and what is added where the table has a geometry."""

CONTEXT = ", ".join(f"nullif(current_setting('dijie.{key}', true), '')" for key in ("who", "why", "batch"))
"""SQL for who, why and batch of the present transaction, as the log keeps them."""

BODIES = {
    "dijie_take_turn": f"""
BEGIN
  PERFORM pg_advisory_xact_lock({WRITE_LOCK});
  RETURN NULL;
END """,
    "dijie_track": f"""
DECLARE
  earlier jsonb;
  moment timestamptz := date_trunc('milliseconds', clock_timestamp());
  taken boolean;
BEGIN
  IF current_setting('dijie.loading', true) = 'on' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    earlier := {BEFORE};
    IF TG_ARGV[0] = 'geometry' THEN
      earlier := earlier || {BEFORE_GEOMETRY};
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO change_log (layer, uuid, op, version, before, at, who, why, batch)
      VALUES (TG_TABLE_NAME, OLD.uuid, 'delete', OLD.version, earlier, moment, {CONTEXT});
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.uuid IS NOT NULL THEN
    NEW.uuid := OLD.uuid;
  ELSE
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I WHERE uuid = $1 AND fid <> $2)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
      INTO taken USING NEW.uuid, NEW.fid;
    IF NEW.uuid IS NULL OR length(NEW.uuid) <> 36 OR taken THEN
      NEW.uuid := gen_random_uuid()::text;
    END IF;
  END IF;
  NEW.version := CASE WHEN TG_OP = 'UPDATE' THEN coalesce(OLD.version, 0) + 1 ELSE 1 END;
  NEW.changed := moment;
  INSERT INTO change_log (layer, uuid, op, version, before, at, who, why, batch)
    VALUES (TG_TABLE_NAME, NEW.uuid, lower(TG_OP), NEW.version, earlier, moment, {CONTEXT});
  RETURN NEW;
END """,
}
"""Names and bodies of the functions behind the triggers."""


def tables(connection: Connection) -> dict[str, set[str]]:
    """Tables and views of the present schema, and their columns."""
    found: dict[str, set[str]] = {}
    for table, column in connection.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    ):
        found.setdefault(table, set()).add(column)
    return found


def create_functions(connection: Connection) -> None:
    """The two functions behind the triggers, made or replaced."""
    for name, body in BODIES.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$".replace("%", "%%")
        )


def track(connection: Connection, table: str, *, geometry: bool) -> None:
    """Give a table its triggers and, if it has a geometry, its spatial index."""
    argument = "'geometry'" if geometry else ""
    connection.exec_driver_sql(
        f'CREATE OR REPLACE TRIGGER dijie_turn BEFORE INSERT OR UPDATE OR DELETE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION dijie_take_turn()"
    )
    connection.exec_driver_sql(
        f'CREATE OR REPLACE TRIGGER dijie_track BEFORE INSERT OR UPDATE OR DELETE ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION dijie_track({argument})"
    )
    if geometry:
        connection.exec_driver_sql(f'CREATE INDEX IF NOT EXISTS "ix_{table}_geom" ON "{table}" USING gist (geom)')
