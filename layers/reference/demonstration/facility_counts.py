"""What the bureau has published of each kind of facility, and where facilities of a kind may stand."""

from __future__ import annotations

from dataclasses import dataclass

FIRST, SECOND = "2022-12-31", "2024-03-31"


@dataclass(frozen=True)
class Kind:
    """Counts of one kind at the two days.

    Attributes
    ----------
    first, second
        Open on 2022-12-31 and on 2024-03-31; ``first`` is None where nothing was published for 2022. Kinds published
        for 2022 alone are carried forward.
    closed
        Of the first, closed in between.
    where
        ``county``, ``town``, ``urban`` (communities), ``rural`` (villages), ``any`` (committees) or ``remote``
        (away from villages).
    beds, nursing_beds, residents
        Sums on 2022-12-31.
    low, high
        Bounds of the beds of one.
    """

    key: str
    name: str
    first: int | None
    second: int
    where: str
    closed: int = 0
    beds: int = 0
    nursing_beds: int = 0
    residents: int = 0
    low: int = 0
    high: int = 0
    since: int = 2005


KINDS: tuple[Kind, ...] = (
    Kind(
        "eldercare_home", "养老院", 166, 170, "any",
        beds=29_812, nursing_beds=19_786, residents=11_094, low=20, high=800, since=1998,
    ),
    Kind("day_care", "社区日间照料中心", 310, 497, "urban", beds=3_310, low=4, high=40, since=2012),
    Kind("rural_home", "农村幸福院", 564, 563, "rural", closed=1, beds=11_470, low=8, high=60, since=2013),
    Kind("canteen", "助老食堂", 208, 766, "any", since=2020),
    Kind("county_centre", "综合养老服务中心", None, 12, "county"),
    Kind("street_centre", "综合养老服务中心", None, 120, "town"),
    Kind("funeral_home", "殡仪馆", 10, 10, "county", since=1975),
    Kind("cemetery", "公墓", 7, 7, "remote", since=1995),
    Kind("public_cemetery", "公益性公墓(骨灰堂)", 2_079, 2_079, "rural", since=2010),
    Kind("social_work", "社工站", 135, 135, "town", since=2021),
    Kind("aid_window", "社会救助窗口", None, 120, "town"),
    Kind("village_aid", "救助服务站", None, 7_031, "any"),
    Kind("incubation", "社会组织培育平台", None, 35, "town"),
    Kind("county_aid_centre", "社会救助综合服务中心", None, 12, "county"),
    Kind("city_aid_station", "潍坊市救助站", None, 1, "city"),
    Kind("city_incubation", "潍坊市社会组织培育中心", None, 1, "city"),
    Kind("city_smart_care", "潍坊市智慧养老服务中心", None, 1, "city"),
    Kind("child_protection", "未成年人保护工作站", None, 120, "town"),
    Kind("child_service", "儿童服务站", None, 7_048, "any"),
    Kind("city_child_welfare", "潍坊市儿童福利院", None, 1, "city"),
    Kind("marriage", "婚姻登记处", 14, 14, "county", since=2003),
    Kind("marriage_mobile", "婚姻登记巡回点", None, 1, "mobile"),
)  # fmt: skip

#: Public-benefit cemeteries that opened in 2022.
OPENED_IN_2022 = 203

#: Day from which the mobile marriage registry is attested.
MOBILE_SINCE = "2024-03-28"
