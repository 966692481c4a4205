"""An import carried out: everything or nothing, once, and only on the state that it was planned for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from layers.index import Index
from layers.ingest import apply
from layers.ingest.apply import RegisterMoved, apply_plan
from layers.ingest.plan import ImportRefused
from layers.register import Register, check_register, create_register, open_register
from tests.layers.ingest.made import EDITOR, planned
from tests.postgis import postgis

__all__ = ["postgis"]

BATCH = "22222222-2222-4222-8222-222222222222"
HERE, THERE = Point(118.4871, 36.6912), Point(118.52, 36.70)
NAMES = ["\u7532\u65b0\u6751", "\u4e59\u65b0\u6751"]
COLUMNS: dict[str, list[Any]] = {"name": NAMES, "class_code": ["22200"] * 2, "\u522b\u540d": [None, "\u8001\u6751"]}


@pytest.fixture(params=["gpkg", pytest.param("postgis", marks=pytest.mark.xdist_group("postgis"))])
def register(request: pytest.FixtureRequest, demonstration: Path, tmp_path: Path) -> Iterator[Register]:
    """Divisions, lines and stakes of the demonstration in a register of either home."""
    url: str | Path = tmp_path / "some.gpkg"
    if request.param == "postgis":
        url = request.getfixturevalue("postgis").database("intake")
    tables = ("division", "division_area", "boundary_line", "tripoint", "stake", "line_stake", "facility_kind")
    with open_register(demonstration) as source, source.reading() as connection:
        frames = {table: source.frame(connection, table) for table in tables}
    with create_register(url) as made:
        with made.writing() as connection:
            made.load(connection, frames)
        yield made


def test_new_and_changed_rows_come_with_their_names_in_one_batch(register: Register) -> None:
    index = Index(register)
    index.layer("place-names")
    done = apply_plan(register, planned(register, "place-names", COLUMNS, [HERE, THERE]), editor=EDITOR, why="w")
    assert done.counts == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    plan = planned(register, "place-names", COLUMNS | {"meaning": ["m", "n"]}, [HERE, Point(118.5205, 36.7)])
    again = apply_plan(register, plan, editor=EDITOR, why="again", batch=BATCH)
    assert again.counts["changed"] == 2
    with register.reading() as connection:
        places = register.frame(connection, "place")
        names = register.frame(connection, "place_name")
        log = [one for one in register.changes(connection, 0) if one.op != "load"]
    assert places["name"].tolist() == NAMES
    assert places["meaning"].tolist() == ["m", "n"]
    assert names["place_uuid"].tolist() == [places["uuid"][1]]
    assert [(one.layer, one.op, one.who, one.why) for one in log] == [
        ("place", "insert", "clerk", "w"), ("place", "insert", "clerk", "w"), ("place_name", "insert", "clerk", "w"),
        ("place", "update", "clerk", "again"), ("place", "update", "clerk", "again"),
    ]  # fmt: skip
    assert {one.batch for one in log[:3]} == {done.batch}
    assert {one.batch for one in log[3:]} == {BATCH}
    assert index.layer("place-names")["name"].dictionary.values == NAMES
    assert check_register(register.url) == []


def test_the_same_file_again_changes_nothing(register: Register) -> None:
    done = apply_plan(register, planned(register, "place-names", COLUMNS, [HERE, THERE]), editor=EDITOR)
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    assert plan.empty
    again = apply_plan(register, plan, editor=EDITOR)
    assert (again.batch, again.seq) == (None, done.seq)
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "refused": 0}


def test_one_row_that_is_refused_keeps_all_others_out(register: Register) -> None:
    plan = planned(register, "place-names", COLUMNS | {"class_code": ["22200", "99999"]}, [HERE, THERE])
    with pytest.raises(ImportRefused, match="1 rows"):
        apply_plan(register, plan, editor=EDITOR)
    with register.reading() as connection:
        assert register.frame(connection, "place").empty


def test_it_is_planned_anew_if_others_wrote_meanwhile(register: Register) -> None:
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    with register.writing(who="other") as connection:
        register.insert(connection, "place", {"name": NAMES[0], "major": "settlement", "geom": HERE})
        register.insert(connection, "dataset", {"key": "nothing to do with it"})
    done = apply_plan(register, plan, editor=EDITOR)
    assert done.counts["new"] == 1
    assert done.counts["changed"] == 1  # it gets its class and its parts from the file
    with register.reading() as connection:
        assert len(register.frame(connection, "place")) == 2


def test_changes_of_other_tables_do_not_matter(register: Register) -> None:
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    with register.writing(who="other") as connection:
        register.insert(connection, "dataset", {"key": "a"})
    assert apply_plan(register, plan, editor=EDITOR).plan is plan


def test_it_is_refused_if_it_has_become_impossible(register: Register) -> None:
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    with register.writing(who="other") as connection:
        for east in (-0.0001, 0.0001):
            place = Point(HERE.x + east, HERE.y)
            register.insert(connection, "place", {"name": NAMES[0], "major": "settlement", "geom": place})
    with pytest.raises(ImportRefused):
        apply_plan(register, plan, editor=EDITOR)


def test_it_gives_up_when_others_keep_writing(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    monkeypatch.setattr(apply, "_has_moved", lambda *_: True)
    with pytest.raises(RegisterMoved):
        apply_plan(register, plan, editor=EDITOR)
    with register.reading() as connection:
        assert register.frame(connection, "place").empty


def test_an_error_while_writing_takes_everything_back(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(register, "place-names", COLUMNS, [HERE, THERE])
    merge = register.merge

    def failing(connection: Any, table: str, *rows: Any) -> None:
        if table == "place_name":
            raise RuntimeError
        merge(connection, table, *rows)

    monkeypatch.setattr(register, "merge", failing)
    with pytest.raises(RuntimeError):
        apply_plan(register, plan, editor=EDITOR)
    with register.reading() as connection:
        assert register.frame(connection, "place").empty
    assert check_register(register.url) == []
