"""Coverage of the register's villages by its facilities: which ones, weighted how, as at which day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import coverage as reach
from gis.coverage import CoverageResult, require_distance
from gis.errors import N_, Invalid
from layers import days
from layers.access import Reader
from layers.catalogue import FACILITY_KINDS
from layers.index import Columns, Index
from layers.index.columns import Rows

WEIGHTS = ("population", "aged_60", "aged_65", "aged_80", "villages")

METHOD = {
    "zh": "椭球面距离（CGCS2000），按村居代表点计数，不用缓冲区多边形；直线距离，未乘绕行系数",
    "en": "Ellipsoidal distance (CGCS2000) from each village's point, no buffer polygons; straight line, no detour",
}


class UnknownKind(Invalid):
    """A facility kind that the catalogue does not have, or none at all."""

    code = "unknown-kind"


class UnknownWeight(Invalid):
    """A weight that villages do not have."""

    code = "unknown-weight"


@dataclass(frozen=True)
class Question:
    """Who has a facility of these kinds within this distance?

    Raises
    ------
    UnknownKind, UnknownWeight, BadDistance
        All checked when the question is made.
    """

    kinds: tuple[str, ...]
    distance_m: float
    weight: str = "population"
    asof: date | None = None

    def __post_init__(self) -> None:
        known = [kind.key for kind in FACILITY_KINDS]
        wrong = [kind for kind in self.kinds if kind not in known]
        if wrong or not self.kinds:
            raise UnknownKind(
                N_("No facility kind “%(given)s”."),
                hint=N_("The kinds are: %(known)s."),
                given=", ".join(wrong),
                known=", ".join(known),
            )
        if self.weight not in WEIGHTS:
            raise UnknownWeight(
                N_("No weight “%(given)s”."),
                hint=N_("The weights are: %(known)s."),
                given=self.weight,
                known=", ".join(WEIGHTS),
            )
        require_distance(self.distance_m)

    @property
    def day(self) -> date:
        """The day that is meant."""
        return self.asof or days.today()


def answer(index: Index, question: Question, *, reader: Reader, with_outline: bool = False) -> CoverageResult:
    """Answer a coverage question.

    A village without a value of the weight counts as a village and adds nothing to the sums; ``total["unknown"]`` says
    how many there are. Planned facilities take no part.
    """
    with index.held():
        return _answer(index, question, reader=reader, with_outline=with_outline)


def _answer(index: Index, question: Question, *, reader: Reader, with_outline: bool) -> CoverageResult:
    divisions = index.layer("divisions")
    standing = divisions.seen(reader=reader, asof=question.day)
    villages = np.flatnonzero(standing & divisions["level"].isin(["village"]))
    lon, lat = divisions.lon[villages], divisions.lat[villages]
    target_lon, target_lat = _targets(index, question, reader=reader)
    covered, nearest = reach.within(lon, lat, target_lon, target_lat, question.distance_m)
    weights, unknown = _weights(divisions, villages, question.weight)
    county = _series(divisions, villages, "county_code")
    town = _series(divisions, villages, "town_code")
    county_names = _names(divisions, standing, "county")
    town_names = _names(divisions, standing, "town")
    counties = reach.sums(county, county_names["name"], weights, covered)
    towns = reach.sums(town, town_names["name"], weights, covered)
    towns["county_code"] = town_names["county_code"].to_numpy()
    towns["county"] = towns["county_code"].map(county_names["name"]).to_numpy()
    weight, hit = float(weights.sum()), float(weights[covered].sum())
    return CoverageResult(
        kinds=question.kinds,
        distance_m=question.distance_m,
        weight=question.weight,
        asof=question.day.isoformat(),
        method=METHOD,
        facilities=len(target_lon),
        total={
            "weight": weight,
            "covered": hit,
            "share": hit / weight if weight > 0 else None,
            "villages": int(villages.size),
            "villages_covered": int(covered.sum()),
            "villages_uncovered": int(villages.size - covered.sum()),
            "unknown": unknown,
        },
        counties=counties,
        towns=towns,
        villages=_frame(divisions, villages, weights, covered, nearest),
        outline=reach.outline(target_lon, target_lat, question.distance_m) if with_outline else None,
    )


def outline(index: Index, question: Question, *, reader: Reader) -> shapely.Geometry:
    """The catchments' outline, for the map only, with detail that a screen shows."""
    target_lon, target_lat = _targets(index, question, reader=reader)
    # thousands of circles are drawn small: fewer corners halve the time from click to map
    corners = 24 if len(target_lon) < 3000 else 16
    whole = reach.outline(target_lon, target_lat, question.distance_m, corners=corners)
    return shapely.set_precision(whole, 1e-5, mode="pointwise")  # a metre


def with_outline(index: Index, result: CoverageResult, question: Question, *, reader: Reader) -> CoverageResult:
    """The result with its outline, for files to hand on."""
    return replace(result, outline=outline(index, question, reader=reader))


def _targets(index: Index, question: Question, *, reader: Reader) -> tuple[reach.Floats, reach.Floats]:
    facilities = index.layer("facilities")
    chosen = facilities.seen(reader=reader, asof=question.day) & facilities["kind"].isin(question.kinds)
    chosen &= ~facilities["state"].isin(["planned"])
    return facilities.lon[chosen], facilities.lat[chosen]


def _weights(divisions: Columns, villages: Rows, weight: str) -> tuple[reach.Floats, int]:
    if weight == "villages":
        return np.ones(villages.size), 0
    values = divisions[weight].numbers()[villages]
    missing = np.isnan(values)
    return np.where(missing, 0.0, values), int(missing.sum())


def _series(divisions: Columns, rows: Rows, name: str) -> pd.Series:
    return pd.Series(divisions[name].values(rows), dtype="object")


def _names(divisions: Columns, standing: np.ndarray, level: str) -> pd.DataFrame:
    """Code, name and county of the city's divisions of a level, by code."""
    rows = np.flatnonzero(standing & divisions["level"].isin([level]) & divisions["inside"].isin([True, 1]))
    frame = pd.DataFrame(
        {name: divisions[name].values(rows) for name in ("code", "name", "county_code")}, dtype="object"
    )
    # a division that was drawn twice counts once
    return frame.dropna(subset=["code"]).drop_duplicates("code").set_index("code").sort_index()


def _frame(
    divisions: Columns, rows: Rows, weights: reach.Floats, covered: np.ndarray, nearest: reach.Floats
) -> gpd.GeoDataFrame:
    lon, lat = divisions.lon[rows], divisions.lat[rows]
    points = np.full(rows.size, None, dtype=object)
    placed = np.isfinite(lon) & np.isfinite(lat)
    points[placed] = shapely.points(lon[placed], lat[placed])
    data = {name: divisions[name].values(rows) for name in ("name", "code", "town_code", "county_code")}
    return gpd.GeoDataFrame(
        {
            "uuid": divisions.uuid[rows],
            **data,
            "weight": weights,
            "covered": covered,
            "nearest_m": pd.array(nearest, dtype="Float64"),
        },
        geometry=points,
        crs=4490,
    )
