"""Rows of place names made by hand, and a city of two counties to judge them by."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts, Orphan
from layers.placenames.rules.places import COLUMNS, Places
from layers.placenames.rules.rule import Flaw
from layers.records import Context
from layers.records.divisions import Divisions
from layers.reference.readers import place_classes

WEST, EAST = "370781", "370724"
TOWN, STREET, OTHER_STREET, EAST_TOWN = "370781100", "370781001", "370781002", "370724100"
VILLAGE, COMMUNITY = "370781100201", "370781001001"
BORDER = 118.5

_DIVISIONS = (
    ("370700", "潍坊市", "city", "", "", ""),
    (WEST, "青州市", "county", "370700", WEST, ""),
    (EAST, "临朐县", "county", "370700", EAST, ""),
    (TOWN, "弥河镇", "town", WEST, WEST, TOWN),
    (STREET, "王府街道", "town", WEST, WEST, STREET),
    (OTHER_STREET, "益都街道", "town", WEST, WEST, OTHER_STREET),
    (EAST_TOWN, "五井镇", "town", EAST, EAST, EAST_TOWN),
    (VILLAGE, "上院村委会", "village", TOWN, WEST, TOWN),
    ("370781100202", "下院村村民委员会", "village", TOWN, WEST, TOWN),
    (COMMUNITY, "文化街社区居民委员会", "village", STREET, WEST, STREET),
)
_SOUND: dict[str, Any] = {
    "name": "阳光小区", "roman": "Yángguāng Xiǎoqū", "specific": "阳光", "generic": "小区", "major": "settlement",
    "class_code": "22100", "county_code": WEST, "town_code": TOWN, "village_code": None, "usage": "current",
    "origin": "不详", "meaning": "不详", "history": "不详", "description": "位于弥河镇", "registered_by": "某",
    "registered_at": "2018-05-01", "registered_unit": "某局", "source": "test",
}  # fmt: skip


def facts(orphans: tuple[Orphan, ...] = (), serials: dict[str, int] | None = None) -> Facts:
    """Two counties side by side, meeting at the meridian `BORDER`."""
    code, name, level, parent, county, town = zip(*_DIVISIONS, strict=True)
    count = len(code)
    divisions = Divisions(
        code=code, name=name, level=level, parent=parent, county=county, town=town,
        lon=np.full(count, 118.4), lat=np.full(count, 36.5), inside=np.ones(count, dtype=bool),
    )  # fmt: skip
    areas = gpd.GeoDataFrame(
        {
            "code": [WEST, EAST],
            "name": ["青州市", "临朐县"],
            "geom": [shapely.box(118.0, 36.0, BORDER, 37.0), shapely.box(BORDER, 36.0, 119.0, 37.0)],
        },
        geometry="geom",
        crs=4490,
    )
    classes = {
        row.code: _class(row.title, row.major) for row in place_classes()[["code", "title", "major"]].itertuples()
    }
    context = Context(divisions, areas, {}, classes, np.ones(2, dtype=bool))
    return Facts(context, serials or {}, orphans=orphans)


def _class(title: str, major: str) -> Any:
    from layers.records.context import PlaceClass

    return PlaceClass(title, major)


def places(*rows: dict[str, Any]) -> Places:
    """Rows without flaws but for what each says; ``at`` is longitude and latitude, None for no point."""
    made = []
    for number, row in enumerate(rows):
        full = dict.fromkeys(COLUMNS) | _SOUND | {"uuid": f"u{number}"} | row
        if "place_code" not in row:
            town = (full["town_code"] or "000000000")[6:9]
            full["place_code"] = f"{full['county_code']}{town}{full['class_code']}{number + 1:06d}"
        at = full.pop("at", (118.30 + number * 0.05, 36.5))
        made.append(full | {"geom": None if at is None else shapely.Point(*at)})
    return Places(pd.DataFrame(made, columns=[*COLUMNS, "geom"], dtype=object))


def estate(specific: str, generic: str = "小区", **more: Any) -> dict[str, Any]:
    """An estate with a name of its own, its spelling left out of account."""
    return {"name": specific + generic, "specific": specific, "generic": generic, "roman": "x", **more}


def committee(name: str, generic: str, village: str | None = VILLAGE, **more: Any) -> dict[str, Any]:
    """A village committee, linked to its village."""
    specific = name.removesuffix(generic)
    return {
        "name": name, "specific": specific, "generic": generic, "roman": "x", "major": "committee",
        "class_code": "27610", "village_code": village, **more,
    }  # fmt: skip


def found(rule: str, *rows: dict[str, Any], by: Facts | None = None) -> list[Flaw]:
    """What a rule says about such rows."""
    return list(RULES[rule].find(places(*rows), by or facts()))
