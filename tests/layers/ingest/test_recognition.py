"""Headings mean what forms, lookups and offices mean by them, however they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.vectorfile.text import shorten_names
from layers.catalogue import LAYERS
from layers.ingest.model import BadMapping, FieldMapping, Reading
from layers.ingest.recognition import recognise, taken, targets_of, with_points
from layers.records import SUBJECTS, record_fields
from layers.records.tables import headings


def reading(columns: dict[str, list[Any]] | list[str], **others: Any) -> Reading:
    """A file with these columns; texts where only headings are given."""
    given_columns = columns if isinstance(columns, dict) else {heading: ["甲"] for heading in columns}
    frame = pd.DataFrame({
        heading: pd.Series(cells, dtype="str" if all(isinstance(cell, str | None) for cell in cells) else None)
        for heading, cells in given_columns.items()
    })  # fmt: skip
    values: dict[str, Any] = {
        "file": "t.csv",
        "format": "csv",
        "layer": "t",
        "layers": ("t",),
        "frame": frame,
        "rows": np.arange(2, 2 + len(frame)),
        "geometry": None,
        "epsg": None,
        "encoding": "utf-8",
        "encoding_from": "detected",
    }
    return Reading(**{**values, **others})


def targets(subject: str, columns: Any, **others: Any) -> dict[str, str]:
    """What is recognised."""
    return recognise(subject, reading(columns, **others), FieldMapping()).targets


FORM = {
    "标准名称*": "name",
    "别名": "@name:alias",
    "简称": "@name:abbreviation",
    "曾用名": "@name:former",
    "图上名称": "map_name",
    "民族文字": "ethnic_name",
    "语种": "language",
    "通名罗马字母拼写": "generic_roman",
    "至东经": "to_lon",
    "至北纬": "to_lat",
    "坐标系": "coordinate_system",
    "测量方法": "measured_by",
    "命名时间": "named_in",
    "普查状态": "survey_state",
    "图号": "map_sheet",
    "比例尺": "map_scale",
    "罗马字母拼写*": "roman",
    "类别*": "@class",
    "所在（跨）行政区*": "@division",
    "东经": "@lon",
    "北纬": "@lat",
    "使用时间*": "usage",
    "设立年份": "established",
    "废止年份": "abolished",
    "地名的来历": "origin",
    "地名的含义*": "meaning",
    "历史沿革*": "history",
    "地理实体描述*": "description",
    "密级": "secrecy",
    "资料来源": "source",
    "登记人*": "registered_by",
    "登记时间*": "registered_at",
    "登记单位*": "registered_unit",
    "备注": "note",
    "专名": "specific",
    "通名": "generic",
}
LOOKUP = {
    "id": "national_id",
    "place_code": "place_code",
    "standard_name": "name",
    "roman_alphabet_spelling": "roman",
    "ethnic_minorities_writing": "ethnic_name",
    "place_type": "@class",
    "place_type_code": "class_code",
    "province_name": "@division:province",
    "city_name": "@division:city",
    "area": "county_code",
    "area_name": "@division:county",
    "gdm": "@geojson",
    "old_name": "@name:former",
    "place_origin": "origin",
    "place_meaning": "meaning",
    "place_history": "history",
}
STAKES = {
    "JZBH": "number",
    "JXDM": "@line",
    "ZZB": "@north",
    "HZB": "@east",
    "GC": "height_m",
    "JZDJ": "grade",
    "JZLX": "kind",
    "JZCZ": "material",
    "所在地": "location",
}
LINES = {
    "JXDM": "code",
    "JXCD": "declared_length_m",
    "QTXX": "course",
    "界线名称": "name",
    "起点": "start_name",
    "终点": "end_name",
}
OFFICE = {
    "机构名称": "name",
    "机构类型": "kind",
    "床位数（张）": "beds",
    "护理型\n床位数": "nursing_beds",
    "入住老人数": "residents",
    "详细地址": "address",
    "联系电话": "office_phone",
    "开办时间": "opened",
    "所属县（市、区）": "@division:county",
    "所属镇街": "@division:town",
    "运营机构": "operator",
    "统一社会信用代码": "credit_code",
    "经度": "@lon",
    "纬度": "@lat",
}
POPULATION = {
    "行政区划代码": "code",
    "名称": "name",
    "常住人口（人）": "population",
    "60岁以上": "aged_60",
    "65岁及以上人口": "aged_65",
}


@pytest.mark.parametrize(
    ("subject", "words"),
    [("place-names", FORM), ("place-names", LOOKUP), ("stakes", STAKES), ("lines", LINES), ("facilities", OFFICE),
     ("population", POPULATION), ("place-names", {"name": "name", "type": "@class"})],
)  # fmt: skip
def test_headings_of_forms_lookups_and_offices(subject: str, words: dict[str, str]) -> None:
    found = recognise(subject, reading(list(words)), FieldMapping())
    assert found.targets == words
    assert found.unknown == ()


def test_degrees_of_stakes() -> None:
    assert targets("stakes", ["JD", "WD"]) == {"JD": "@lon", "WD": "@lat"}


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("naming", ["name", "short", "title_zh", "title_en"])
def test_our_exports_are_recognised_whole(subject: str, naming: str) -> None:
    if naming == "short" and SUBJECTS[subject].key == "population":
        return
    fields = SUBJECTS[subject].fields
    words = {getattr(field, naming): field.name for field in fields}
    assert len(words) == len(fields)
    assert targets(subject, list(words)) == words


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("spell", [str.upper, str.title, lambda text: f" {text}* ", lambda text: f"{text}（必填）",
                                   "\n".join, lambda text: f"3、{text}"])  # fmt: skip
def test_every_heading_of_the_tables_is_recognised_however_it_is_written(subject: str, spell: Any) -> None:
    known = set(targets_of(SUBJECTS[subject]))
    for target, words in headings(SUBJECTS[subject].layer).items():
        if target in known:
            for word in words:
                if word in ("id", "area") or (spell("a").startswith("3") and not word[0].isalpha()):
                    continue
                found = recognise(subject, reading([spell(word)]), FieldMapping())
                first = next(other for other, others in _ordered(subject, known) if word in others)
                assert found.targets == {spell(word): first}, (word, spell(word))


def _ordered(subject: str, known: set[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The targets that claim a word, the one first that a field's title or name makes surer."""
    fields = [(field.name, (field.name, field.title_zh, field.title_en)) for field in SUBJECTS[subject].fields]
    rest = [(target, words) for target, words in headings(SUBJECTS[subject].layer).items() if target in known]
    return [*fields, *sorted(rest, key=lambda item: item[0].startswith("@"))]


