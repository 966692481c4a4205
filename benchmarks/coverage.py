"""Villages within 1 km of a facility: by distances, and the plain GeoPandas way by buffer polygons."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

from benchmarks.figures import Figure
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from gis.coverage import within
from gis.crs import fitting_zone
from layers.access import PUBLIC
from layers.coverage import Question, answer

KINDS = (("eldercare_home",), ("canteen",), ("day_care", "rural_home"), ("public_cemetery",), ("village_aid",))
DISTANCE_M = 1000.0
DAY = date(2024, 3, 31)


def measure(stage: Stage) -> list[Figure]:
    """Time from frames or columns in memory to the covered villages, and to the sums of counties and towns."""
    villages = _villages(stage)
    facilities = _facilities(stage)
    figures = []
    for kinds in KINDS:
        targets = facilities[facilities["kind"].isin(kinds)]
        figures += _kinds(stage, kinds, villages, targets)
    asked = figures[::2]
    theirs = [figure.peer_value for figure in asked if figure.peer_value is not None]
    total = Figure(
        "1 km, who is covered, all of these in turn",
        sum(figure.value for figure in asked),
        "ms",
        asked[0].peer,
        sum(theirs),
        least_ratio=20,
        note="The fewer facilities, the less buffers cost: the ratio grows with the kind.",
    )
    return [*figures, total]


def _kinds(stage: Stage, kinds: tuple[str, ...], villages: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> list[Figure]:
    question = Question(kinds, DISTANCE_M, "population", DAY)
    coordinates = [axis.to_numpy() for points in (villages, targets) for axis in (points.geometry.x, points.geometry.y)]
    found = alternated(
        {
            "within": lambda: within(*coordinates, DISTANCE_M),
            "buffers": lambda: buffers(villages, targets),
            "answer": lambda: answer(stage.index, question, reader=PUBLIC),
            "with_sums": lambda: with_sums(villages, targets),
        },
        runs=stage.runs(15),
        warm=2,
    )
    truth = exact(villages, targets)
    result = found["answer"].result
    whole = result.villages.set_index("uuid")["covered"].reindex(villages["uuid"]).to_numpy(dtype=bool)
    ours, theirs = found["within"].result[0], found["buffers"].result
    assert result.facilities == len(targets), "not the same facilities"
    assert np.array_equal(whole, ours), "the answer differs from what it is made of"
    wrong, wrong_buffers = int((ours != truth).sum()), int((theirs != truth).sum())
    assert wrong == 0, f"{wrong} villages differ from the geodesics"
    name = "+".join(kinds)

    def figure(what: str, way: str, peer: str, title: str, note: str = "") -> Figure:
        samples = {part: found[part].seconds for part in (way, peer)}
        value, theirs = found[way].median * 1000, found[peer].median * 1000
        return Figure(what, value, "ms", title, theirs, note=note, samples=samples)

    counted = (
        f"{len(villages):,} villages, {len(targets):,} facilities, {truth.sum():,} villages covered by geodesics one "
        f"by one; counted wrongly: ours {wrong}, buffers {wrong_buffers}."
    )
    return [
        figure(f"1 km, {name}: who is covered", "within", "buffers", "buffer, union, sjoin", counted),
        figure(f"1 km, {name}: whole answer", "answer", "with_sums", "the same, groupby sums"),
    ]


def _villages(stage: Stage) -> gpd.GeoDataFrame:
    with stage.index.register.reading() as connection:
        names = ["uuid", "level", "county_code", "town_code", "population", "geom"]
        found = stage.index.register.frame(connection, "division", columns=names)
    return found[found["level"] == "village"].reset_index(drop=True)


def _facilities(stage: Stage) -> gpd.GeoDataFrame:
    """Facilities open at the end of the day."""
    with stage.index.register.reading() as connection:
        names = ["uuid", "kind", "state", "opened", "closed", "valid_from", "valid_to", "geom"]
        found = stage.index.register.frame(connection, "facility", columns=names)
    day = DAY.isoformat()
    standing = found["state"] != "planned"
    for start, end in (("opened", "closed"), ("valid_from", "valid_to")):
        standing &= found[start].isna() | (found[start] <= day)
        standing &= found[end].isna() | (found[end] > day)
    return found[standing].reset_index(drop=True)


def buffers(villages: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """The way of many scripts: a union of buffers in the fitting zone, and which points lie in it."""
    zone = fitting_zone(float(villages.geometry.x.mean()))
    points = villages.to_crs(zone)
    circles = targets.to_crs(zone).buffer(DISTANCE_M)
    reach = gpd.GeoDataFrame(geometry=[circles.union_all()], crs=zone)
    covered: NDArray[np.bool_] = gpd.sjoin(points, reach, predicate="within", how="left")["index_right"].notna()
    return covered.to_numpy()


def with_sums(villages: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> list[pd.DataFrame]:
    """The same, and the covered population of counties and towns."""
    covered = buffers(villages, targets)
    weight = pd.DataFrame({"all": villages["population"], "covered": villages["population"].where(covered, 0)})
    return [weight.groupby(villages[code]).sum() for code in ("county_code", "town_code")]


def exact(villages: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """By geodesics to every facility that is anywhere near, without a search tree."""
    geod = Geod(ellps="GRS80")
    lon, lat = targets.geometry.x.to_numpy(), targets.geometry.y.to_numpy()
    covered = np.zeros(len(villages), dtype=bool)
    for row, (x, y) in enumerate(zip(villages.geometry.x, villages.geometry.y, strict=True)):
        near = (np.abs(lat - y) < 0.02) & (np.abs(lon - x) < 0.025)
        if near.any():
            count = int(near.sum())
            _, _, distance = geod.inv(np.full(count, x), np.full(count, y), lon[near], lat[near])
            covered[row] = bool((distance <= DISTANCE_M).any())
    return covered
