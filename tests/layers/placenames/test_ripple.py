"""What hangs on a name: found as brute force finds it, carried along as one change, taken back to the last cell."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from layers.access import ADMINISTRATOR, Editor, NotAllowed, Reader
from layers.editing import EditConflict
from layers.history import undo_batch
from layers.index import Index
from layers.placenames.ripple import preview, rename
from layers.placenames.ripple.renaming import BadRenaming

BOSS = Editor("boss", ADMINISTRATOR)
CLERK = Editor("liu", Reader(frozenset({"clerk"}), frozenset({"370703"})))
TABLES = (
    "division", "division_area", "place", "place_name", "place_line", "place_area", "boundary_line", "tripoint",
    "stake", "facility", "place_sign", "article",
)  # fmt: skip


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell of the tables that a renaming may touch, as another program reads them."""
    found = {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for table in TABLES:
            names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in names if name not in ("fid", "version", "changed"))
            found[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}"), key=repr)
    finally:
        connection.close()
    return found


def asked(path: Path, statement: str, *values: Any) -> list[Any]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


def of_division(path: Path, name: str) -> tuple[str, int]:
    [(uuid, version)] = asked(path, "SELECT uuid, version FROM division WHERE name = ?", name)
    return uuid, version


def test_a_town_s_groups_are_what_brute_force_finds(own_index: Index, own_path: Path) -> None:
    uuid, _ = of_division(own_path, "高里街道")
    code = "370703006"
    found = preview(own_index, "divisions", uuid, "新里街道", editor=BOSS)

    def uuids(key: str) -> set[str]:
        return {item.uuid for item in found.group(key).items}

    def meant(statement: str, *values: Any) -> set[str]:
        return {row[0] for row in asked(own_path, statement, *values)}

    committees = "town_code = ? AND name LIKE '%高里%' AND class_code GLOB '2[17]6*'"
    others = "town_code = ? AND name LIKE '%高里%' AND NOT class_code GLOB '2[17]6*' AND name <> '高里街道'"
    assert uuids("committees") == meant(f"SELECT uuid FROM place WHERE {committees}", code)
    assert uuids("places") == meant(f"SELECT uuid FROM place WHERE {others}", code)
    assert uuids("divisions") == meant(
        "SELECT uuid FROM division WHERE parent_code = ? AND name LIKE '%高里%'", code
    )  # fmt: skip
    assert uuids("addresses") == meant(
        "SELECT uuid FROM facility WHERE town_code = ? AND address LIKE '%高里街道%'", code
    )
    assert uuids("facilities") == meant("SELECT uuid FROM facility WHERE town_code = ? AND name LIKE '%高里%'", code)
    assert uuids("stakes") == meant("SELECT uuid FROM stake WHERE location LIKE '%寒亭区高里街道%'")
    assert uuids("namesake") == meant("SELECT uuid FROM place WHERE name = '高里街道' AND town_code = ?", code)
    assert found.group("codes").size == len(asked(own_path, "SELECT 1 FROM place WHERE town_code = ?", code))
    assert not found.group("codes").selectable
    for key in ("committees", "addresses", "stakes"):
        assert found.group(key).size > 0, key
    one = found.group("committees").items[0]
    assert one.values["name"] == one.label.replace("高里", "新里")
    assert one.before["name"] == one.label


@pytest.mark.parametrize(("name", "new"), [("高里街道", "新里街道"), ("寒亭区", "北亭区")])
def test_everything_carried_and_taken_back_is_as_before(own_index: Index, own_path: Path, name: str, new: str) -> None:
    before = rows(own_path)
    uuid, version = of_division(own_path, name)
    found = preview(own_index, "divisions", uuid, new, editor=BOSS)
    keys = [group.key for group in found.groups if group.selectable]
    batch = rename(own_index, "divisions", uuid, new, keys, version=version, editor=BOSS, why="更名试验")
    word, new_word = name[:2], new[:2]
    county = "370703"
    assert asked(own_path, "SELECT name FROM division WHERE uuid = ?", uuid) == [(new,)]
    left = asked(own_path, "SELECT name FROM place WHERE county_code = ? AND name LIKE ?", county, f"%{word}%")
    outside = [one for (one,) in left if one in {item.label for item in found.group("places").items}]
    assert outside == []
    assert asked(own_path, "SELECT count(*) FROM facility WHERE address LIKE ?", f"%{new}%")[0][0] > 100
    loaded = "SELECT max(seq) FROM change_log WHERE op = 'load'"
    log = asked(own_path, f"SELECT DISTINCT batch, why FROM change_log WHERE seq > ({loaded})")
    assert log == [(batch, "更名试验")]
    assert new_word in asked(own_path, "SELECT roman, name FROM place WHERE name = ?", new)[0][1]
    former = asked(own_path, "SELECT count(*) FROM place_name WHERE kind = 'former' AND name = ?", name)
    assert former[0][0] >= 1
    assert rows(own_path) != before
    undo_batch(own_index, batch, editor=BOSS)
    after = rows(own_path)
    assert [table for table in TABLES if after[table] != before[table]] == []


