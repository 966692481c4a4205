"""Is a register as it should be? Every flaw as a `Finding`; nothing is repaired."""

from __future__ import annotations

import os

from gis.findings import Finding
from layers.register.check import geopackage, log, rows, server
from layers.register.engine import connect_file, display_name, file_path, is_server, make_engine, raw_file
from layers.register.errors import explained
from layers.register.migrate import HEAD, present_revision
from layers.register.opening import require_geopackage, require_version

__all__ = ["check_register"]

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check_register(path_or_url: str | os.PathLike[str]) -> list[Finding]:
    """Check a register of either home, an older one too.

    Looked at: the file's pages and foreign keys, the GeoPackage tables, columns, triggers and R-trees (on a server:
    geometry types, spatial indexes, triggers and their functions), each row's uuid, references and geometry, and the
    change log. Reads only, one state of the register; about a second for the demonstration.

    Returns
    -------
    list of Finding
        Errors first; empty if all is well. ``where`` is a table, a column or a trigger; a finding stands for all the
        rows with the same flaw, with their number and the first of them.

    Raises
    ------
    RegisterMissing, NotARegister, RegisterLocked, RegisterUnreachable, RegisterDamaged
    """
    name = display_name(path_or_url)
    if is_server(path_or_url):
        found = _check_server(path_or_url, name)
    else:
        require_geopackage(file_path(path_or_url))
        found = _check_file(path_or_url, name)
    return sorted(found, key=lambda finding: _ORDER[finding.severity])


def _check_file(path_or_url: str | os.PathLike[str], name: str) -> list[Finding]:
    path = file_path(path_or_url)
    with explained(name):
        file = connect_file(path, wal=False)
        try:
            damage = geopackage.integrity(file)
        finally:
            file.close()
    if damage:
        return damage  # whatever else would be read from broken pages means nothing
    engine = make_engine(path_or_url, pooled=False)
    with explained(name), engine.connect() as connection, connection.begin():
        revision = present_revision(connection)
        if revision is None:
            require_version(revision, name)
        raw = raw_file(connection)
        return [
            *_revision(revision),
            *geopackage.container(raw),
            *geopackage.spatial(raw),
            *rows.structure(connection),
            *rows.identity(connection),
            *rows.references_hold(connection),
            *log.check_log(connection),
        ]


def _check_server(path_or_url: str | os.PathLike[str], name: str) -> list[Finding]:
    engine = make_engine(path_or_url, pooled=False)
    with explained(name), engine.connect() as connection, connection.begin():
        revision = present_revision(connection)
        if revision is None:
            require_version(revision, name)
        return [
            *_revision(revision),
            *server.triggers(connection),
            *server.spatial(connection),
            *rows.structure(connection),
            *rows.identity(connection),
            *rows.references_hold(connection),
            *log.check_log(connection),
        ]


def _revision(revision: str | None) -> list[Finding]:
    if revision == HEAD:
        return []
    return [
        Finding(
            rule="revision",
            severity="warning",
            where=str(revision),
            template="The register is at revision %(revision)s; this program works with %(head)s.",
            params={"revision": revision, "head": HEAD},
            advice="Bring it up to date with `dijie register upgrade`, or install the version that made it.",
        )
    ]
