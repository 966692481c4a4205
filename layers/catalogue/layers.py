"""The layers themselves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gis.errors import N_
from layers.catalogue.classes import FACILITY_KINDS, PLACE_MAJORS, Titled
from layers.catalogue.layer import Field, Layer, UnknownLayer

_UUID = Field("uuid", "str", "唯一标识", "Permanent id", "UUID")
_NAME = Field("name", "str", "名称", "Name", "NAME")
_ROMAN = Field("roman", "str", "罗马字母拼写", "Romanization", "ROMAN")
_COUNTY = Field("county_code", "str", "县级代码", "County code", "COUNTY")
_TOWN = Field("town_code", "str", "乡级代码", "Town code", "TOWN")
_VILLAGE = Field("village_code", "str", "村级代码", "Village code", "VILLAGE")
_RECORD = (
    Field("source", "str", "资料来源", "Source", "SOURCE"),
    Field("valid_from", "date", "起始日期", "Valid from", "VALIDFROM"),
    Field("valid_to", "date", "终止日期", "Valid to", "VALIDTO"),
    Field("note", "str", "备注", "Note", "NOTE"),
    Field("version", "int", "版本", "Version", "VERSION"),
    Field("changed", "datetime", "更新时间", "Changed", "CHANGED"),
)

BOUNDARY_LINES = Layer(
    key="boundary-lines",
    table="boundary_line",
    geometry="LineString",
    title_zh="行政区域界线",
    title_en="Boundary lines",
    classed_by="batch",
    depends=("inspection_task", "inspection_batch"),
    tiled=(
        ("uuid", "uuid"),
        ("name", "name"),
        ("short", "short_name"),
        ("inner", "inner"),
        ("status", "status"),
        ("batch", "batch"),
        ("len", "length_m"),
    ),
    indexed=("code", "left_code", "right_code"),
    fields=(
        _UUID,
        Field("code", "str", "界线代码", "Line code", "JXDM"),
        _NAME,
        Field("short_name", "str", "简称", "Short name", "SHORTNAME"),
        Field("grade", "str", "界线等级", "Grade", "GRADE"),
        Field("inner", "bool", "市内界线", "Inside the city", "INNER"),
        Field("batch", "int", "联检年度", "Inspection year", "BATCH"),
        Field("left_code", "str", "左侧代码", "Left side's code", "LEFTCODE"),
        Field("left_name", "str", "左侧名称", "Left side", "LEFTNAME"),
        Field("right_code", "str", "右侧代码", "Right side's code", "RIGHTCODE"),
        Field("right_name", "str", "右侧名称", "Right side", "RIGHTNAME"),
        Field("start_name", "str", "起点", "Start", "STARTNAME"),
        Field("end_name", "str", "终点", "End", "ENDNAME"),
        Field("length_m", "float", "量算长度", "Measured length", "LENGTH", unit="m"),
        Field("declared_length_m", "float", "界线长度", "Declared length", "JXCD", unit="m"),
        Field("declared_single", "int", "单立桩数", "Single stakes declared", "DLZS"),
        Field("declared_double", "int", "双立桩数", "Double stakes declared", "SLZS"),
        Field("declared_triple", "int", "三立桩数", "Triple stakes declared", "SANLZS"),
        Field("status", "str", "界线状态", "Status", "STATUS"),
        Field("disputed", "bool", "有无争议", "Disputed", "DISPUTED"),
        Field("course", "str", "走向说明", "Course", "QTXX"),
        *_RECORD,
    ),
)

DIVISIONS = Layer(
    key="divisions",
    table="division",
    geometry="Point",
    title_zh="行政区划",
    title_en="Divisions",
    classed_by="level",
    tiled=(
        ("uuid", "uuid"),
        ("code", "code"),
        ("name", "name"),
        ("level", "level"),
        ("rank", "label_rank"),
        ("inside", "inside"),
    ),
    indexed=(
        "roman",
        "kind",
        "parent_code",
        "county_code",
        "town_code",
        "population",
        "aged_60",
        "aged_65",
        "aged_80",
    ),
    fields=(
        _UUID,
        Field("code", "str", "区划代码", "Division code", "CODE"),
        _NAME,
        _ROMAN,
        Field("level", "str", "级别", "Level", "LEVEL"),
        Field("kind", "str", "类别", "Kind", "KIND"),
        Field("parent_code", "str", "上级代码", "Parent's code", "PARENT"),
        _COUNTY,
        _TOWN,
        Field("inside", "bool", "属潍坊市", "Inside the city", "INSIDE"),
        Field("population", "int", "人口", "Population", "POPULATION", unit="人"),
        Field("aged_60", "int", "60岁以上", "Aged 60 and over", "AGED60", unit="人"),
        Field("aged_65", "int", "65岁以上", "Aged 65 and over", "AGED65", unit="人"),
        Field("aged_80", "int", "80岁以上", "Aged 80 and over", "AGED80", unit="人"),
        Field("population_source", "str", "人口来源", "Source of the population", "POPSOURCE"),
        Field("position_source", "str", "位置来源", "Source of the position", "POSSOURCE"),
        *_RECORD,
    ),
)

PLACE_NAMES = Layer(
    key="place-names",
    table="place",
    geometry="Point",
    title_zh="地名",
    title_en="Place names",
    classed_by="major",
    thinned=True,
    tiled=(
        ("uuid", "uuid"),
        ("name", "name"),
        ("major", "major"),
        ("rank", "rank"),
        ("town", "town_code"),
        ("county", "county_code"),
    ),
    indexed=("roman", "generic", "village_code"),
    fields=(
        _UUID,
        Field("name", "str", "标准名称", "Standard name", "NAME"),
        Field("map_name", "str", "图上名称", "Name on maps", "MAPNAME"),
        Field("ethnic_name", "str", "民族文字", "Name in a minority's script", "ETHNICNAME"),
        Field("language", "str", "语种", "Language", "LANGUAGE"),
        _ROMAN,
        Field("generic_roman", "str", "通名罗马字母拼写", "Romanization of the generic part", "GENROMAN"),
        Field("specific", "str", "专名", "Specific part", "SPECIFIC"),
        Field("generic", "str", "通名", "Generic part", "GENERIC"),
        Field("major", "str", "地名大类", "Major class", "MAJOR"),
        Field("class_code", "str", "类别代码", "Class code", "CLASSCODE"),
        Field("place_code", "str", "地名代码", "Place-name code", "PLACECODE"),
        _COUNTY,
        _TOWN,
        _VILLAGE,
        Field("spans", "str", "跨行政区", "Divisions that it spans", "SPANS"),
        Field("to_lon", "float", "至东经", "To longitude", "TOLON", unit="°"),
        Field("to_lat", "float", "至北纬", "To latitude", "TOLAT", unit="°"),
        Field("coordinate_system", "str", "坐标系", "Coordinate system", "COORDSYS"),
        Field("measured_by", "str", "测量方法", "Measured by", "MEASUREDBY"),
        Field("rank", "int", "显示级别", "Rank", "RANK"),
        Field("usage", "str", "使用时间", "Use", "USAGE"),
        Field("named_in", "str", "命名时间", "Named in", "NAMEDIN"),
        Field("established", "str", "设立年份", "Established", "ESTABLISH"),
        Field("abolished", "str", "废止年份", "Abolished", "ABOLISH"),
        Field("survey_state", "str", "普查状态", "State of the survey", "SURVEYED"),
        Field("origin", "str", "地名来历", "Origin", "ORIGIN"),
        Field("meaning", "str", "地名含义", "Meaning", "MEANING"),
        Field("history", "str", "历史沿革", "History", "HISTORY"),
        Field("description", "str", "地理实体描述", "Description", "DESCRIPT"),
        Field("attributes", "json", "类别属性", "Attributes of the class", "ATTRS"),
        Field("map_sheet", "str", "图号", "Map sheet", "MAPSHEET"),
        Field("map_scale", "str", "比例尺", "Map scale", "MAPSCALE"),
        Field("registered_by", "str", "登记人", "Registered by", "REGBY"),
        Field("registered_at", "date", "登记时间", "Registered on", "REGON"),
        Field("registered_unit", "str", "登记单位", "Registering unit", "REGUNIT"),
        Field("national_id", "str", "国家库标识", "Id in the national database", "NATIONALID"),
        *_RECORD,
    ),
)

PLACE_SIGNS = Layer(
    key="place-signs",
    table="place_sign",
    geometry="Point",
    within=("place", "place_uuid"),
    title_zh="地名标志",
    title_en="Place-name signs",
    min_zoom=10,
    tiled=(("uuid", "uuid"), ("name", "name"), ("state", "state")),
    indexed=("place_uuid", "number", "kind", "county_code"),
    fields=(
        _UUID,
        Field("number", "str", "标志编号", "Sign number", "NUMBER"),
        Field("name", "str", "标注地名", "Place named", "NAME"),
        Field("place_uuid", "str", "地名标识", "Place's id", "PLACEUUID"),
        Field("text_shown", "str", "标志文字", "Text on the sign", "SHOWN"),
        Field("kind", "str", "标志类型", "Kind of sign", "KIND"),
        Field("material", "str", "材质", "Material", "MATERIAL"),
        _COUNTY,
        _TOWN,
        Field("state", "str", "标志状态", "Condition", "STATE"),
        Field("unit", "str", "设置单位", "Set up by", "UNIT"),
        Field("set_up", "date", "设置日期", "Set up on", "SETUP"),
        Field("checked_on", "date", "检查日期", "Checked on", "CHECKED"),
        *_RECORD,
    ),
)

STORIES = Layer(
    key="stories",
    table="article",
    geometry="Point",
    title_zh="地名故事",
    title_en="Stories of places",
    label="title",
    published=("state", "published"),
    tiled=(("uuid", "uuid"), ("name", "title")),
    indexed=("place_uuid", "theme", "state", "county_code"),
    fields=(
        _UUID,
        Field("title", "str", "标题", "Title", "TITLE"),
        Field("place_uuid", "str", "地名标识", "Place's id", "PLACEUUID"),
        Field("summary", "str", "摘要", "Summary", "SUMMARY"),
        Field("body", "str", "正文", "Text", "BODY"),
        Field("sources", "json", "参考来源", "Sources", "SOURCES"),
        Field("author", "str", "作者", "Author", "AUTHOR"),
        Field("theme", "str", "主题", "Theme", "THEME"),
        _COUNTY,
        _TOWN,
        Field("state", "str", "发布状态", "State", "STATE"),
        Field("published_on", "date", "发布日期", "Published on", "PUBLISHED"),
        *_RECORD,
    ),
)

FACILITIES = Layer(
    key="facilities",
    table="facility",
    geometry="Point",
    title_zh="民政服务设施",
    title_en="Facilities",
    classed_by="kind",
    thinned=True,
    starts=("valid_from", "opened"),
    ends=("valid_to", "closed"),
    tiled=(("uuid", "uuid"), ("name", "name"), ("kind", "kind"), ("county", "county_code")),
    indexed=("town_code", "village_code", "state"),
    fields=(
        _UUID,
        Field("kind", "str", "设施类别", "Kind", "KIND"),
        _NAME,
        _COUNTY,
        _TOWN,
        _VILLAGE,
        Field("address", "str", "地址", "Address", "ADDRESS"),
        Field("office_phone", "str", "办公电话", "Office phone", "PHONE"),
        Field("operator", "str", "运营单位", "Operator", "OPERATOR"),
        Field("beds", "int", "床位数", "Beds", "BEDS", unit="张"),
        Field("nursing_beds", "int", "护理型床位数", "Nursing beds", "NURSBEDS", unit="张"),
        Field("residents", "int", "入住人数", "Residents", "RESIDENTS", unit="人"),
        Field("capacity", "int", "服务容量", "Capacity", "CAPACITY", unit="人"),
        Field("state", "str", "状态", "State", "STATE"),
        Field("opened", "date", "启用日期", "Opened", "OPENED"),
        Field("closed", "date", "停用日期", "Closed", "CLOSED"),
        Field("position_source", "str", "位置来源", "Source of the position", "POSSOURCE"),
        Field("accuracy", "str", "位置精度", "Accuracy of the position", "ACCURACY"),
        Field("credit_code", "str", "统一社会信用代码", "Credit code", "CREDITCODE"),
        *_RECORD,
    ),
)

STAKES = Layer(
    key="stakes",
    table="stake",
    geometry="Point",
    within=("boundary_line", "line_uuid"),
    title_zh="界桩",
    title_en="Boundary stakes",
    classed_by="kind",
    label="number",
    min_zoom=7,
    tiled=(("uuid", "uuid"), ("name", "number"), ("kind", "kind"), ("line", "line_uuid")),
    fields=(
        _UUID,
        Field("number", "str", "界桩编号", "Stake number", "JZBH"),
        Field("code", "str", "界桩代码", "Stake code", "JZDM"),
        Field("line_uuid", "str", "所在界线标识", "Line's id", "LINEUUID"),
        Field("serial", "int", "序号", "Serial", "SERIAL"),
        Field("kind", "str", "界桩类型", "Kind", "JZLX"),
        Field("type_letter", "str", "类型字母", "Type letter", "TYPE"),
        Field("grade", "str", "界桩等级", "Grade", "JZDJ"),
        Field("material", "str", "界桩材质", "Material", "JZCZ"),
        Field("size", "str", "界桩规格", "Size", "JZGG"),
        Field("lettering", "str", "碑面文字", "Lettering", "LETTERING"),
        Field("height_m", "float", "高程", "Height", "GC", unit="m"),
        Field("height_system", "str", "高程基准", "Height datum", "GCJZ"),
        Field("accuracy_m", "float", "点位中误差", "Mean error of position", "ACCURACY", unit="m"),
        Field("chainage_m", "float", "里程", "Chainage", "CHAINAGE", unit="m"),
        Field("location", "str", "所在地", "Location", "LOCATION"),
        Field("description", "str", "位置说明", "Description of the position", "DESCRIPT"),
        Field("reference_features", "json", "方位物", "Reference features", "REFERENCE"),
        Field("set_up", "date", "埋设日期", "Set up on", "SETUP"),
        Field("set_by", "str", "埋设单位", "Set up by", "SETBY"),
        Field("registered_by", "str", "登记人", "Registered by", "REGBY"),
        Field("registered_on", "date", "登记日期", "Registered on", "REGON"),
        *_RECORD,
    ),
)

TRIPOINTS = Layer(
    key="tripoints",
    table="tripoint",
    geometry="Point",
    title_zh="三交点",
    title_en="Tripoints",
    tiled=(("uuid", "uuid"), ("name", "name"), ("inner", "inner")),
    indexed=("codes",),
    fields=(
        _UUID,
        Field("code", "str", "三交点代码", "Tripoint code", "CODE"),
        _NAME,
        Field("codes", "str", "三方代码", "Codes of the three", "CODES"),
        Field("inner", "bool", "三方均属潍坊市", "All three inside the city", "INNER"),
        *_RECORD,
    ),
)

BOUNDARY_POINTS = Layer(
    key="boundary-points",
    table="boundary_point",
    geometry="Point",
    within=("boundary_line", "line_uuid"),
    title_zh="界址点",
    title_en="Boundary points",
    label="number",
    min_zoom=8,
    tiled=(("uuid", "uuid"), ("name", "number"), ("line", "line_uuid")),
    fields=(
        _UUID,
        Field("number", "str", "界址点编号", "Point number", "NUMBER"),
        Field("line_uuid", "str", "所在界线标识", "Line's id", "LINEUUID"),
        Field("chainage_m", "float", "里程", "Chainage", "CHAINAGE", unit="m"),
        Field("description", "str", "说明", "Description", "DESCRIPT"),
        *_RECORD,
    ),
)

_EXTENT_FIELDS = (
    _UUID,
    _NAME,
    Field("place_uuid", "str", "地名标识", "Place's id", "PLACEUUID"),
    Field("major", "str", "地名大类", "Major class", "MAJOR"),
    Field("class_code", "str", "类别代码", "Class code", "CLASSCODE"),
    Field("rank", "int", "显示级别", "Rank", "RANK"),
    *_RECORD,
)

PLACE_LINES = Layer(
    key="place-lines",
    table="place_line",
    geometry="MultiLineString",
    within=("place", "place_uuid"),
    title_zh="线状地名范围",
    title_en="Linear extents of places",
    classed_by="major",
    thinned=True,
    tiled=(("uuid", "uuid"), ("name", "name"), ("major", "major"), ("cls", "class_code"), ("rank", "rank")),
    indexed=("place_uuid",),
    fields=_EXTENT_FIELDS,
)

PLACE_AREAS = Layer(
    key="place-areas",
    table="place_area",
    geometry="MultiPolygon",
    within=("place", "place_uuid"),
    title_zh="面状地名范围",
    title_en="Areal extents of places",
    classed_by="major",
    thinned=True,
    tiled=(("uuid", "uuid"), ("name", "name"), ("major", "major"), ("cls", "class_code"), ("rank", "rank")),
    indexed=("place_uuid",),
    fields=_EXTENT_FIELDS,
)

DIVISION_AREAS = Layer(
    key="division-areas",
    table="division_area",
    geometry="MultiPolygon",
    title_zh="行政区划范围",
    title_en="Areas of divisions",
    classed_by="level",
    within=("division", "division_uuid"),
    tiled=(("uuid", "division_uuid"), ("code", "code"), ("name", "name"), ("level", "level"), ("inside", "inside")),
    fields=(
        _UUID,
        Field("division_uuid", "str", "区划标识", "Division's id", "DIVUUID"),
        Field("code", "str", "区划代码", "Division code", "CODE"),
        _NAME,
        Field("level", "str", "级别", "Level", "LEVEL"),
        Field("inside", "bool", "属潍坊市", "Inside the city", "INSIDE"),
        Field("area_km2", "float", "面积", "Area", "AREAKM2", unit="km²"),
        *_RECORD,
    ),
)

LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        layer.key: layer
        for layer in (
            BOUNDARY_LINES,
            TRIPOINTS,
            STAKES,
            BOUNDARY_POINTS,
            DIVISIONS,
            DIVISION_AREAS,
            PLACE_NAMES,
            PLACE_LINES,
            PLACE_AREAS,
            PLACE_SIGNS,
            STORIES,
            FACILITIES,
        )
    }
)


def known_classes(layer: Layer) -> tuple[Titled, ...]:
    """The classes that a legend shows of a layer even where there is no feature of them, in its order."""
    known: dict[str, tuple[Titled, ...]] = {PLACE_NAMES.key: PLACE_MAJORS, FACILITIES.key: FACILITY_KINDS}
    return known.get(layer.key, ())


def layer_named(key: str) -> Layer:
    """The layer of that key; `UnknownLayer` names the ones there are."""
    try:
        return LAYERS[key]
    except KeyError:
        raise UnknownLayer(
            N_("There is no layer named “%(layer)s”."),
            hint=N_("The layers are: %(layers)s."),
            layer=key,
            layers=", ".join(LAYERS),
        ) from None