def test_only_what_was_chosen_follows(own_index: Index, own_path: Path) -> None:
    uuid, version = of_division(own_path, "高里街道")
    rename(own_index, "divisions", uuid, "新里街道", ["namesake", "stakes"], version=version, editor=BOSS)
    assert asked(own_path, "SELECT count(*) FROM place WHERE name = '新里街道'") == [(1,)]
    assert asked(own_path, "SELECT count(*) FROM stake WHERE location LIKE '%高里街道%'") == [(0,)]
    assert asked(own_path, "SELECT count(*) FROM facility WHERE address LIKE '%新里街道%'") == [(0,)]
    assert asked(own_path, "SELECT count(*) FROM place WHERE name LIKE '新里%村委会'") == [(0,)]


def test_lines_follow_their_county_in_every_spelling(own_index: Index, own_path: Path) -> None:
    uuid, _ = of_division(own_path, "寒亭区")
    items = preview(own_index, "divisions", uuid, "北亭区", editor=BOSS).group("lines").items
    assert items
    for item in items:
        for name, value in item.values.items():
            assert "寒亭" not in value, (item.label, name)
    named = next(item for item in items if "name" in item.values and item.table == "boundary_line")
    assert "北亭区" in named.values["name"]
    courses = [item.values["course"] for item in items if "course" in item.values]
    assert courses
    assert all("北亭" in course for course in courses)


def test_a_clerk_sees_what_their_roles_leave_out(own_index: Index, own_path: Path) -> None:
    uuid, version = of_division(own_path, "高里街道")
    found = preview(own_index, "divisions", uuid, "新里街道", editor=CLERK)
    assert not found.group("stakes").allowed
    assert found.group("addresses").allowed
    with pytest.raises(NotAllowed):
        rename(own_index, "divisions", uuid, "新里街道", ["stakes"], version=version, editor=CLERK)
    assert of_division(own_path, "高里街道") == (uuid, version), "nothing was written"
    batch = rename(own_index, "divisions", uuid, "新里街道", ["addresses", "namesake"], version=version, editor=CLERK)
    undo_batch(own_index, batch, editor=CLERK)
    assert asked(own_path, "SELECT count(*) FROM facility WHERE address LIKE '%新里街道%'") == [(0,)]


def test_a_clerk_of_another_county_may_not(own_index: Index, own_path: Path) -> None:
    uuid, version = of_division(own_path, "高里街道")
    other = Editor("eva", Reader(frozenset({"clerk"}), frozenset({"370725"})))
    assert preview(own_index, "divisions", uuid, "新里街道", editor=other).group("addresses").withheld > 0
    with pytest.raises(NotAllowed):
        rename(own_index, "divisions", uuid, "新里街道", [], version=version, editor=other)


def test_somebody_was_faster(own_index: Index, own_path: Path) -> None:
    uuid, version = of_division(own_path, "高里街道")
    rename(own_index, "divisions", uuid, "新里街道", [], version=version, editor=BOSS)
    with pytest.raises(EditConflict):
        rename(own_index, "divisions", uuid, "旧里街道", [], version=version, editor=BOSS)


def test_what_cannot_be(own_index: Index, own_path: Path) -> None:
    uuid, version = of_division(own_path, "高里街道")
    for new in ("", "很" * 101):
        with pytest.raises(BadRenaming):
            preview(own_index, "divisions", uuid, new, editor=BOSS)
    for groups in (["moon"], ["codes"]):
        with pytest.raises(BadRenaming):
            rename(own_index, "divisions", uuid, "新里街道", groups, version=version, editor=BOSS)
    assert of_division(own_path, "高里街道") == (uuid, version)


def test_facilities_are_not_renamed_here(own_index: Index) -> None:
    with pytest.raises(BadRenaming):
        preview(own_index, "facilities", "x", "y", editor=BOSS)
