"""The 51,991 places as the peers hold them: a table in PostGIS with the same rows as the layer in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from benchmarks.stage import Stage
from gis.mvt import EXTENT, Tile
from layers import days
from layers.access import PUBLIC
from layers.index import Columns
from layers.tiles import shown

LAYER = "place-names"
THINNED_AT = (8, 10)
_HALF_M = 20037508.342789244

COLUMNS = ("uuid", "name", "major", "rank", "town", "county")
"""What a tile of the layer carries."""


def whole_tile(columns: Columns) -> Tile:
    """The deepest tile that holds every place."""
    for z in range(22, -1, -1):
        tile = Tile(z, int(columns.mx[0] * (1 << z)), int(columns.my[0] * (1 << z)))
        if tile.holds(columns.mx, columns.my).all():
            return tile
    raise RuntimeError("no tile holds all places")


def mercator_m(columns: Columns) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres of EPSG:3857."""
    return (columns.mx - 0.5) * 2 * _HALF_M, (0.5 - columns.my) * 2 * _HALF_M


def rows(columns: Columns) -> dict[str, list[object]]:
    """Plain values of what a tile carries."""
    everything = np.arange(len(columns))
    return {name: list(columns[source].values(everything)) for name, source in columns.layer.tiled}


def table(stage: Stage) -> str:
    """The table ``place_3857`` with index and statistics; gives the database's address.

    Coordinates are in EPSG:3857 beforehand, and flags say what the thinned zooms show: the server has to do no more
    than cut, scale and encode.
    """
    columns = stage.index.layer(LAYER)
    values = rows(columns)
    x, y = mercator_m(columns)
    flags = [shown(columns, z, reader=PUBLIC, asof=days.today()).tolist() for z in THINNED_AT]
    names = [f"shown_{z}" for z in THINNED_AT]
    with psycopg.connect(stage.postgis, autocommit=True) as connection:
        found = connection.execute("SELECT to_regclass('place_3857')").fetchone()
        if found is not None and found[0] is not None:
            return stage.postgis
        kinds = ", ".join(f"{name} {'int' if name == 'rank' else 'text'}" for name in COLUMNS)
        marks = ", ".join(f"{name} boolean" for name in names)
        connection.execute(f"CREATE TABLE raw (fid bigint, {kinds}, {marks}, x float8, y float8)")
        with connection.cursor().copy("COPY raw FROM STDIN") as copy:
            for row in zip(
                columns.fid.tolist(), *(values[name] for name in COLUMNS), *flags, x.tolist(), y.tolist(), strict=True
            ):
                copy.write_row(row)
        listed = ", ".join((*COLUMNS, *names))
        connection.execute(
            f"CREATE TABLE place_3857 AS SELECT fid, {listed}, ST_SetSRID(ST_MakePoint(x, y), 3857) AS geom FROM raw"
        )
        connection.execute("DROP TABLE raw")
        connection.execute("ALTER TABLE place_3857 ADD PRIMARY KEY (fid)")
        connection.execute("CREATE INDEX ON place_3857 USING gist (geom)")
        connection.execute("VACUUM ANALYZE place_3857")
    return stage.postgis


@lru_cache(maxsize=32)
def tile_query(z: int) -> sql.Composed:
    """The usual way to a tile with PostGIS; parameters z, x, y twice."""
    shown_only = sql.SQL("shown_{} AND ").format(sql.SQL(str(z))) if z in THINNED_AT else sql.SQL("")
    return sql.SQL(
        "SELECT ST_AsMVT(cut, {layer}, {extent}, 'geom', 'fid') FROM ("
        "SELECT fid, {columns}, ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {extent}, 0) AS geom "
        "FROM place_3857 WHERE {shown}geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS cut"
    ).format(
        layer=sql.Literal(LAYER),
        extent=sql.Literal(EXTENT),
        columns=sql.SQL(", ").join(sql.Identifier(name) for name in COLUMNS),
        shown=shown_only,
    )


def connect(url: str) -> psycopg.Connection[tuple[bytes]]:
    """A connection as a tile server would hold it: prepared statements, no just-in-time compiler (slower here)."""
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
    connection.execute("SET jit = off")
    return connection  # type: ignore[return-value]


class Pool:
    """Connections to PostGIS that stay open, each asked by a thread of its own."""

    def __init__(self, url: str, size: int) -> None:
        self._connections = [connect(url) for _ in range(size)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()

    def tiles(self, tiles: Sequence[Tile]) -> list[int]:
        """Fetch tiles; gives the bytes of each."""
        waiting = iter(tiles)
        lock = threading.Lock()
        sizes: list[int] = []

        def ask(connection: psycopg.Connection[tuple[bytes]]) -> None:
            while True:
                with lock:
                    tile = next(waiting, None)
                if tile is None:
                    return
                place = {"z": tile.z, "x": tile.x, "y": tile.y}
                row = connection.execute(tile_query(tile.z), place, binary=True).fetchone()
                assert row is not None
                sizes.append(len(row[0]))

        with ThreadPoolExecutor(len(self._connections)) as threads:
            list(threads.map(ask, self._connections))
        return sizes
