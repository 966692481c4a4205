"""What is not public is in no answer to the public: neither itself, nor what belongs to it, nor its names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from layers import days
from layers.access import PUBLIC, Reader
from layers.features import UnknownFeature, counts, division_names, feature, frame, listed
from layers.filters import Filters, UnknownClass
from layers.index import Index
from layers.register import Register, create_register
from layers.search import Search

HERE = shapely.Point(119, 36)
LINE = shapely.LineString([(119, 36), (119.1, 36)])
AREA = shapely.MultiPolygon([shapely.box(119, 36, 119.1, 36.1)])
CLERK = Reader(roles=frozenset({"clerk"}))
TODAY = days.today()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        yield made


def put(register: Register, table: str, **values: object) -> str:
    with register.writing() as connection:
        return register.insert(connection, table, {"geom": HERE, **values} if table != "place_name" else values)


def seen(index: Index, key: str, reader: Reader = PUBLIC) -> int:
    return int(index.layer(key).seen(reader=reader, asof=TODAY).sum())


@pytest.mark.parametrize(
    ("key", "table", "owner", "field", "geometry"),
    [
        ("place-lines", "place_line", "place", "place_uuid", shapely.MultiLineString([LINE])),
        ("place-areas", "place_area", "place", "place_uuid", AREA),
        ("stakes", "stake", "boundary_line", "line_uuid", HERE),
        ("boundary-points", "boundary_point", "boundary_line", "line_uuid", HERE),
        ("division-areas", "division_area", "division", "division_uuid", AREA),
    ],
)
def test_what_belongs_to_a_record_is_as_secret_as_it(
    register: Register, key: str, table: str, owner: str, field: str, geometry: shapely.Geometry
) -> None:
    index = Index(register)
    ours = put(register, owner, name="甲", geom=LINE if owner == "boundary_line" else HERE)
    uuid = put(register, table, **{field: ours}, geom=geometry)
    put(register, table, geom=geometry)
    assert seen(index, key) == 2
    with register.writing() as connection:
        register.update(connection, owner, ours, {"secrecy": "internal"})
    assert (seen(index, key), seen(index, key, CLERK)) == (1, 2)
    assert seen(Index(register), key) == 1
    assert len(frame(index, key, reader=PUBLIC, filters=Filters())[0]) == 1
    with pytest.raises(UnknownFeature):
        feature(index, key, uuid, reader=PUBLIC)
    with register.writing() as connection:
        register.update(connection, owner, ours, {"secrecy": "public"})
    assert seen(index, key) == 2


def test_a_change_elsewhere_leaves_the_extents_as_they_are(register: Register) -> None:
    index = Index(register)
    put(register, "place_line", geom=shapely.MultiLineString([LINE]))
    before = index.layer("place-lines")
    put(register, "place", name="别处")
    assert index.layer("place-lines") is before


def test_a_secret_further_name(register: Register) -> None:
    index = Index(register)
    place = put(register, "place", name="青州市", major="division")
    put(register, "place_name", place_uuid=place, name="公开名")
    put(register, "place_name", place_uuid=place, name="内部名", secrecy="internal")
    put(register, "place_name", place_uuid=place, name="藏而不露", is_public=False)
    with register.writing() as connection:
        register.update(connection, "place", place, {"major": "settlement"})

    def found(query: str, reader: Reader) -> int:
        return Search(index).find(query, reader=reader, asof=TODAY)[1]

    assert [one["name"] for one in feature(index, "place-names", place, reader=PUBLIC).names] == ["公开名"]
    assert len(feature(index, "place-names", place, reader=CLERK).names) == 3
    assert [found(name, PUBLIC) for name in ("公开名", "内部名", "藏而不露", "canger")] == [1, 0, 0, 0]
    assert [found(name, CLERK) for name in ("公开名", "内部名", "藏而不露")] == [1, 1, 1]


def test_a_class_that_only_secret_features_have(register: Register) -> None:
    index = Index(register)
    put(register, "facility", kind="bunker", name="甲", secrecy="secret")
    put(register, "facility", kind="canteen", name="乙")
    keys = [one.key for one in counts(index, "facilities", reader=PUBLIC, asof=TODAY)[1]]
    assert "canteen" in keys
    assert "bunker" not in keys
    with pytest.raises(UnknownClass) as caught:
        listed(index, "facilities", reader=PUBLIC, filters=Filters(classes=("nothing",)))
    assert "bunker" not in str(caught.value.params)
    assert listed(index, "facilities", reader=PUBLIC, filters=Filters(classes=("marriage",))).total == 0


def test_the_name_of_a_secret_division(register: Register) -> None:
    index = Index(register)
    put(register, "division", code="370799", name="拟设区", secrecy="internal")
    assert division_names(index, ["370799"], reader=PUBLIC) == {}
    assert division_names(index, ["370799"], reader=CLERK) == {"370799": "拟设区"}


def test_of_divisions_under_one_code_the_standing_one_gives_the_name(register: Register) -> None:
    index = Index(register)
    put(register, "division", code="370781", name="青州市")
    put(register, "division", code="370781", name="益都县", valid_to="1986-03-01")
    assert division_names(index, ["370781"], reader=PUBLIC) == {"370781": "青州市"}


def test_who_registered_a_public_name_is_for_the_office_alone(register: Register) -> None:
    index = Index(register)
    uuid = put(register, "place", name="弥河", registered_by="某人", registered_unit="某局")
    for reader, said in ((PUBLIC, None), (CLERK, "某人")):
        assert feature(index, "place-names", uuid, reader=reader).record["registered_by"] == said
        found = frame(index, "place-names", reader=reader, filters=Filters())[0]
        assert found["registered_by"].isna().tolist() == [said is None]
        assert found["registered_unit"].tolist() == ["某局"]