def test_words_of_the_lookup_mean_nothing_without_it() -> None:
    found = recognise("place-names", reading(["id", "name", "area", "city"]), FieldMapping())
    assert found.targets == {"name": "name"}
    assert set(found.unknown) == {"id", "area", "city"}


def test_what_nobody_knows_is_told_and_what_is_left_out_too() -> None:
    found = recognise("facilities", reading(["机构名称", "序号", "法定代表人", "评定星级"]), FieldMapping())
    assert found.targets == {"机构名称": "name"}
    assert found.unknown == ("评定星级",)
    assert found.left == ("序号", "法定代表人")


def test_two_headings_for_one_field() -> None:
    columns = {"地址": [None, "乙"], "详细地址": ["甲", "乙"], "机构名称": ["一", "二"]}
    found = recognise("facilities", reading(columns), FieldMapping())
    # 地址 is the field's own title
    assert found.targets == {"地址": "address", "机构名称": "name"}
    assert [(noted.finding.rule, noted.value, noted.field) for noted in found.doubts] == [
        ("heading-twice", "详细地址", "address")
    ]
    assert "“地址”" in found.doubts[0].finding.message
    fuller = recognise("facilities", reading({"机构地址": [None, "乙"], "详细地址": ["甲", "乙"]}), FieldMapping())
    assert fuller.targets == {"详细地址": "address"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("subject", ["place-names", "facilities", "lines", "stakes", "divisions"])
def test_titles_cut_for_a_shapefile(subject: str, encoding: str) -> None:
    titles = {field.title_zh: field.name for field in SUBJECTS[subject].fields if field.stored}
    short = shorten_names(list(titles), encoding)
    found = recognise(subject, reading(list(short.values()), format="shp"), FieldMapping())
    wrong = {head: (target, titles[title]) for title, head in short.items()
             if (target := found.targets.get(head)) not in (titles[title], None)
             # a line's id is understood where a line's code or name is asked for
             and (target, titles[title]) != ("@line", "line_uuid")}  # fmt: skip
    assert wrong == {}
    assert len(found.targets) >= len(titles) - 3


def test_names_cut_by_gdal() -> None:
    columns = ["name", "county_cod", "registered", "register_1", "register_2", "descriptio"]
    assert targets("place-names", columns, format="shp") == {
        "name": "name", "county_cod": "county_code", "registered": "registered_by", "register_1": "registered_at",
        "register_2": "registered_unit", "descriptio": "description",
    }  # fmt: skip


def test_cut_names_are_told() -> None:
    found = recognise("place-names", reading(["标准名", "罗马字", "地名代"], format="shp"), FieldMapping())
    assert found.targets == {"标准名": "name", "罗马字": "roman", "地名代": "place_code"}
    assert {noted.finding.rule for noted in found.doubts} == {"heading-cut"}
    assert recognise("place-names", reading(["标准名"]), FieldMapping()).targets == {}


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([118.4, 118.6], [36.7, 36.8], ("@lon", "@lat")),
        ([36.7, 36.8], [118.4, 118.6], ("@lat", "@lon")),
        ([4064705.8, 4064800.0], [419585.3, 419600.0], ("@north", "@east")),
        ([40419585.3, 40419600.0], [4064705.8, 4064800.0], ("@east", "@north")),
    ],
)
def test_columns_x_and_y_hold_what_their_numbers_say(x: list[float], y: list[float], expected: tuple[str, str]) -> None:
    assert tuple(targets("stakes", {"X": x, "Y": y}).values()) == expected
    texts = {"X坐标": [str(one) for one in x], "Y坐标": [str(one) for one in y]}
    assert tuple(targets("facilities", texts).values()) == expected


