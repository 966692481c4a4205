"""水利电力通信设施: ponds, sluices, canals, dykes, reservoirs, substations, wells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import Floats, Ints, smooth, to_plane
from layers.reference.demonstration.relief import height_m
from layers.reference.demonstration.shapes import blobs, line, lines_within, strokes_that_fit
from layers.reference.demonstration.stock import RESERVOIRS
from layers.reference.demonstration.waters import Courses
from layers.reference.demonstration.world import World

PONDS, SLUICES, CANALS, DYKES, RESERVOIR_COUNT, SUBSTATIONS, WELLS = 1_750, 960, 560, 320, 690, 400, 300


def make_works(world: World, courses: Courses) -> list[Places]:
    """4,980 works: 塘坝 1,750, 闸泵 960, 渠堤 880, 水库 690, 变电站 400, 井 300."""
    rng = world.chance.stream("works")
    taken: set[tuple[int, str]] = set()

    def named(key: str, xy: Floats, generic: list[str], code: str, rank: object) -> Places:
        town = world.ground.town_at(xy)
        village = world.namer.nearest(xy, town)
        names = put_together(world.namer.after(rng, village), generic, town, taken)
        return Places(key, "hydraulic", names, generic, code, rank, xy, town, village)

    on_rivers = np.unique(np.concatenate([stream.nodes[1:-1] for stream in courses.streams]))
    small = np.unique(np.concatenate([stream.nodes[:-1] for stream in world.streams[len(courses.streams) :]]))
    small = np.setdiff1d(small, on_rivers)
    height = world.relief.height
    xy = world.relief.xy

    dams = rng.choice(small[height[small] > 30], size=PONDS, replace=False)
    parts = [named("hydraulic/pond", xy[dams], ["塘坝"] * PONDS, "24210", 9)]
    plain = on_rivers[height[on_rivers] < 75]
    gates = rng.choice(plain, size=SLUICES, replace=False)
    parts.append(
        named("hydraulic/sluice", xy[gates], pick(rng, {"闸": 3, "泵站": 2, "扬水站": 1}, SLUICES), "24300", 9)
    )

    rows = world.committees(rng, world.rural[height_m(world.xy)[world.rural] < 90], CANALS)
    middle = world.ground.scatter(rng, world.xy[rows], world.town[rows], 0.6)
    paths = strokes_that_fit(
        rng, world.ground, middle, world.town[rows], rng.uniform(1.0, 4.5, CANALS), rng.uniform(0, np.pi, CANALS)
    )
    canals = named("hydraulic/canal", paths[:, 1], pick(rng, {"干渠": 1, "支渠": 2, "渠": 2}, CANALS), "24500", 9)
    canals.line = lines_within(world.ground, list(paths), 4)
    parts.append(canals)
    parts.append(_dykes(world, rng, courses, named))
    parts.append(_reservoirs(world, rng, on_rivers, taken))
    for key, generic, code, count, spread in (
        ("substation", "变电站", "24600", SUBSTATIONS, 0.6),
        ("well", "井", "24100", WELLS, 0.12),
    ):
        rows = world.committees(rng, np.arange(len(world.xy)), count)
        at = world.ground.scatter(rng, world.xy[rows], world.town[rows], spread)
        parts.append(named(f"hydraulic/{key}", at, [generic] * count, code, 9))
    return parts


def _dykes(world: World, rng: np.random.Generator, courses: Courses, named: Callable[..., Places]) -> Places:
    """Dykes beside stretches of the larger rivers."""
    paths: list[Floats] = []
    large = [stream for stream in courses.streams if len(stream.nodes) > 12]
    while len(paths) < DYKES:
        stream = large[int(rng.integers(0, min(len(large), 140)))]
        start = int(rng.integers(1, len(stream.nodes) - 8))
        stretch = smooth(world.relief.xy[stream.nodes[start : start + int(rng.integers(4, 8))]], 4)
        way = np.gradient(stretch, axis=0)
        aside = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
        path = stretch + aside * (0.14 if rng.random() < 0.5 else -0.14)
        if (world.ground.county_at(path) >= 0).all():
            paths.append(path)
    middle = np.array([path[len(path) // 2] for path in paths])
    dykes = named("hydraulic/dyke", middle, pick(rng, {"大堤": 1, "堤": 2}, DYKES), "24400", 9)
    dykes.line = [line(path, 1) for path in paths]
    return dykes


def _reservoirs(world: World, rng: np.random.Generator, on_rivers: Ints, taken: set[tuple[int, str]]) -> Places:
    """Reservoirs on rivers and brooks: the large ones where they roughly are, the others made up."""
    known_xy = to_plane(*np.array([(lon, lat) for _, lon, lat, _ in RESERVOIRS]).T)
    pool = on_rivers[world.relief.height[on_rivers] > 22]
    apart = np.hypot(*(world.relief.xy[pool][:, None] - known_xy[None]).T).T
    large = pool[apart.argmin(axis=0)]
    free = pool[(apart > 5.0).all(axis=1)]
    weight = world.relief.height[free] ** 0.7
    small = rng.choice(free, size=RESERVOIR_COUNT - len(large), replace=False, p=weight / weight.sum())
    nodes = np.concatenate([large, small])
    xy, town = world.relief.xy[nodes], world.relief.town[nodes]
    village = world.namer.nearest(xy, town)
    known = [name for name, *_ in RESERVOIRS]
    taken.update((place, name) for place in range(len(world.ground.towns)) for name in known)
    names = known + put_together(
        world.namer.after(rng, village[len(known) :]), ["水库"] * len(small), town[len(known) :], taken
    )
    radius = np.concatenate(
        [[size for *_, size in RESERVOIRS], np.clip(rng.lognormal(-1.9, 0.5, len(small)), 0.06, 0.7)]
    )
    rank = np.select([radius > 0.8, radius > 0.35], [3, 7], 9)
    areas = blobs(rng, world.ground, xy, town, radius)
    return Places("hydraulic/reservoir", "hydraulic", names, "水库", "24230", rank, xy, town, village, area=areas)
