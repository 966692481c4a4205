# ruff: noqa: S608 - table and column names are our own, every value is bound
"""The change log: numbers that only grow, times that do not go back, and rows that it accounts for."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from gis.findings import Finding
from layers.register.check.rows import present_columns
from layers.register.tables import CHANGE_LOG, TRACKED

_ADVICE = "Find out which program wrote past the triggers; readers may show old values until the server starts anew."


def check_log(connection: Connection) -> Iterator[Finding]:
    """Findings on the change log; none if it is missing, which is another check's."""
    present = present_columns(connection)
    if CHANGE_LOG not in present:
        return
    yield from _numbers(connection)
    yield from _times(connection)
    known = ", ".join(f"'{name}'" for name in TRACKED)
    strange, first = connection.exec_driver_sql(
        f"SELECT count(*), min(seq) FROM {CHANGE_LOG} WHERE layer IS NULL OR layer NOT IN ({known}) OR op IS NULL "
        "OR op NOT IN ('insert', 'update', 'delete', 'load') OR at IS NULL OR (op <> 'load' AND uuid IS NULL)"
    ).one()
    if strange:
        yield _finding(
            "log-row",
            "%(count)s rows of the change log are not as triggers write them; the first is %(seq)s.",
            count=strange,
            seq=first,
        )
    for name in (name for name in TRACKED if name in present):
        yield from _versions(connection, name)


def _numbers(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        given = connection.exec_driver_sql(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", (CHANGE_LOG,)
        ).scalar_one()
    else:
        given = connection.exec_driver_sql(
            f"SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('{CHANGE_LOG}', 'seq')), 0)"
        ).scalar_one()
    last = connection.exec_driver_sql(f"SELECT coalesce(max(seq), 0) FROM {CHANGE_LOG}").scalar_one()
    if last != given and (last > given or connection.dialect.name == "sqlite"):
        # A database server leaves gaps where a transaction was rolled back; a file does not.
        yield _finding(
            "log-last", "The change log ends at %(last)s, and its counter says %(given)s.", last=last, given=given
        )


def _times(connection: Connection) -> Iterator[Finding]:
    count, first = connection.exec_driver_sql(
        "SELECT count(*), min(seq) FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS earlier "
        f"FROM {CHANGE_LOG}) AS log WHERE at < earlier"
    ).one()
    if count:
        yield Finding(
            "log-time",
            "warning",
            CHANGE_LOG,
            "%(count)s rows of the change log are older than the row before them; the first is %(seq)s.",
            {"count": count, "seq": first},
            "A computer that writes the register has a wrong clock.",
        )


def _versions(connection: Connection, table: str) -> Iterator[Finding]:
    # A row's last entry must tell its version, and a deleted row must be gone. A load speaks for all rows at once:
    # what stood before it says nothing any more.
    log = f"SELECT seq, uuid, op, version FROM {CHANGE_LOG} WHERE layer = '{table}'"
    loaded = connection.exec_driver_sql(
        f"SELECT coalesce(max(seq), 0) FROM {CHANGE_LOG} WHERE layer = '{table}' AND op = 'load'"
    ).scalar_one()
    count, first = connection.exec_driver_sql(
        f"WITH log AS ({log} AND uuid IS NOT NULL AND seq > {int(loaded)}), "
        "last AS (SELECT uuid, op, version FROM log WHERE seq IN (SELECT max(seq) FROM log GROUP BY uuid)) "
        f'SELECT count(*), min(last.uuid) FROM last LEFT JOIN "{table}" AS t ON t.uuid = last.uuid '
        "WHERE (op = 'delete' AND t.uuid IS NOT NULL) "
        "OR (op <> 'delete' AND (t.uuid IS NULL OR t.version <> last.version))"
    ).one()
    if not loaded:
        unlogged, unlogged_first = connection.exec_driver_sql(
            f'SELECT count(*), min(uuid) FROM "{table}" WHERE uuid NOT IN (SELECT uuid FROM ({log}) AS log '
            "WHERE uuid IS NOT NULL)"
        ).one()
        count, first = count + unlogged, first or unlogged_first
    if count:
        yield _finding(
            "log-version",
            "%(count)s rows of %(table)s differ from the change log; the first is %(uuid)s.",
            count=count,
            table=table,
            uuid=first,
        )


def _finding(rule: str, template: str, **params: object) -> Finding:
    return Finding(rule, "error", CHANGE_LOG, template, params, _ADVICE)
