"""What is not public stays within the counties that a reader reaches, in every layer: compared with brute force."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from gis.mvt import Tile
from layers import days
from layers.access import Reader, visible
from layers.catalogue import LAYERS
from layers.features import UnknownFeature, feature, frame, listed
from layers.filters import Filters
from layers.index import Index
from layers.register import Register, create_register
from layers.search import Search
from layers.tiles import encoded

COUNTIES = ("370781", "370724", "370725", "370786")
TODAY = days.today()
HERE_AT_14 = Tile(14, 13607, 6399)
HERE = shapely.Point(119, 36.6)
LINE = shapely.LineString([(119, 36.6), (119.01, 36.6)])
AREA = shapely.MultiPolygon([shapely.box(119, 36.6, 119.01, 36.61)])
GEOMETRY = {"Point": HERE, "LineString": LINE, "MultiLineString": shapely.MultiLineString([LINE]), "MultiPolygon": AREA}

Rows = dict[str, tuple[set[str], str]]
"""By layer key and uuid: the counties that a record belongs to, and its secrecy."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, dict[str, Rows]]]:
    """Records of every layer, of every combination of counties and secrecy, and what they are."""
    path: Path = tmp_path_factory.mktemp("scope") / "r.gpkg"
    dice = random.Random(3)
    known: dict[str, Rows] = {key: {} for key in LAYERS}
    with create_register(path) as register:
        with register.writing() as connection:

            def put(key: str, counties: set[str], **values: Any) -> str:
                secrecy = values.setdefault("secrecy", dice.choice(["public", "internal", "secret"]))
                layer = LAYERS[key]
                geom = GEOMETRY[layer.geometry]
                if key != "place-names" and key != "facilities" and key != "stakes" and key != "boundary-points":
                    values.setdefault("name", "甲")
                uuid = register.insert(connection, layer.table, {"geom": geom, **values})
                known[key][uuid] = (counties, secrecy)
                return uuid

            for county in COUNTIES:
                put("divisions", {county}, code=county, level="county", county_code=county, name="县", secrecy="public")
            neighbour = "370683"
            put("divisions", {neighbour}, code=neighbour, level="county", name="邻", secrecy="internal")
            owners: dict[str, list[tuple[str, set[str], str]]] = {"place": [], "division": [], "boundary_line": []}
            for _ in range(60):
                county = dice.choice([*COUNTIES, None])
                uuid = put("place-names", {county} - {None}, name="某地", county_code=county)
                owners["place"].append((uuid, *known["place-names"][uuid]))
                put("facilities", {county} - {None}, name="某院", county_code=county)
                code = f"{county or '370700'}{dice.randrange(1000):03}"
                uuid = put("divisions", {county} - {None}, code=code, level="town", county_code=county)
                owners["division"].append((uuid, *known["divisions"][uuid]))
                left, right = dice.sample([*COUNTIES, neighbour], 2)
                uuid = put("boundary-lines", {left, right}, left_code=left, right_code=right)
                owners["boundary_line"].append((uuid, *known["boundary-lines"][uuid]))
                three = dice.sample([*COUNTIES, neighbour], 3)
                put("tripoints", set(three), codes=",".join(three))
            rank = ["public", "internal", "secret"]
            for key, field, table in (
                ("place-lines", "place_uuid", "place"), ("place-areas", "place_uuid", "place"),
                ("division-areas", "division_uuid", "division"), ("stakes", "line_uuid", "boundary_line"),
                ("boundary-points", "line_uuid", "boundary_line"),
            ):  # fmt: skip
                for _ in range(60):
                    owner, counties, secrecy = dice.choice(owners[table])
                    own = dice.choice(rank)
                    uuid = put(key, counties, secrecy=own, **{field: owner})
                    known[key][uuid] = (counties, max(own, secrecy, key=rank.index))
        yield register, known


def allowed(rows: Rows, reader: Reader) -> set[str]:
    """What a reader may see, one record at a time."""
    rank = {"public": 0, "internal": 1, "secret": 2}
    clearance = 2 if "administrator" in reader.roles else 1 if reader.roles - {"viewer"} else 0
    return {
        uuid
        for uuid, (counties, secrecy) in rows.items()
        if secrecy == "public"
        or (rank[secrecy] <= clearance and (reader.scope is None or bool(counties & reader.scope)))
    }


