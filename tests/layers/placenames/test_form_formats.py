"""Every field of the registration form, and of the ministry's lookup, goes out and comes in again in each format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from layers import days
from layers.access import ADMINISTRATOR, LOCAL_EDITOR, Reader
from layers.catalogue import layer_named
from layers.export import export_layer
from layers.features import frame
from layers.filters import Filters
from layers.index import Index
from layers.ingest.importing import import_file
from layers.ingest.model import FieldMapping
from layers.placenames.exported import with_names
from layers.placenames.formbook import write_book
from layers.placenames.lookup import Asked, search
from layers.provenance import about
from layers.register import Register, create_register

FIELDS: dict[str, Any] = {
    "name": "弥河", "map_name": "弥河（图）", "ethnic_name": "ᠮᠢ", "language": "汉语", "roman": "Mí Hé",
    "generic_roman": "Hé",
    "specific": "弥", "generic": "河", "major": "water", "class_code": "12100", "place_code": "37078100012100000001",
    "county_code": "370781", "town_code": "370781001", "village_code": "370781001005", "spans": "青州市、寿光市",
    "to_lon": 118.9, "to_lat": 37.1, "coordinate_system": "CGCS2000", "measured_by": "surveyed", "usage": "current",
    "named_in": "汉代", "established": "1950年", "abolished": "1999年", "survey_state": "corrected",
    "origin": "来自古名",
    "meaning": "水大", "history": "历代沿用", "description": "源自沂山", "attributes": {"length_km": 206.5},
    "map_sheet": "J50E001", "map_scale": "1:50000", "registered_by": "某人", "registered_at": "2017-06-02",
    "registered_unit": "某单位", "national_id": "5746d76b8d5150589460729e1a28e3e3", "source": "测试", "note": "备注语",
}  # fmt: skip
NAMES = {("alias", "弥水"), ("alias", "朐弥"), ("abbreviation", "弥"), ("former", "巨洋水"), ("former", "巨昧水")}


def made(path: Path) -> Register:
    register = create_register(path)
    with register.writing() as connection:
        area = shapely.MultiPolygon([shapely.box(118, 36, 119, 37.5)])
        for code, name, level, town in (
            ("370781", "青州市", "county", None), ("370781001", "王府街道", "town", None),
            ("370781001005", "东夏村", "village", "370781001"),
        ):  # fmt: skip
            uuid = register.insert(
                connection, "division",
                {"code": code, "name": name, "level": level, "county_code": "370781", "town_code": town, "inside": True,
                 "parent_code": None if level == "county" else code[:6], "geom": shapely.Point(118.5, 36.7)},
            )  # fmt: skip
            if level == "county":
                values = {"division_uuid": uuid, "code": code, "name": name, "level": level, "geom": area}
                register.insert(connection, "division_area", values)
        for code, title, major in (("12100", "河流", "water"), ("22200", "农村居民点", "settlement")):
            register.insert(connection, "place_class", {"code": code, "title": title, "major": major})
    return register


CLERK = Reader(frozenset({"clerk"}))


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Register]:
    with made(tmp_path / "source.gpkg") as register:
        with register.writing() as connection:
            uuid = register.insert(connection, "place", {**FIELDS, "geom": shapely.Point(118.5, 36.7)})
            for kind, name in sorted(NAMES):
                register.insert(connection, "place_name", {"place_uuid": uuid, "kind": kind, "name": name})
            values = {"place_uuid": uuid, "kind": "alias", "name": "密称", "secrecy": "secret"}
            register.insert(connection, "place_name", values)
        yield register


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Register]:
    with made(tmp_path / "target.gpkg") as register:
        yield register


def held(register: Register) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    with register.reading() as connection:
        (place,) = register.frame(connection, "place").to_dict("records")
        names = register.frame(connection, "place_name")
    return place, set(zip(names["kind"], names["name"], strict=True))


def require_same(register: Register, *, but: frozenset[str] = frozenset()) -> None:
    place, names = held(register)
    found = {name: place[name] for name in FIELDS if name not in but}
    assert found == {name: value for name, value in FIELDS.items() if name not in but}
    assert place["geom"].equals_exact(shapely.Point(118.5, 36.7), 1e-9)
    assert names == NAMES


@pytest.mark.parametrize(
    ("form", "ending", "encoding"),
    [("gpkg", "gpkg", "utf-8"), ("shp", "zip", "utf-8"), ("shp", "zip", "gb18030"), ("geojson", "geojson", "utf-8")],
)
def test_what_is_exported_comes_in_whole(
    source: Register, target: Register, tmp_path: Path, form: str, ending: str, encoding: str
) -> None:
    index, layer = Index(source), layer_named("place-names")
    records, seq = frame(index, layer.key, reader=CLERK, filters=Filters())  # who sees every field, not the secret name
    path = tmp_path / f"out.{ending}"
    export_layer(
        with_names(index, layer, records, reader=CLERK), layer, format=form, encoding=encoding, target=path,
        about=about(index, day=days.today(), seq=seq),
    )  # fmt: skip
    import_file(target, "place-names", path, FieldMapping(), editor=LOCAL_EDITOR("x"))
    require_same(target)


def test_the_forms_workbook_comes_in_as_an_ordinary_import_too(
    source: Register, target: Register, tmp_path: Path
) -> None:
    index = Index(source)
    path = tmp_path / "form.xlsx"
    with source.writing() as connection:  # what only administrators see is left out of this comparison
        names = source.frame(connection, "place_name")
        source.delete(connection, "place_name", names.loc[names["name"] == "密称", "uuid"].iloc[0])
    write_book(index, path, reader=ADMINISTRATOR, filters=Filters(), about=about(index, day=days.today()))
    import_file(target, "place-names", path, FieldMapping(layer="地名登记表"), editor=LOCAL_EDITOR("x"))
    # one column for each attribute, not their object: that comes back through the merge of the form
    require_same(target, but=frozenset({"attributes"}))


def test_what_the_lookup_answers_comes_in(source: Register, target: Register, tmp_path: Path) -> None:
    (record,) = search(Index(source), Asked(name="弥河")).records
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(record))
    sheet.append([json.dumps(value) if isinstance(value, dict) else value for value in record.values()])
    record["gdm"]["coordinates"].pop()  # a place of the register is one point
    sheet.cell(2, list(record).index("gdm") + 1).value = json.dumps(record["gdm"])
    path = tmp_path / "lookup.xlsx"
    book.save(path)
    import_file(target, "place-names", path, FieldMapping(), editor=LOCAL_EDITOR("x"))
    place, names = held(target)
    for name in (
        "name",
        "roman",
        "ethnic_name",
        "class_code",
        "place_code",
        "county_code",
        "origin",
        "meaning",
        "history",
    ):
        assert place[name] == FIELDS[name], name
    assert names == {(kind, name) for kind, name in NAMES if kind == "former"}
    assert place["geom"].equals(shapely.Point(118.5, 36.7))
