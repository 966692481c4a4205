"""Stakes and boundary points on the lines, made up: every 5 to 15 km, a triple stake at each tripoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.linear import chainage as chainage_of
from gis.measure import distance_m
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance, uuid_of, uuids_of
from layers.reference.demonstration.lines import Lines
from layers.reference.demonstration.plane import Floats, to_plane

SPACING_KM = 10.0
DOUBLE_SHARE = 0.08
_DOUBLE_OFFSET_DEG = 0.0006
_POINT_GAP_M = 900.0
_LANDMARKS = ("独立树", "房角", "电线杆", "路口", "桥头", "水井", "坟头石碑", "山顶")


@dataclass
class _Along:
    """A line with the geodesic distance of each vertex from its start."""

    coordinates: Floats
    chainage: Floats = field(init=False)

    def __post_init__(self) -> None:
        lon, lat = self.coordinates[:, 0], self.coordinates[:, 1]
        steps = np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))
        self.chainage = np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length(self) -> float:
        return float(self.chainage[-1])

    def at(self, chainage: Floats) -> Floats:
        """Positions at distances from the start, on the line's edges."""
        lon, lat = (np.interp(chainage, self.chainage, self.coordinates[:, axis]) for axis in (0, 1))
        return np.column_stack([lon, lat])

    def normal(self, chainage: float) -> Floats:
        """Unit vector to the left of the line, in degrees."""
        after = int(np.clip(np.searchsorted(self.chainage, chainage), 1, len(self.coordinates) - 1))
        east, north = self.coordinates[after] - self.coordinates[after - 1]
        return np.asarray(np.array([-north, east]) / np.hypot(east, north), dtype=np.float64)


def _chainages(length: float, rng: np.random.Generator) -> Floats:
    """Distances of the stakes from the start, both ends included; gaps of 5 to 15 km where the line is long enough."""
    gaps = max(1, round(length / 1000 / SPACING_KM))
    weight = rng.uniform(0.8, 1.2, gaps)
    return np.concatenate([[0.0], np.cumsum(weight / weight.sum() * length)])


def _landmarks(rng: np.random.Generator) -> list[dict[str, object]]:
    picked = rng.permutation(len(_LANDMARKS))[: int(rng.integers(1, 4))]
    return [
        {
            "kind": _LANDMARKS[number],
            "azimuth_deg": round(float(rng.uniform(0, 360)), 1),
            "distance_m": round(float(rng.uniform(3, 60)), 1),
        }
        for number in picked
    ]


def _locations(ground: Ground, lonlat: Floats) -> list[str]:
    """The two nearest towns of a stake, as its location is written."""
    apart = np.hypot(*(to_plane(lonlat[:, 0], lonlat[:, 1])[:, None, :] - ground.sites[None]).T).T
    names = ground.counties["name"].to_numpy()[ground.town_county] + ground.towns["name"].str.replace("高密市", "")
    names = names.to_numpy()
    first = apart.argmin(axis=1)
    other = np.where(ground.town_county[None, :] == ground.town_county[first][:, None], np.inf, apart).argmin(axis=1)
    near = apart[np.arange(len(apart)), other] < 14
    return [
        f"{names[a]}与{names[b]}之间" if n else f"{names[a]}边缘" for a, b, n in zip(first, other, near, strict=True)
    ]


