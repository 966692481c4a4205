"""The index shows every change at the next request, by whomever it was made."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers import days
from layers.access import PUBLIC, Reader
from layers.catalogue import LAYERS, UnknownLayer
from layers.filters import BadBox, Filters, UnknownClass, matching, parse_bbox
from layers.index import Columns, Index
from layers.index.load import load
from layers.register import NOTHING, Register

TODAY = days.today()


def assert_same(one: Columns, other: Columns) -> None:
    """Equal features, whatever their order and however their dictionaries came to be."""
    first, second = np.argsort(one.fid), np.argsort(other.fid)
    assert one.fid[first].tolist() == other.fid[second].tolist()
    assert one.uuid[first].tolist() == other.uuid[second].tolist()
    assert np.array_equal(one.lon[first], other.lon[second], equal_nan=True)
    assert np.array_equal(one.starts[first], other.starts[second])
    assert np.array_equal(one.ends[first], other.ends[second])
    assert np.array_equal(one.levels[first], other.levels[second])
    for name in one.attributes:
        assert one[name].values(first) == other[name].values(second), name


def fresh(index: Index, key: str) -> Columns:
    with index.register.reading() as connection:
        return load(index.register, connection, LAYERS[key], NOTHING)


def test_every_layer_of_the_catalogue_is_read_with_all_its_features(index: Index) -> None:
    for key, layer in LAYERS.items():
        with index.register.reading() as connection:
            frame = index.register.frame(connection, layer.table, columns=["uuid"])
        assert sorted(index.layer(key).uuid) == sorted(frame["uuid"]), key


def test_a_layer_that_is_not_in_the_catalogue(index: Index) -> None:
    with pytest.raises(UnknownLayer, match="nonsense"):
        index.layer("nonsense")


def test_own_insert_update_delete_are_seen_at_once(own_register: Register, own_index: Index) -> None:
    before = own_index.layer("place-names")
    count = len(before)
    with own_register.writing(who="test", why="insert") as connection:
        uuid = own_register.insert(
            connection, "place", {"name": "新地名", "major": "settlement", "rank": 3, "geom": shapely.Point(119, 36.5)}
        )
    columns = own_index.layer("place-names")
    assert len(columns) == count + 1
    row = columns.row_of(uuid)
    assert row is not None
    assert columns["name"].values(np.array([row])) == ["新地名"]
    assert len(before) == count, "columns that a request holds never change"

    with own_register.writing(who="test", why="update") as connection:
        own_register.update(connection, "place", uuid, {"name": "改名", "geom": shapely.Point(119.5, 36.5)})
    columns = own_index.layer("place-names")
    row = columns.row_of(uuid)
    assert row is not None
    assert columns["name"].values(np.array([row])) == ["改名"]
    assert columns.lon[row] == 119.5
    assert_same(columns, fresh(own_index, "place-names"))

    with own_register.writing(who="test", why="delete") as connection:
        own_register.delete(connection, "place", uuid)
    assert own_index.layer("place-names").row_of(uuid) is None
    assert len(own_index.layer("place-names")) == count


OUTSIDE = """
import sys, pyogrio
frame = pyogrio.read_dataframe(sys.argv[1], layer="facility", max_features=3)
frame["name"] = ["外来一", "外来二", "外来三"]
frame[["uuid", "version", "changed"]] = None
pyogrio.write_dataframe(frame, sys.argv[1], layer="facility", append=True)
"""


def test_an_outside_writer_is_seen_at_once(own_path: Path, own_index: Index) -> None:
    own_index.preload()
    # another process: two copies of SQLite in one process would drop each other's locks on the file
    subprocess.run([sys.executable, "-c", OUTSIDE, str(own_path)], check=True, timeout=60)
    names = own_index.layer("facilities")["name"]
    assert {"外来一", "外来二", "外来三"} <= set(names.values(np.arange(len(names.codes))))
    assert_same(own_index.layer("facilities"), fresh(own_index, "facilities"))


def test_a_changed_batch_changes_the_lines(own_register: Register, own_index: Index) -> None:
    lines = own_index.layer("boundary-lines")
    assert int(np.sum(lines["batch"].isin([2022]))) == 14
    with own_register.reading() as connection:
        batches = own_register.frame(connection, "inspection_batch", columns=["uuid", "year"])
    last = batches.loc[batches["year"] == 2022, "uuid"].iloc[0]
    with own_register.writing(who="test", why="a year later") as connection:
        own_register.update(connection, "inspection_batch", last, {"year": 2023})
    assert int(np.sum(own_index.layer("boundary-lines")["batch"].isin([2023]))) == 14


def test_a_layer_that_was_not_touched_keeps_its_number(own_register: Register, own_index: Index) -> None:
    tripoints, places = own_index.layer("tripoints"), own_index.layer("place-names")
    with own_register.writing(who="test", why="one place") as connection:
        own_register.update(connection, "place", places.uuid[0], {"name": "另一个"})
    assert own_index.layer("tripoints") is tripoints
    assert own_index.layer("place-names").seq > places.seq


def test_writers_and_readers_at_once(own_register: Register, own_index: Index) -> None:
    """Whatever was acknowledged before a read began is in it."""
    own_index.layer("place-names")
    acknowledged: list[str] = []
    stale: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            known = list(acknowledged)
            columns = own_index.layer("place-names")
            stale.extend(uuid for uuid in known if columns.row_of(uuid) is None)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in readers:
        thread.start()
    for number in range(40):
        with own_register.writing(who="test", why="many") as connection:
            uuid = own_register.insert(connection, "place", {"name": f"第{number}", "geom": shapely.Point(119, 36)})
        acknowledged.append(uuid)
    done.set()
    for thread in readers:
        thread.join()
    assert stale == []
    assert len(acknowledged) == 40


def test_after_a_fork_both_see_new_changes(own_register: Register, own_index: Index) -> None:
    own_index.layer("tripoints")
    parent_end, child_end = os.pipe()
    go_read, go_write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            own_index.forked()
            os.read(go_read, 1)
            os.write(child_end, str(len(own_index.layer("tripoints"))).encode())
            status = 0
        finally:
            os._exit(status)
    with own_register.writing(who="test", why="fork") as connection:
        own_register.insert(connection, "tripoint", {"name": "新三交点", "geom": shapely.Point(119, 36)})
    os.write(go_write, b".")
    seen = int(os.read(parent_end, 20))
    assert os.waitpid(child, 0)[1] == 0
    assert seen == 31
    assert len(own_index.layer("tripoints")) == 31


def test_what_is_not_public_is_not_seen_by_the_public(own_register: Register, own_index: Index) -> None:
    places = own_index.layer("place-names")
    uuids = places.uuid[:3].tolist()
    before = int(places.seen(reader=PUBLIC, asof=TODAY).sum())
    with own_register.writing(who="test", why="secrecy") as connection:
        own_register.update(connection, "place", uuids[0], {"secrecy": "internal"})
        own_register.update(connection, "place", uuids[1], {"secrecy": "secret"})
        own_register.update(connection, "place", uuids[2], {"is_public": False})
    places = own_index.layer("place-names")
    assert int(places.seen(reader=PUBLIC, asof=TODAY).sum()) == before - 3
    clerk = Reader(roles=frozenset({"clerk"}))
    assert int(places.seen(reader=clerk, asof=TODAY).sum()) == before - 1
    elsewhere = Reader(roles=frozenset({"clerk"}), scope=frozenset({"000000"}))
    assert int(places.seen(reader=elsewhere, asof=TODAY).sum()) == before - 3
    administrator = Reader(roles=frozenset({"administrator"}))
    assert int(places.seen(reader=administrator, asof=TODAY).sum()) == before


def test_as_at_a_day(index: Index) -> None:
    facilities = index.layer("facilities")

    def count(kind: str, day: str) -> int:
        filters = Filters(asof=date.fromisoformat(day), classes=(kind,))
        return int(matching(facilities, filters, reader=PUBLIC).sum())

    assert (count("canteen", "2022-12-31"), count("canteen", "2024-03-31")) == (208, 766)
    assert (count("day_care", "2022-12-31"), count("day_care", "2024-03-31")) == (310, 497)
    assert (count("rural_home", "2022-12-31"), count("rural_home", "2024-03-31")) == (564, 563)


def test_filters(index: Index) -> None:
    places = index.layer("place-names")
    everything = matching(places, Filters(), reader=PUBLIC)
    qingzhou = matching(places, Filters(county="370781"), reader=PUBLIC)
    box = matching(places, Filters(bbox=(118.4, 36.6, 118.6, 36.8)), reader=PUBLIC)
    both = matching(places, Filters(county="370781", bbox=(118.4, 36.6, 118.6, 36.8)), reader=PUBLIC)
    assert 0 < both.sum() < qingzhou.sum() < everything.sum()
    assert np.array_equal(both, qingzhou & box)
    assert np.all((places.lon[box] >= 118.4) & (places.lon[box] <= 118.6))
    with pytest.raises(UnknownClass, match="nothing"):
        matching(places, Filters(classes=("nothing",)), reader=PUBLIC)
    lines = index.layer("boundary-lines")
    assert matching(lines, Filters(classes=("batch-2022",)), reader=PUBLIC).sum() == 14
    assert matching(lines, Filters(bbox=(118.2, 36.4, 118.3, 36.5)), reader=PUBLIC).sum() >= 3


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "3,2,1,4", "1,2,3,nan", "-181,0,0,0", "0,0,0,91", "1,2,3,4,5"]
)
def test_a_box_that_is_none(text: str) -> None:
    with pytest.raises(BadBox):
        parse_bbox(text)


@pytest.mark.parametrize("text", ["2022-13-01", "2022-2-1x", "22-01-01", "today", "2022-02-30", "２０２２-01-01x"])
def test_a_day_that_is_none(text: str) -> None:
    with pytest.raises(days.BadDay):
        days.parse_day(text)
