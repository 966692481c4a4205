"""What the columns of a coverage result mean, for workbook and shapefile alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gis.coverage import CoverageResult
from layers.catalogue import FACILITY_KINDS, Field

WEIGHTS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "population": ("人口", "Population", "人"),
        "aged_60": ("60岁以上人口", "People aged 60 and over", "人"),
        "aged_65": ("65岁以上人口", "People aged 65 and over", "人"),
        "aged_80": ("80岁以上人口", "People aged 80 and over", "人"),
        "villages": ("村居数", "Villages", "个"),
    }
)
"""Weight key to Chinese and English title and unit."""

VILLAGES: Final = "villages"
COUNTIES: Final = "counties"
TOWNS: Final = "towns"
OUTLINE: Final = "outline"

TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        VILLAGES: ("村居", "Villages"),
        COUNTIES: ("区县", "Counties"),
        TOWNS: ("乡镇街道", "Towns"),
        OUTLINE: ("服务范围", "Catchments"),
    }
)

SYNTHETIC: Final = (
    "计算所用的登记库含示范（合成）数据，结果仅供演示，不得用作依据。",
    "The register behind this result holds synthetic data: for demonstration only, no basis for any decision.",
)
REAL: Final = ("计算所用的数据不含示范（合成）记录。", "No synthetic data stands behind this result.")


def weight_title(result: CoverageResult) -> tuple[str, str, str]:
    """Title and unit of the result's weight; the key itself for one that is not known here."""
    return WEIGHTS.get(result.weight, (result.weight, result.weight, ""))


def kind_titles(result: CoverageResult) -> tuple[str, str]:
    """The facility kinds, Chinese and English."""
    known = {kind.key: (kind.title_zh, kind.title_en) for kind in FACILITY_KINDS}
    found = [known.get(key, (key, key)) for key in result.kinds]
    return "、".join(zh for zh, _ in found), ", ".join(en for _, en in found)


def fields(table: str, result: CoverageResult) -> tuple[Field, ...]:
    """The columns of one table of the result, in order."""
    zh, en, unit = weight_title(result)
    weight = Field("weight", "float", zh, en, "WEIGHT", unit)
    name = Field("name", "str", "名称", "Name", "NAME")
    code = Field("code", "str", "区划代码", "Division code", "CODE")
    if table == VILLAGES:
        return (
            Field("uuid", "str", "唯一标识", "Permanent id", "UUID"),
            name,
            code,
            Field("town_code", "str", "乡级代码", "Town code", "TOWN"),
            Field("county_code", "str", "县级代码", "County code", "COUNTY"),
            weight,
            Field("covered", "bool", "是否覆盖", "Covered", "COVERED"),
            Field("nearest_m", "float", "到最近设施的距离", "Distance to the nearest", "NEAREST_M", "m"),
        )
    if table == OUTLINE:
        return (
            Field("kinds", "str", "设施类别", "Facility kinds", "KINDS"),
            Field("distance_m", "float", "距离", "Distance", "DISTANCE_M", "m"),
            Field("facilities", "int", "设施数", "Facilities", "FACILITIES", "个"),
        )
    sums = (
        weight,
        Field("covered", "float", f"覆盖的{zh}", f"Covered: {en}", "COVERED", unit),
        Field("share", "float", "覆盖率", "Covered share", "SHARE"),
        Field("villages", "int", "村居数", "Villages", "VILLAGES", "个"),
        Field("villages_covered", "int", "覆盖的村居数", "Villages covered", "VILLCOV", "个"),
    )
    if table == TOWNS:
        return (
            code,
            name,
            Field("county_code", "str", "县级代码", "County code", "COUNTY"),
            Field("county", "str", "所属区县", "County", "COUNTYNAME"),
            *sums,
        )
    return (code, name, *sums)
