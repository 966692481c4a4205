"""Tiles over HTTP: encoding, ETags, freshness."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from layers.register import open_register
from layers.tiles import tiled_layers
from web.app import create_app
from web.settings import Settings

TILE = "/tiles/facilities/9/425/199.mvt"


def test_a_tile_in_both_encodings(client: FlaskClient) -> None:
    packed = client.get(TILE, headers={"Accept-Encoding": "gzip"})
    plain = client.get(TILE)
    assert packed.status_code == plain.status_code == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(plain.data) > 1000
    assert packed.mimetype == "application/vnd.mapbox-vector-tile"
    for answer in (packed, plain):
        etag = answer.headers["ETag"]
        assert not etag.startswith("W/")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_an_unchanged_tile_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(TILE, headers={"Accept-Encoding": "gzip"})
    again = client.get(TILE, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get(TILE, headers={"Accept-Encoding": "gzip", "If-None-Match": '"something-else"'})
    assert other.status_code == 200


def test_a_write_shows_in_the_next_tile(own_path: Path) -> None:
    client = create_app(Settings(register=str(own_path))).test_client()
    first = client.get(TILE)
    uuid = client.get("/api/features/facilities?limit=1").get_json()["features"][0]["id"]
    with open_register(own_path) as register, register.writing(who="test", why="rename") as connection:
        register.update(connection, "facility", uuid, {"name": "改过的名字"})
    assert client.get(TILE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    found = client.get(f"/api/features/facilities/{uuid}").get_json()
    assert found["properties"]["name"] == "改过的名字"
    assert client.get("/api/search?q=改过的名字").get_json()["items"][0]["uuid"] == uuid


@pytest.mark.parametrize("key", [layer.key for layer in tiled_layers()])
def test_tilejson(client: FlaskClient, key: str) -> None:
    found = client.get(f"/tiles/{key}.json?asof=2022-12-31").get_json()
    assert found["tiles"] == [f"http://localhost/tiles/{key}/{{z}}/{{x}}/{{y}}.mvt?asof=2022-12-31"]
    assert found["vector_layers"][0]["id"] == key
    west, south, east, north = found["bounds"]
    assert 117 < west < east < 121.5
    assert 35 < south < north < 38