def test_the_mapping_goes_before() -> None:
    file = reading(["机构名称", "地址", "详细地址", "老人数"])
    mapping = FieldMapping(
        columns={"详细地址": "address", "机构名称": "", "老人数": "residents", "电话": "office_phone"}
    )
    found = recognise("facilities", file, mapping)
    assert found.targets == {"详细地址": "address", "老人数": "residents"}
    assert found.left == ("机构名称", "地址")
    assert [noted.finding.rule for noted in found.doubts] == ["heading-absent"]


@pytest.mark.parametrize(
    "mapping",
    [
        FieldMapping(columns={"机构名称": "altitude"}),
        FieldMapping(columns={"机构名称": "@class"}),
        FieldMapping(constants={"nobody": "x"}),
        FieldMapping(columns={"机构名称": "name", "地址": "name"}),
    ],
)
def test_a_mapping_of_what_there_is_not_is_refused(mapping: FieldMapping) -> None:
    with pytest.raises(BadMapping):
        recognise("facilities", reading(["机构名称", "地址"]), mapping)


def test_what_is_taken() -> None:
    file = reading({"机构名称": ["甲院", None], "类型": ["A类", "b类"], "经度": ["118.4", "118.5"], "电话": ["1", "2"]})
    mapping = FieldMapping(
        columns={"电话": ""}, constants={"county_code": "370781"}, values={"kind": {"a 类": "养老院"}}
    )
    texts = taken(file, recognise("facilities", file, mapping), mapping)
    assert list(texts.columns) == ["name", "kind", "county_code"]
    assert texts["kind"].tolist() == ["养老院", "b类"]
    assert texts["county_code"].tolist() == ["370781", "370781"]
    assert texts["name"].isna().tolist() == [False, True]


def test_points_as_the_lookup_writes_them() -> None:
    point = '{"type":"MultiPoint","coordinates":[[118.47,36.68]]}'
    two = '{"type":"MultiPoint","coordinates":[[118.47,36.68],[118.5,36.7]]}'
    cells = [
        point,
        None,
        "",
        "无",
        "{",
        "[" * 5000,
        two,
        '{"type":"Point","coordinates":[1]}',
        '{"type":"Feature","geometry":' + point + "}",
    ]
    file = reading({"standard_name": ["甲"] * len(cells), "gdm": cells})
    placed = with_points(file, recognise("place-names", file, FieldMapping()))
    assert placed.epsg == 4490
    assert placed.geometry is not None
    assert placed.geometry[0] == shapely.Point(118.47, 36.68)
    assert placed.geometry[6].geom_type == "MultiPoint"
    assert placed.geometry[8] == shapely.Point(118.47, 36.68)
    assert [place is None for place in placed.geometry] == [False, True, True, True, True, True, False, True, False]
    own = reading({"gdm": [point]}, geometry=np.array([shapely.Point(1, 2)]), epsg=4326)
    assert with_points(own, recognise("place-names", own, FieldMapping())) is own


@settings(max_examples=100, deadline=None)
@given(
    subject=st.sampled_from(sorted(SUBJECTS)),
    heads=st.lists(st.text(max_size=12), min_size=1, max_size=5, unique=True),
    kind=st.sampled_from(["csv", "shp"]),
)
def test_any_heading_is_taken_left_or_told(subject: str, heads: list[str], kind: str) -> None:
    found = recognise(subject, reading(heads, format=kind), FieldMapping())
    assert sorted([*found.targets, *found.unknown, *found.left]) == sorted(heads)
    assert len(set(found.targets.values())) == len(found.targets)


def test_layers_have_no_field_named_like_a_target() -> None:
    assert not [field.name for key in LAYERS for field in record_fields(key) if field.name.startswith("@")]
