"""An answer is made of one state of the register, and a register that takes another's place is noticed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis.mvt import Tile
from layers import days
from layers.access import PUBLIC
from layers.features import feature
from layers.index import Index
from layers.register import Register, create_register, open_register
from layers.tiles import Tiles

HERE = shapely.Point(119, 36)


def names(index: Index, key: str = "tripoints") -> list[Any]:
    columns = index.layer(key)
    return columns["name"].values(np.arange(len(columns)))


@pytest.fixture
def small_path(tmp_path: Path) -> Path:
    """A register with one tripoint."""
    path = tmp_path / "small.gpkg"
    with create_register(path) as register, register.writing() as connection:
        register.insert(connection, "tripoint", {"name": "甲", "geom": HERE})
    return path


@pytest.fixture
def small(small_path: Path) -> Iterator[Register]:
    with open_register(small_path) as register:
        yield register


def test_what_is_held_stays_while_others_write(small: Register) -> None:
    index = Index(small)
    with index.held():
        before, seq = index.layer("tripoints"), index.seq()
        with small.writing() as connection:
            small.insert(connection, "tripoint", {"name": "乙", "geom": HERE})
            small.insert(connection, "dataset", {"key": "later"})
        assert index.layer("tripoints") is before
        assert index.seq() == seq
        assert index.frame("dataset").empty, "what is first read within is of the same state"
    assert names(index) == ["甲", "乙"]
    assert index.frame("dataset")["key"].tolist() == ["later"]


def test_a_write_between_any_two_reads_is_not_lost(small: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    reading = small.reading

    @contextmanager
    def disturbed() -> Iterator[Any]:
        if len(written) < 8:
            written.append(f"第{len(written)}")
            with small.writing() as connection:
                small.insert(connection, "tripoint", {"name": written[-1], "geom": HERE})
        with reading() as connection:
            yield connection

    monkeypatch.setattr(small, "reading", disturbed)
    index = Index(small)
    while len(written) < 8:
        index.layer("tripoints")
    assert names(index) == ["甲", *written]


def test_another_register_in_its_place_that_counts_alike(small: Register, small_path: Path) -> None:
    index = Index(small)
    tiles, tile = Tiles(index), Tile(0, 0, 0)
    assert names(index) == ["甲"]
    etag = tiles.etag("tripoints", tile, reader=PUBLIC, asof=days.today())
    program = (
        "import sys, shapely\nfrom layers.register import create_register\n"
        "with create_register(sys.argv[1]) as register, register.writing() as connection:\n"
        "    register.insert(connection, 'tripoint', {'name': '新', 'geom': shapely.Point(119, 36)})\n"
    )
    other = small_path.with_name("other.gpkg")
    subprocess.run([sys.executable, "-c", program, str(other)], check=True, timeout=60)
    other.replace(small_path)
    assert names(index) == ["新"]
    uuid = str(index.layer("tripoints").uuid[0])
    assert feature(index, "tripoints", uuid, reader=PUBLIC).record["name"] == "新"
    assert tiles.etag("tripoints", tile, reader=PUBLIC, asof=days.today()) != etag


def test_workers_that_caught_up_in_other_steps_name_a_tile_alike(small: Register) -> None:
    one, other = Index(small), Index(small)
    for index in (one, other):
        index.preload(("tripoints", "place-names"))
    with small.writing() as connection:
        small.insert(connection, "tripoint", {"name": "乙", "geom": HERE})
    one.seq()
    with small.writing() as connection:
        small.insert(connection, "place", {"name": "别处", "geom": HERE})
    etags = {Tiles(index).etag("tripoints", Tile(0, 0, 0), reader=PUBLIC, asof=days.today()) for index in (one, other)}
    assert len(etags) == 1
