"""The classes of places and the kinds of facilities, as the bureau counts them.

Sources: the major classes of the second national place-name survey (地名普查大类); the kinds of facilities in the
bureau's published reports on 2022 and spring 2024.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Titled:
    """A key with its titles."""

    key: str
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class FacilityKind(Titled):
    """A kind of facility; ``group`` is the key of one of `FACILITY_GROUPS`."""

    group: str


PLACE_MAJORS: tuple[Titled, ...] = (
    Titled("division", "行政区域", "Administrative divisions"),
    Titled("nondivision", "非行政区域", "Non-administrative areas"),
    Titled("committee", "群众自治组织", "Villagers' and residents' committees"),
    Titled("settlement", "居民点", "Settlements"),
    Titled("transport", "交通运输设施", "Transport facilities"),
    Titled("hydraulic", "水利电力通信设施", "Water, power and telecom facilities"),
    Titled("water", "陆地水系", "Inland waters"),
    Titled("terrain", "陆地地形", "Landforms"),
    Titled("memorial", "纪念地旅游景点", "Memorials and sights"),
    Titled("building", "建筑物", "Buildings"),
)

FACILITY_GROUPS: tuple[Titled, ...] = (
    Titled("eldercare", "养老服务", "Eldercare"),
    Titled("burial", "殡葬服务", "Burial"),
    Titled("social", "社会工作与救助", "Social work and aid"),
    Titled("children", "儿童福利与保护", "Children"),
    Titled("marriage", "婚姻登记", "Marriage"),
)

FACILITY_KINDS: tuple[FacilityKind, ...] = (
    FacilityKind("eldercare_home", "养老机构", "Eldercare institutions", "eldercare"),
    FacilityKind("day_care", "社区日间照料中心", "Community day-care centres", "eldercare"),
    FacilityKind("rural_home", "农村幸福院", "Rural happiness homes", "eldercare"),
    FacilityKind("canteen", "助老食堂", "Meal canteens", "eldercare"),
    FacilityKind("county_centre", "县级综合养老服务中心", "County eldercare service centres", "eldercare"),
    FacilityKind("street_centre", "街道综合养老服务中心", "Street eldercare service centres", "eldercare"),
    FacilityKind("city_smart_care", "市智慧养老服务中心", "City smart-eldercare centre", "eldercare"),
    FacilityKind("funeral_home", "殡仪馆", "Funeral homes", "burial"),
    FacilityKind("cemetery", "经营性公墓", "Commercial cemeteries", "burial"),
    FacilityKind("public_cemetery", "公益性公墓(骨灰堂)", "Public-benefit cemeteries and ossuaries", "burial"),
    FacilityKind("social_work", "社工站", "Social-work stations", "social"),
    FacilityKind("aid_window", "救助窗口", "Aid windows", "social"),
    FacilityKind("village_aid", "村居救助服务站", "Village aid stations", "social"),
    FacilityKind("incubation", "社会组织培育平台", "Social-organisation incubation venues", "social"),
    FacilityKind("county_aid_centre", "县级社会救助综合服务中心", "County aid service centres", "social"),
    FacilityKind("city_aid_station", "市救助站", "City aid station", "social"),
    FacilityKind("city_incubation", "市社会组织培育中心", "City incubation centre", "social"),
    FacilityKind("child_protection", "未成年人保护工作站", "Child-protection stations", "children"),
    FacilityKind("child_service", "儿童服务站", "Child-service stations", "children"),
    FacilityKind("city_child_welfare", "市儿童福利院", "City child-welfare home", "children"),
    FacilityKind("marriage", "婚姻登记处", "Marriage registries", "marriage"),
    FacilityKind("marriage_mobile", "婚姻登记巡回点", "Mobile marriage registry", "marriage"),
)
