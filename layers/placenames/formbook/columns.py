"""The columns of the book: the registration form's fields in its order, then what the register has beside, then the
attributes of the classes that are in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from layers.placenames.attributes import Attribute, attributes_of, classes_with_attributes
from layers.records import RecordField, record_field

Kind = Literal["text", "number", "choice", "class", "division", "names", "locked", "attribute"]

ID, VERSION, CHECK = "标识", "版本", "校验"
NAME_KINDS: Final = ("alias", "abbreviation", "former")
"""The kinds of further names that the form asks for."""
SEPARATOR: Final = "；"
"""Between several names in one cell."""

_ATTRIBUTE: Final = re.compile(r"^.*\[([a-z0-9_]+)\]$")


@dataclass(frozen=True)
class BookColumn:
    """One column.

    Parameters
    ----------
    key
        The register's field, ``lon`` or ``lat``, ``class``, ``division``, ``names:`` and a kind, ``attr:`` and a key.
    title
        The heading, without the asterisk of what is mandatory.
    attribute
        Of an attribute of classes, one of those that share the key.
    """

    key: str
    title: str
    kind: Kind
    width: int = 14
    required: bool = False
    attribute: Attribute | None = None

    @property
    def heading(self) -> str:
        """As it stands in the first row."""
        return f"{self.title}*" if self.required else self.title

    @property
    def field(self) -> RecordField:
        """The register's field of a column that has one; KeyError where it has none."""
        return record_field("place-names", self.key)


FORM: Final[tuple[BookColumn, ...]] = (
    BookColumn("name", "标准名称", "text", 22, required=True),
    BookColumn("names:alias", "别名", "names"),
    BookColumn("names:abbreviation", "简称", "names"),
    BookColumn("names:former", "曾用名", "names"),
    BookColumn("map_name", "图上名称", "text"),
    BookColumn("ethnic_name", "民族文字", "text"),
    BookColumn("language", "语种", "text", 10),
    BookColumn("roman", "罗马字母拼写", "text", 24, required=True),
    BookColumn("generic_roman", "通名罗马字母拼写", "text", 16),
    BookColumn("class", "类别", "class", 20, required=True),
    BookColumn("division", "所在行政区", "division", 34, required=True),
    BookColumn("spans", "跨行政区", "text", 18),
    BookColumn("lon", "东经", "number", 12),
    BookColumn("to_lon", "至东经", "number", 12),
    BookColumn("lat", "北纬", "number", 12),
    BookColumn("to_lat", "至北纬", "number", 12),
    BookColumn("coordinate_system", "坐标系", "text"),
    BookColumn("measured_by", "测量方法", "choice", 10),
    BookColumn("usage", "使用时间", "choice", 10, required=True),
    BookColumn("named_in", "命名时间", "text"),
    BookColumn("established", "设立年份", "text"),
    BookColumn("abolished", "废止年份", "text"),
    BookColumn("survey_state", "普查状态", "choice", 10),
    BookColumn("origin", "来历", "text", 30),
    BookColumn("meaning", "含义", "text", 30, required=True),
    BookColumn("history", "历史沿革", "text", 30, required=True),
    BookColumn("description", "地理实体描述", "text", 40, required=True),
    BookColumn("secrecy", "密级", "choice", 8),
    BookColumn("map_sheet", "图号", "text"),
    BookColumn("map_scale", "比例尺", "text", 10),
    BookColumn("media", "多媒体", "locked", 10),
    BookColumn("source", "资料来源", "text", 18),
    BookColumn("registered_by", "登记人", "text", 10, required=True),
    BookColumn("registered_at", "登记时间", "text", 12, required=True),
    BookColumn("registered_unit", "登记单位", "text", 18, required=True),
    BookColumn("note", "备注", "text", 20),
    BookColumn("specific", "专名", "text", 14),
    BookColumn("generic", "通名", "text", 8),
    BookColumn("major", "地名大类", "choice", 16),
    BookColumn("place_code", "地名代码", "text", 22),
    BookColumn("national_id", "国家库标识", "text", 20),
)
"""The form's fields in its order; from 专名 on what the register keeps beside."""

_BY_TITLE: Final[Mapping[str, BookColumn]] = {column.title: column for column in FORM}


def stored() -> tuple[str, ...]:
    """The register's columns that the book is made of, beside uuid, version and geom."""
    own = (column.key for column in FORM if column.kind in ("text", "number", "choice"))
    names = [*(key for key in own if key not in ("lon", "lat")), "class_code", "county_code", "town_code"]
    return (*names, "village_code", "attributes")


def attribute_columns(class_codes: Iterable[str | None]) -> tuple[BookColumn, ...]:
    """A column for each attribute that the form asks of any of the classes."""
    found: dict[str, Attribute] = {}
    for code in sorted({code for code in class_codes if isinstance(code, str)}):
        for one in attributes_of(code):
            found.setdefault(one.key, one)
    return tuple(_attribute_column(one) for one in found.values())


def _attribute_column(one: Attribute) -> BookColumn:
    unit = f"（{one.unit}）" if one.unit else ""
    return BookColumn(f"attr:{one.key}", f"属性：{one.title_zh}{unit}[{one.key}]", "attribute", 16, attribute=one)


def choice_titles(key: str) -> list[str]:
    """The titles of an attribute's choices, of all classes that have it."""
    of_classes = (one for some in classes_with_attributes().values() for one in some if one.key == key)
    return list(dict.fromkeys(choice.title_zh for one in of_classes for choice in one.choices))


def column_of(heading: str) -> BookColumn | None:
    """The column of a heading in a file, None where it is none of the book's."""
    found = _BY_TITLE.get(heading.removesuffix("*").removesuffix("＊"))
    if found is not None:
        return found
    match = _ATTRIBUTE.match(heading) if heading.startswith("属性") else None
    if match is None:
        return None
    for some in classes_with_attributes().values():
        for one in some:
            if one.key == match.group(1):
                return _attribute_column(one)
    return None
