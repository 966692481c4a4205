"""Tiles hold every feature from z12, the important ones below, and only what the reader may see."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from gis.mvt import EXTENT, Tile, tile_at
from layers import days
from layers.access import PUBLIC, Reader
from layers.catalogue import UnknownLayer
from layers.index import Index
from layers.register import Register
from layers.tiles import Tiles, encoded, tiled_layers, tilejson

TODAY = days.today()


def decode(data: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})


def tiles_over(index: Index, z: int) -> list[Tile]:
    """All tiles of a zoom in which there is a place."""
    places = index.layer("place-names")
    return [
        Tile(z, x, y)
        for x, y in {
            (tile.x, tile.y) for tile in (tile_at(mx, my, z) for mx, my in zip(places.mx, places.my, strict=True))
        }
    ]


@pytest.mark.parametrize("key", ["place-names", "facilities"])
def test_at_z12_every_feature_is_there_once_at_its_place(index: Index, key: str) -> None:
    columns = index.layer(key)
    wanted = set(columns.uuid[columns.seen(reader=PUBLIC, asof=TODAY)].tolist())
    found: dict[str, tuple[float, float]] = {}
    places = (
        tiles_over(index, 12)
        if key == "place-names"
        else {tile_at(mx, my, 12) for mx, my in zip(columns.mx, columns.my, strict=True)}
    )
    for tile in places:
        data = encoded(index, key, tile, reader=PUBLIC, asof=TODAY)
        for feature in decode(data).get(key, {"features": []})["features"]:
            uuid = feature["properties"]["uuid"]
            assert uuid not in found
            x, y = feature["geometry"]["coordinates"]
            found[uuid] = ((tile.x + (x + 0.5) / EXTENT) / 4096, (tile.y + (y + 0.5) / EXTENT) / 4096)
    assert set(found) == wanted
    rows = [columns.row_of(uuid) for uuid in found]
    place = np.array(list(found.values()))
    unit = 1 / 4096 / EXTENT
    assert np.max(np.abs(place[:, 0] - columns.mx[rows])) <= unit
    assert np.max(np.abs(place[:, 1] - columns.my[rows])) <= unit


def test_low_zooms_keep_the_most_important_first(index: Index) -> None:
    counts = []
    for z in (6, 8, 10, 12):
        features: list[dict[str, Any]] = []
        for tile in tiles_over(index, z):
            features += decode(encoded(index, "place-names", tile, reader=PUBLIC, asof=TODAY)).get(
                "place-names", {"features": []}
            )["features"]
        names = {feature["properties"]["name"] for feature in features}
        assert {"潍坊市", "青州市", "临朐县"} <= names
        counts.append(len(features))
    assert counts == sorted(counts)
    assert counts[0] < 200
    assert counts[-1] == int(index.layer("place-names").seen(reader=PUBLIC, asof=TODAY).sum())


def test_the_fourteen_lines_carry_their_year(index: Index) -> None:
    features = []
    for tile in tiles_over(index, 7):
        features += decode(encoded(index, "boundary-lines", tile, reader=PUBLIC, asof=TODAY))["boundary-lines"][
            "features"
        ]
    by_uuid = {feature["properties"]["uuid"]: feature["properties"] for feature in features}
    assert len(by_uuid) == 42
    assert sum(properties["batch"] == 2022 for properties in by_uuid.values()) == 14


def test_divisions_hold_areas_and_seats_and_neighbours_meet(index: Index) -> None:
    inside: set[str] = set()
    levels: set[str] = set()
    overlap = 0.0
    for tile in tiles_over(index, 6):
        features = decode(encoded(index, "divisions", tile, reader=PUBLIC, asof=TODAY))["divisions"]["features"]
        areas = [
            feature
            for feature in features
            if feature["properties"]["geom"] == "area" and feature["properties"]["level"] == "county"
        ]
        inside |= {feature["properties"]["code"] for feature in areas if feature["properties"]["inside"]}
        levels |= {feature["properties"]["level"] for feature in features if feature["properties"]["geom"] == "seat"}
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in areas]
        overlap += sum(shapely.area(shapely.intersection(a, b)) for i, a in enumerate(shapes) for b in shapes[i + 1 :])
    assert len(inside) == 12
    assert levels == {"city", "county"}
    assert overlap < 8, "simplified each by itself the counties overlap by about a hundred square units"


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    from gis.crs import to_mercator

    x, y = to_mercator(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def test_etags_change_with_content_audience_and_day_only(own_register: Register, own_index: Index) -> None:
    tiles = Tiles(own_index)
    tile = tile_at(*_mercator(119.0, 36.6), 8)
    answer = tiles.tile("place-names", tile, reader=PUBLIC, asof=TODAY)
    lines = tiles.etag("boundary-lines", tile, reader=PUBLIC, asof=TODAY)
    assert tiles.tile("place-names", tile, reader=PUBLIC, asof=TODAY) == answer
    assert tiles.etag("place-names", tile, reader=Reader(roles=frozenset({"clerk"})), asof=TODAY) != answer.etag
    assert tiles.etag("place-names", tile, reader=PUBLIC, asof=days.parse_day("2022-12-31")) != answer.etag
    with own_register.writing(who="test", why="new place") as connection:
        own_register.insert(
            connection, "place", {"name": "新镇", "major": "settlement", "rank": 0, "geom": shapely.Point(119.0, 36.6)}
        )
    changed = tiles.tile("place-names", tile, reader=PUBLIC, asof=TODAY)
    assert changed.etag != answer.etag
    assert "新镇".encode() in gzip.decompress(changed.body)
    assert "新镇".encode() not in gzip.decompress(answer.body)
    assert tiles.etag("boundary-lines", tile, reader=PUBLIC, asof=TODAY) == lines


def test_secret_places_are_in_no_public_tile(own_register: Register, own_index: Index) -> None:
    places = own_index.layer("place-names")
    row = int(np.flatnonzero(places["name"].isin(["青州市"]))[0])
    uuid = str(places.uuid[row])
    with own_register.writing(who="test", why="secret") as connection:
        own_register.update(connection, "place", uuid, {"secrecy": "secret"})
    for z in (5, 8, 12, 14):
        tile = tile_at(float(places.mx[row]), float(places.my[row]), z)
        assert uuid.encode() not in encoded(own_index, "place-names", tile, reader=PUBLIC, asof=TODAY)
        administrator = Reader(roles=frozenset({"administrator"}))
        assert uuid.encode() in encoded(own_index, "place-names", tile, reader=administrator, asof=TODAY)


def test_what_has_no_tiles_says_so(index: Index) -> None:
    for key in ("division-areas", "nothing"):
        with pytest.raises(UnknownLayer):
            encoded(index, key, Tile(8, 0, 0), reader=PUBLIC, asof=TODAY)


def test_an_empty_tile_is_empty(index: Index) -> None:
    for layer in tiled_layers():
        answer = Tiles(index).tile(layer.key, Tile(12, 0, 0), reader=PUBLIC, asof=TODAY)
        assert answer.body == b"", layer.key


def test_kept_tiles_stay_within_their_bound(index: Index) -> None:
    tiles = Tiles(index, keep_bytes=20_000)
    for tile in tiles_over(index, 10):
        tiles.tile("place-names", tile, reader=PUBLIC, asof=TODAY)
        assert tiles._size <= 20_000


def test_tilejson_describes_what_tiles_hold(index: Index) -> None:
    for layer in tiled_layers():
        found = tilejson(index, layer.key, reader=PUBLIC, asof=TODAY, url="http://x/{z}/{x}/{y}.mvt")
        assert found["tilejson"] == "3.0.0"
        described = found["vector_layers"][0]["fields"]
        tile = tile_at(*_mercator(118.9, 36.7), max(8, layer.min_zoom))
        data = encoded(index, layer.key, tile, reader=PUBLIC, asof=TODAY)
        assert data, layer.key
        for feature in decode(data)[layer.key]["features"]:
            assert set(feature["properties"]) <= {*described, "geom", "rank"}


def test_gdal_reads_a_tile(index: Index, tmp_path: Path) -> None:
    import subprocess

    tile = tile_at(*_mercator(118.48, 36.68), 12)
    path = tmp_path / "tile.mvt"
    data = encoded(index, "place-names", tile, reader=PUBLIC, asof=TODAY)
    path.write_bytes(data)
    count = len(decode(data)["place-names"]["features"])
    run = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", str(path), "place-names"], capture_output=True, text=True, timeout=60
    )
    assert f"Feature Count: {count}" in run.stdout, run.stdout + run.stderr
    assert "name: String" in run.stdout
