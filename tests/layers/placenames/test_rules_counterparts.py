"""Rules for what is missing beside a name."""

from __future__ import annotations

import uuid

from layers.catalogue import LAYERS
from layers.placenames.checking import check_register, read_orphans
from layers.placenames.rules.facts import Orphan
from layers.register import TABLES
from tests.layers.placenames.rows import EAST, EAST_TOWN, STREET, TOWN, VILLAGE, WEST, committee, facts, found


def _town(name: str, county: str, code: str) -> dict[str, object]:
    return {"name": name, "class_code": "21500", "major": "division", "county_code": county, "town_code": code}


def test_divisions_without_a_place_name():
    rows = [
        {
            "name": "潍坊市",
            "class_code": "21300",
            "county_code": None,
            "town_code": None,
            "place_code": "37070000021300000001",
        },
        {"name": "青州市", "class_code": "21400", "town_code": None},
        _town("弥河镇", WEST, TOWN),
        _town("王府街道", WEST, STREET),
        {"name": "五井经济开发区", "class_code": "21730", "county_code": EAST, "town_code": EAST_TOWN},
        committee("上院村委会", "村委会"),
        {"name": "下院村", "class_code": "21610", "village_code": "370781100202"},
    ]
    flaws = found("no-counterpart", *rows)
    assert [flaw.of for flaw in flaws] == [
        ("divisions", EAST),
        ("divisions", "370781002"),
        ("divisions", "370781001001"),
    ]
    assert flaws[2].params == {"code": "370781001001", "name": "青州市王府街道文化街社区居民委员会"}
    assert {flaw.row for flaw in flaws} == {-1}


def test_committees_without_a_division():
    (flaw,) = found("committee-orphaned", committee("上院村委会", "村委会", None), committee("上院村委会", "村委会"))
    assert (flaw.row, flaw.fix) == (0, {"village_code": VILLAGE})
    (flaw,) = found("committee-orphaned", committee("上院村村民委员会", "村民委员会", TOWN))
    assert (flaw.value, flaw.fix, flaw.candidates) == (TOWN, {}, ({"village_code": VILLAGE},))
    (flaw,) = found("committee-orphaned", committee("别处村委会", "村委会", None))
    assert (flaw.fix, flaw.candidates) == ({}, ())
    assert found("committee-orphaned", committee("上院村委会", "村委会", None, usage="historical")) == []
    assert found("committee-orphaned", committee("上院村委会", "村委会", "999999999999")) == []  # told by another rule


def test_names_other_than_the_divisions():
    (flaw,) = found("division-name-differs", committee("上园村委会", "村委会"))
    assert (flaw.params, flaw.candidates) == ({"listed": "上院村委会"}, ({"name": "上院村委会"},))
    village = {"name": "上院村", "class_code": "21610", "village_code": VILLAGE}
    assert found("division-name-differs", village) == []
    assert len(found("division-name-differs", village | {"name": "上园村"})) == 1
    assert found("division-name-differs", _town("弥河镇", WEST, TOWN)) == []
    assert len(found("division-name-differs", _town("弥河街道", WEST, TOWN))) == 1


def test_rows_whose_place_there_is_not():
    orphan = Orphan("place-lines", "l1", "弥河", "gone")
    (flaw,) = found("orphaned-name", {}, by=facts((orphan,)))
    assert (flaw.row, flaw.of, flaw.value, flaw.params) == (-1, ("place-lines", "l1"), "弥河", {"place": "gone"})


def test_orphans_of_every_table_are_read(small):
    gone = str(uuid.uuid4())
    with small.register.reading() as connection:
        assert read_orphans(connection) == ()
    raw = {
        "place_name": {"name": "旧名"}, "place_line": {"name": "某河"}, "place_area": {"name": "某湖"},
        "place_sign": {"name": "某牌"}, "article": {"title": "某事"},
    }  # fmt: skip
    with small.register.writing(who="test", why="orphans") as connection:
        for table, columns in raw.items():
            connection.execute(TABLES[table].insert().values(uuid=str(uuid.uuid4()), place_uuid=gone, **columns))
            connection.execute(TABLES[table].insert().values(uuid=str(uuid.uuid4()), place_uuid=None, **columns))
    with small.register.reading() as connection:
        found_here = read_orphans(connection)
        checked = [one for one in check_register(small.register, connection) if one.rule.key == "orphaned-name"]
    layer_of = {layer.table: layer.key for layer in LAYERS.values()}
    expected = [(layer_of.get(table, table), *columns.values(), gone) for table, columns in raw.items()]
    assert sorted((one.layer, one.name, one.place_uuid) for one in found_here) == sorted(expected)
    assert {"place-lines", "place-areas"} < {one.layer for one in found_here}
    assert sorted(one.uuid for one in checked) == sorted(one.uuid for one in found_here)
    assert {one.layer for one in checked} == {one.layer for one in found_here}
