"""Published figures, side by side as they were published, and where each data set comes from."""

from __future__ import annotations

import pandas as pd

from layers.reference import readers
from layers.reference.demonstration.frames import Frames, frame
from layers.reference.demonstration.identity import uuids_of
from layers.reference.demonstration.people import CITY, PUBLISHED

Y22, Y24 = "2022-12-31", "2024-03-31"
REPORT = {Y22: "民政局 2022 年工作报告", Y24: "民政局 2024 年春季工作报告"}
LIST = "国家统计局区划代码 (china-division 2.7.0)"
CENSUS = "第七次全国人口普查公报"

#: subject, unit, {day: value}, note
_FIGURES: tuple[tuple[str, str, dict[str, float], str], ...] = (
    ("界线联合检查", "条", {Y22: 14}, ""),
    ("地名审改补录记录", "条", {Y22: 51_991}, "国家地名信息库，10 类"),
    ("街道", "个", {Y22: 61}, "区划名单为 59 个街道，另有 4 个功能区"),
    ("镇", "个", {Y22: 59}, ""),
    ("街道和镇合计", "个", {Y22: 120, Y24: 120}, "名单含功能区为 122 个；社工站 135 个包含其他站点，三者口径不同"),
    ("村委会", "个", {Y22: 6_535}, ""),
    ("居委会", "个", {Y22: 521}, ""),
    ("村居合计", "个", {Y22: 7_056, Y24: 7_084}, "名单为 7,060 个，时点不同"),
    ("自然村", "个", {Y22: 9_048}, ""),
    ("养老机构", "处", {Y22: 166, Y24: 170}, ""),
    ("养老机构床位", "张", {Y22: 29_812}, ""),
    ("养老机构护理型床位", "张", {Y22: 19_786}, ""),
    ("养老机构入住老年人", "人", {Y22: 11_094}, ""),
    ("社区日间照料中心", "处", {Y22: 310, Y24: 497}, ""),
    ("社区日间照料中心床位", "张", {Y22: 3_310}, ""),
    ("农村幸福院", "处", {Y22: 564, Y24: 563}, ""),
    ("农村幸福院床位", "张", {Y22: 11_470}, ""),
    ("助老食堂", "处", {Y22: 208, Y24: 766}, ""),
    ("县级综合养老服务中心", "处", {Y24: 12}, ""),
    ("街道综合养老服务中心", "处", {Y24: 120}, ""),
    ("殡仪馆", "处", {Y22: 10}, ""),
    ("经营性公墓", "处", {Y22: 7}, ""),
    ("公益性公墓(骨灰堂)", "处", {Y22: 2_079}, "2022 年新建 203 处"),
    ("社工站", "处", {Y22: 135}, ""),
    ("婚姻登记处", "处", {Y22: 14}, ""),
    ("一门受理救助窗口", "处", {Y24: 120}, ""),
    ("村居救助服务站", "处", {Y24: 7_031}, ""),
    ("未成年人保护工作站", "处", {Y24: 120}, ""),
    ("儿童服务站", "处", {Y24: 7_048}, ""),
    ("社会组织培育平台", "处", {Y24: 35}, ""),
    ("地名故事文章", "篇", {Y22: 180}, "180 余篇"),
    ("最低生活保障对象", "人", {Y22: 72_553}, ""),
    ("特困人员", "人", {Y22: 30_292}, ""),
    ("特困人员在院集中供养", "人", {Y22: 5_297}, ""),
    ("孤困儿童", "人", {Y22: 4_064}, ""),
    ("动态监测对象", "人", {Y24: 837_600}, ""),
    ("村级救助协理员", "人", {Y24: 8_226}, ""),
    ("计划新增助老食堂 (2023)", "处", {Y22: 500}, "计划数"),
    ("计划新增公益性公墓 (2023)", "处", {Y22: 150}, "计划数"),
    ("计划居家适老化改造 (2023)", "户", {Y22: 5_500}, "计划数"),
)  # fmt: skip

_LISTED: tuple[tuple[str, str, float, str], ...] = (
    ("街道", "个", 59, "民政局公布 61 个，未作调和"),
    ("镇", "个", 59, "与民政局公布数一致"),
    ("功能区", "个", 4, "名单中的乡级功能区"),
    ("街道和镇合计", "个", 122, "59 + 59 + 4，含功能区"),
    ("村居合计", "个", 7_060, "民政局公布 7,056 (2022)、7,084 (2024)，未作调和"),
)

_CENSUS_NAMES = {"370702": "潍城区", "370704": "坊子区", "370781": "青州市", "370782": "诸城市"}
_CENSUS_SHARES = {
    "370702": (16.48, 11.57),
    "370704": (19.47, 13.89),
    "370781": (22.85, 16.6),
    "370782": (22.96, 16.71),
}


def make_figures() -> Frames:
    """Frames ``published_figure``, ``dataset`` and ``place_class``."""
    rows: list[tuple[str, str, str | None, float, str, str | None]] = []
    for subject, unit, values, note in _FIGURES:
        rows += [(subject, unit, day, value, REPORT[day], note or None) for day, value in values.items()]
    rows += [(subject, unit, None, value, LIST, note) for subject, unit, value, note in _LISTED]
    rows.append(("常住人口 潍坊市", "人", "2020-11-01", CITY, CENSUS, None))
    for code, name in _CENSUS_NAMES.items():
        rows.append((f"常住人口 {name}", "人", "2020-11-01", PUBLISHED[code], CENSUS, None))
        for age, share in zip((60, 65), _CENSUS_SHARES[code], strict=True):
            rows.append((f"{age} 岁及以上人口比重 {name}", "%", "2020-11-01", share, CENSUS, None))
    made = pd.DataFrame(rows, columns=["subject", "unit", "as_of", "value", "source", "note"])
    made["value"] = made["value"].astype(float)
    made["uuid"] = uuids_of("published_figure", made["subject"] + "/" + made["source"] + made["as_of"].fillna(""))
    classes = readers.place_classes()
    classes["uuid"] = uuids_of("place_class", classes["code"])
    return {
        "published_figure": frame("published_figure", made),
        "dataset": _datasets(),
        "place_class": frame("place_class", classes),
    }


def _datasets() -> pd.DataFrame:
    made_up = {
        "key": "demonstration",
        "title_zh": "示范数据",
        "title_en": "Demonstration data",
        "source": "synthetic",
        "licence": "Apache-2.0",
        "note": "除上列真实数据外，本库所有内容均为虚构，仅供演示",
    }
    published = {
        "key": "published-figures",
        "title_zh": "公布数据",
        "title_en": "Published figures",
        "source": "民政局工作报告（2022 年、2024 年春）、第七次全国人口普查公报",
        "note": "各时点口径不同，并列保存，不作调和",
    }
    rows = pd.concat([readers.sources(), pd.DataFrame([published, made_up])], ignore_index=True)
    rows["uuid"] = uuids_of("dataset", rows["key"])
    return frame("dataset", rows)
