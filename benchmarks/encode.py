"""One tile of all places: our encoder, PostGIS, and the usual library of Python."""

from __future__ import annotations

from collections import Counter
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from benchmarks import places
from benchmarks.figures import Figure
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from gis.mvt import encode_points


def measure(stage: Stage) -> list[Figure]:
    """Seconds to a tile's bytes, not compressed."""
    columns = stage.index.layer(places.LAYER)
    tile = places.whole_tile(columns)
    url = places.table(stage)
    values = places.rows(columns)
    px, py = tile.pixels(columns.mx, columns.my)
    features = [
        {"geometry": point, "properties": dict(zip(values, row, strict=True)), "id": fid}
        for point, row, fid in zip(
            shapely.points(px, py), zip(*values.values(), strict=True), columns.fid.tolist(), strict=True
        )
    ]

    def ours() -> bytes:
        rows = np.flatnonzero(tile.holds(columns.mx, columns.my))
        x, y = tile.pixels(columns.mx[rows], columns.my[rows])
        taken = [column.taken(rows) for column in columns.tile_columns()]
        return encode_points(places.LAYER, x, y, columns.fid[rows], taken)

    def library() -> bytes:
        content = {"name": places.LAYER, "features": features}
        return bytes(mapbox_vector_tile.encode(content, default_options={"y_coord_down": True}))

    query, place = places.tile_query(tile.z), {"z": tile.z, "x": tile.x, "y": tile.y}
    with places.connect(url) as connection:

        def postgis() -> bytes:
            found = connection.execute(query, place, binary=True).fetchone()
            assert found is not None
            return bytes(found[0])

        quick = alternated({"ours": ours, "postgis": postgis}, runs=stage.runs(15), warm=3)
        slow = alternated({"library": library}, runs=stage.runs(3), warm=0)
    ours_ms, peer_ms = quick["ours"].median * 1000, quick["postgis"].median * 1000
    sizes = same_content(quick["ours"].result, quick["postgis"].result, slow["library"].result)
    what = f"one tile of {len(columns):,} points"
    samples = {name: timed.seconds for name, timed in {**quick, **slow}.items()}
    return [
        Figure(
            what,
            ours_ms,
            "ms",
            "PostGIS ST_AsMVT",
            peer_ms,
            least_ratio=3,
            samples=samples,
            note="PostGIS: rows with index, in EPSG:3857 beforehand, warm, prepared, its own parallel workers allowed. "
            f"All three decode to the same features; {sizes}.",
        ),
        Figure(what, ours_ms, "ms", "mapbox_vector_tile", slow["library"].median * 1000, least_ratio=20),
    ]


def same_content(*tiles: bytes) -> str:
    """The tiles' sizes in words; `AssertionError` where they do not hold the same features at the same places."""
    first: Counter[Any] | None = None
    places_of: dict[str, tuple[int, int]] = {}
    for data in tiles:
        found = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})[places.LAYER]["features"]
        held = Counter((feature["id"], *sorted(feature["properties"].items())) for feature in found)
        where = {feature["properties"]["uuid"]: tuple(feature["geometry"]["coordinates"]) for feature in found}
        if first is None:
            first, places_of = held, where
        assert held == first, "a tile holds other features"
        # one rounds down, another to the nearest: at most one unit of 4,096 lies between
        away = max(max(abs(x - places_of[uuid][0]), abs(y - places_of[uuid][1])) for uuid, (x, y) in where.items())
        assert away <= 1, f"a tile has features {away} units away"
    return "sizes " + ", ".join(f"{len(data) / 1e6:.2f}" for data in tiles) + " MB"