def make_stakes(found: Lines, ground: Ground, chance: Chance) -> Frames:
    """Frames ``stake``, ``line_stake`` and ``boundary_point``.

    Numbers are the line's code, a serial of three digits from the start, and the type's letter: Q single, A and B
    double, C triple. A triple stake belongs to the first of its lines (``line_uuid``) and stands on all of them
    (``line_stake``).
    """
    corner = {(p.x, p.y): uuid for p, uuid in zip(found.tripoints.geometry, found.tripoints["uuid"], strict=True)}
    rng = chance.stream("stakes")
    rows: list[dict[str, Any]] = []
    joins: list[dict[str, Any]] = []
    turning: list[dict[str, Any]] = []
    triple: dict[str, str] = {}
    for code, line_uuid, line in zip(found.lines["code"], found.lines["uuid"], found.lines.geometry, strict=True):
        along = _Along(shapely.get_coordinates(line))
        chainages = _chainages(along.length, rng)
        positions = along.at(chainages)
        for serial, (chainage, position) in enumerate(zip(chainages, positions, strict=True), start=1):
            end = 0 if serial == 1 else -1
            tripoint = corner.get(tuple(along.coordinates[end])) if serial in {1, len(chainages)} else None
            if tripoint in triple:
                place = {"line_uuid": line_uuid, "chainage_m": round(float(chainage), 2), "serial": serial}
                joins.append(place | {"stake_uuid": triple[tripoint]})
            else:
                double = serial not in {1, len(chainages)} and rng.random() < DOUBLE_SHARE
                letters = "C" if tripoint else "AB" if double else "Q"
                aside = along.normal(chainage) * _DOUBLE_OFFSET_DEG
                for letter in letters:
                    uuid = uuid_of("stake", f"{code}/{serial}/{letter}")
                    shift = aside * {"A": 1, "B": -1}.get(letter, 0)
                    at = np.round(position + shift, 8)
                    # a stake beside the line is measured where it stands, not where the pair was planned
                    stands = chainage_of(line, shapely.Point(at)) if double else chainage
                    place = {"line_uuid": line_uuid, "chainage_m": round(float(stands), 2), "serial": serial}
                    joins.append(place | {"stake_uuid": uuid})
                    rows.append(
                        {
                            "uuid": uuid,
                            "number": f"{code}{serial:03d}{letter}",
                            "code": f"{code}{serial:03d}{letter}",
                            "line_uuid": line_uuid,
                            "serial": serial,
                            "kind": {"C": "triple", "Q": "single"}.get(letter, "double"),
                            "type_letter": letter,
                            "tripoint_uuid": tripoint,
                            "chainage_m": place["chainage_m"],
                            "reference_features": _landmarks(rng),
                            "at": (along.coordinates[end] if tripoint else at),
                        }
                    )
                    if tripoint:
                        triple[tripoint] = uuid
        turning += _turning_points(along, chainages, line_uuid, code)
    at = np.array([row.pop("at") for row in rows])
    stakes = pd.DataFrame(rows)
    stakes["material"] = np.where(rng.random(len(stakes)) < 0.8, "花岗岩", "混凝土")
    stakes["grade"] = "county"
    stakes["height_m"] = np.round(rng.uniform(2, 60, len(stakes)) + 900 * np.clip(36.6 - at[:, 1], 0, 0.45) ** 1.5, 1)
    stakes["location"] = _locations(ground, at)
    stakes["description"] = [f"合成示例：位于{place}，在界线上" for place in stakes["location"]]
    stakes["size"], stakes["height_system"] = "20×20×120厘米", "1985国家高程基准"
    stakes["lettering"] = [f"界桩 {number}" for number in stakes["number"]]
    stakes["source"] = SYNTHETIC
    joined = pd.DataFrame(joins)
    joined["uuid"] = uuids_of("line_stake", joined["line_uuid"] + joined["stake_uuid"])
    point_at = np.array([row.pop("at") for row in turning])
    corners = pd.DataFrame(turning)
    corners["uuid"] = uuids_of("boundary_point", corners["number"])
    corners["source"] = SYNTHETIC
    return {
        "stake": frame("stake", stakes, shapely.points(at)),
        "line_stake": frame("line_stake", joined),
        "boundary_point": frame("boundary_point", corners, shapely.points(point_at)),
    }


def _turning_points(along: _Along, stakes: Floats, line_uuid: str, code: str) -> list[dict[str, Any]]:
    """Vertices of the line that are far enough from the stakes and from one another."""
    out: list[dict[str, Any]] = []
    last = -np.inf
    for chainage, position in zip(along.chainage[1:-1], along.coordinates[1:-1], strict=True):
        if chainage - last < _POINT_GAP_M or np.abs(stakes - chainage).min() < _POINT_GAP_M / 2:
            continue
        last = chainage
        out.append(
            {
                "line_uuid": line_uuid,
                "number": f"{code}-J{len(out) + 1:03d}",
                "chainage_m": round(float(chainage), 2),
                "description": "界线转折处",
                "at": position,
            }
        )
    return out
