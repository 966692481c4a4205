"""Places that are real: divisions, zones and committees."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.toponym import split_name
from layers.reference.demonstration.divisions import CITY_CODE, CITY_NAME, CODE_SOURCE, COUNTY_SOURCE
from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.layout import CITY_SEAT, SEATS
from layers.reference.demonstration.people import People
from layers.reference.demonstration.plane import Floats, Ints, to_plane

_ZONE_GENERICS = ("经济开发区管理委员会", "生态经济园区管委会", "经济开发区", "经济发展区")
MADE_UP_POSITION = "名称与代码为真实数据，位置为虚构"
_COMMITTEE = r"(村民委员会|居民委员会|居民委会|委员会|村委会|居委会|村村会|社区)$"


def division_places(ground: Ground) -> list[Places]:
    """行政区域: the city, 12 counties, 118 streets and towns; and 非行政区域: the 4 zones."""
    counties, towns = ground.counties, ground.towns
    codes = counties["code"].tolist()
    upper = to_plane(*np.array([CITY_SEAT, *(SEATS[code] for code in codes)]).T)
    names = [CITY_NAME, *counties["name"]]
    synthetic = (towns["position_source"] == "synthetic").to_numpy()
    zone = (towns["kind"] == "zone").to_numpy()
    rows = np.flatnonzero(~zone)
    zones = np.flatnonzero(zone)
    town_names = np.asarray(towns["name"], dtype=object)
    return [
        Places(
            "division/county", "division", names, [name[-1] for name in names], ["21300"] + ["21400"] * 12,
            [0] + [1] * 12, upper, np.full(13, -1), source=COUNTY_SOURCE, note=MADE_UP_POSITION,
            identity=[CITY_CODE, *codes], extra={"county_code": [None, *codes]},
        ),
        Places(
            "division/town", "division", list(town_names[rows]), [split_name(n)[1] for n in town_names[rows]], "21500",
            2, ground.sites[rows], rows, source=CODE_SOURCE, identity=towns["code"].to_numpy()[rows].tolist(),
            extra={"note": [MADE_UP_POSITION if made_up else None for made_up in synthetic[rows]]},
        ),
        Places(
            "nondivision/zone", "nondivision", list(town_names[zones]),
            [split_name(name, _ZONE_GENERICS)[1] for name in town_names[zones]],
            "21730", 2, ground.sites[zones], zones, source=CODE_SOURCE, note=MADE_UP_POSITION,
            identity=towns["code"].to_numpy()[zones].tolist(),
        ),
    ]  # fmt: skip


def committee_places(villages: pd.DataFrame, xy: Floats, town: Ints, people: People) -> Places:
    """群众自治组织: the 7,060 committees; the largest show first."""
    generic = villages["name"].str.extract(_COMMITTEE)[0].fillna("")
    large = people.total >= np.quantile(people.total, 0.85)
    return Places(
        "committee", "committee", villages["name"].tolist(), generic.tolist(),
        np.where(villages["kind"] == "村委会", "27610", "27620").tolist(),
        np.where(large, 4, 5), xy, town, village=np.arange(len(villages)), source=CODE_SOURCE, note=MADE_UP_POSITION,
        identity=villages["code"].tolist(),
    )  # fmt: skip
