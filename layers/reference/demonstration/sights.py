"""纪念地旅游景点, 建筑物 and the made-up 非行政区域."""

from __future__ import annotations

import numpy as np

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import Ints, to_plane
from layers.reference.demonstration.shapes import blobs
from layers.reference.demonstration.stock import ESTATES, HILLS, PARKS, SIGHTS, STREETS
from layers.reference.demonstration.world import World

#: key → (count, endings, codes by ending or one, spread in km, stock, its share, urban)
_AT_COMMITTEES: tuple[tuple[str, int, dict[str, float], str, float, tuple[str, ...], float, bool], ...] = (
    ("memorial/site", 480, {"遗址": 6, "墓群": 2, "古墓": 2}, "25100", 0.7, (), 0.0, False),
    ("memorial/cemetery", 310, {"烈士陵园": 2, "纪念碑": 3}, "25100", 0.4, (), 0.0, False),
    ("memorial/temple", 240, {"寺": 2, "庙": 3, "祠": 1}, "25100", 0.4, HILLS, 0.3, False),
    ("memorial/park", 190, {"公园": 1}, "25200", 0.5, PARKS, 0.5, True),
    ("building/tower", 620, {"大厦": 1}, "26100", 0.4, ESTATES, 0.8, True),
    ("building/square", 310, {"广场": 1}, "26310", 0.4, STREETS, 0.7, True),
    ("building/market", 260, {"市场": 1}, "26100", 0.3, STREETS, 0.3, True),
    ("building/pavilion", 140, {"亭": 3, "台": 2, "塔": 2}, "26210", 0.6, HILLS, 0.6, False),
    ("building/stadium", 100, {"体育场": 1, "体育馆": 1}, "26310", 0.4, (), 0.0, True),
)
_PAVILIONS = {"亭": "26210", "台": "26220", "塔": "26240"}


def make_sights(world: World) -> list[Places]:
    """1,310 memorials and sights (遗址墓 480, 陵园碑 310, 寺庙祠 240, 公园 190, 景区 90) and 1,430 buildings."""
    parts = []
    for key, count, endings, code, spread, stock, share, urban in _AT_COMMITTEES:
        rng = world.chance.stream(key)
        rows = world.committees(rng, world.urban if urban else world.rural, count, twice=count > 400 and urban)
        town = world.town[rows]
        generic = pick(rng, endings, count)
        names = put_together(world.namer.after(rng, rows, stock, share), generic, town)
        xy = world.ground.scatter(rng, world.xy[rows], town, spread)
        part = Places(
            key, key.split("/")[0], names, generic, code, 8 if key.startswith("memorial") else 9, xy, town, rows
        )
        if key == "building/pavilion":
            part.class_code = [_PAVILIONS[ending] for ending in generic]
        if key == "memorial/park":
            part.rank = 6
            part.area = blobs(rng, world.ground, xy, town, rng.uniform(0.1, 0.45, count))
        parts.append(part)
    return [*parts[:4], _scenery(world), *parts[4:]]


def _scenery(world: World) -> Places:
    rng = world.chance.stream("memorial/scenery")
    count = 90
    known = to_plane(*np.array([(lon, lat) for *_, lon, lat in SIGHTS]).T)
    nodes = world.remote(rng, count - len(known), 60, 2000, 1.0)
    xy = np.vstack([known, world.relief.xy[nodes]])
    town = world.ground.town_at(xy)
    village = world.namer.nearest(xy, town)
    generic = [ending for _, ending, _, _ in SIGHTS] + ["景区"] * len(nodes)
    hills = [
        stem if len(stem) > 2 else stem + "山" for stem in world.namer.after(rng, village[len(known) :], HILLS, 0.8)
    ]
    names = [name for name, *_ in SIGHTS] + put_together(hills, generic[len(known) :], town[len(known) :])
    rank = np.where(np.arange(count) < len(known), 3, 5)
    areas = blobs(rng, world.ground, xy, town, rng.uniform(0.3, 1.1, count))
    return Places("memorial/scenery", "memorial", names, generic, "25300", rank, xy, town, village, area=areas)


def make_areas(world: World) -> list[Places]:
    """The 680 made-up 非行政区域: 园区 300, 林场 140, 盐场 60, 片区 180."""
    rng = world.chance.stream("nondivision")
    ground = world.ground

    def part(
        key: str, xy: np.ndarray, town: Ints, endings: dict[str, float], code: str, stock: tuple[str, ...]
    ) -> Places:
        village = world.namer.nearest(xy, town)
        generic = pick(rng, endings, len(xy))
        stems = [
            stem if len(stem) > 1 else stem + "山"
            for stem in world.namer.after(rng, village, stock, 0.3 if stock else 0.0)
        ]
        names = put_together(stems, generic, town)
        return Places(key, "nondivision", names, generic, code, 7, xy, town, village)

    near = world.committees(rng, np.concatenate([world.urban, world.rural[::5]]), 300)
    parks = part(
        "nondivision/park", ground.scatter(rng, world.xy[near], world.town[near], 1.0), world.town[near],
        {"工业园": 3, "产业园": 3, "物流园": 1, "科技园": 1}, "21730", (),
    )  # fmt: skip
    nodes = world.remote(rng, 140, 110, 2000, 0.7)
    woods = part("nondivision/wood", world.relief.xy[nodes], world.relief.town[nodes], {"林场": 1}, "21720", HILLS)
    coast = np.flatnonzero(world.relief.xy[:, 1] > to_plane(119.0, 37.03)[1])
    nodes = rng.choice(coast, size=60, replace=False)
    pans = part("nondivision/salt", world.relief.xy[nodes], world.relief.town[nodes], {"盐场": 1}, "21720", ())
    near = world.committees(rng, world.urban, 180)
    quarters = part(
        "nondivision/quarter", ground.scatter(rng, world.xy[near], world.town[near], 0.5), world.town[near],
        {"片区": 1}, "21770", STREETS,
    )  # fmt: skip
    return [parks, woods, pans, quarters]