READERS = [
    Reader(),
    Reader(frozenset({"viewer"}), frozenset({"370781"})),
    Reader(frozenset({"clerk"})),
    Reader(frozenset({"clerk"}), frozenset({"370781"})),
    Reader(frozenset({"surveyor"}), frozenset({"370724", "370725"}), "370724"),
    Reader(frozenset({"administrator"})),
    Reader(frozenset({"administrator"}), frozenset({"370786"})),
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.audience)
@pytest.mark.parametrize("key", LAYERS)
def test_every_answer(made: tuple[Register, dict[str, Rows]], key: str, reader: Reader) -> None:
    register, known = made
    index = Index(register)
    wanted = allowed(known[key], reader)
    columns = index.layer(key)
    assert set(columns.uuid[columns.open_to(reader)]) == wanted
    assert {each["uuid"] for each in listed(index, key, reader=reader, filters=Filters()).records} == wanted
    assert set(frame(index, key, reader=reader, filters=Filters())[0]["uuid"]) == wanted
    for uuid in known[key]:
        if uuid in wanted:
            assert feature(index, key, uuid, reader=reader).uuid == uuid
        else:
            with pytest.raises(UnknownFeature):
                feature(index, key, uuid, reader=reader)
    if key not in ("divisions", "division-areas"):  # those share tiles, in which areas carry their division's uuid
        body = encoded(index, key, HERE_AT_14, reader=reader, asof=TODAY)
        tile = mapbox_vector_tile.decode(body) if body else {}
        assert {each["properties"]["uuid"] for layer in tile.values() for each in layer["features"]} == wanted


def test_a_side_that_changes_is_followed(tmp_path: Path) -> None:
    with create_register(tmp_path / "r.gpkg") as register:
        reader = Reader(frozenset({"clerk"}), frozenset({"370781"}))
        with register.writing() as connection:
            for county in COUNTIES:
                register.insert(connection, "division", {"geom": HERE, "code": county, "level": "county"})
            values = {"geom": LINE, "left_code": "370724", "right_code": "370725", "secrecy": "internal"}
            line = register.insert(connection, "boundary_line", values)
            register.insert(connection, "stake", {"geom": HERE, "line_uuid": line})
        index = Index(register)
        assert int(index.layer("stakes").open_to(reader).sum()) == 0
        with register.writing() as connection:
            register.update(connection, "boundary_line", line, {"right_code": "370781"})
        assert int(index.layer("stakes").open_to(reader).sum()) == 1
        assert int(index.layer("boundary-lines").open_to(reader).sum()) == 1


def test_search_and_further_names(tmp_path: Path) -> None:
    with create_register(tmp_path / "r.gpkg") as register:
        with register.writing() as connection:
            for county in COUNTIES[:2]:
                register.insert(connection, "division", {"geom": HERE, "code": county, "level": "county"})
                values = {"geom": HERE, "name": f"秘地{county}", "county_code": county, "secrecy": "internal"}
                place = register.insert(connection, "place", values)
                register.insert(connection, "place_name", {"place_uuid": place, "name": f"密名{county}"})
        search = Search(Index(register))
        reader = Reader(frozenset({"clerk"}), frozenset({"370781"}))
        for word in ("秘地", "密名"):
            hits, total = search.find(word, reader=reader, asof=TODAY, limit=10)[:2]
            assert total == 1, json.dumps([hit.name for hit in hits])
            assert hits[0].name == "秘地370781"


def test_records_of_no_county_are_for_readers_without_scope() -> None:
    levels = np.array([0, 1, 2], dtype=np.int8)
    clerk = frozenset({"clerk"})
    assert visible(levels, None, reader=Reader(clerk)).tolist() == [True, True, False]
    assert visible(levels, None, reader=Reader(clerk, frozenset({"370781"}))).tolist() == [True, False, False]
    codes = np.array([["", ""], ["370781", "370724"], ["370724", ""]])
    internal = np.array([1, 1, 1], dtype=np.int8)
    assert visible(internal, codes, reader=Reader(clerk, frozenset({"370724"}))).tolist() == [False, True, True]
