"""陆地地形: hills, ridges, valleys, crags, caves and flats where the relief has room for them."""

from __future__ import annotations

import numpy as np

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import Ints
from layers.reference.demonstration.shapes import blobs, lines_within, strokes_that_fit
from layers.reference.demonstration.stock import HILLS
from layers.reference.demonstration.waters import BROOKS, GULLIES, RIVERS
from layers.reference.demonstration.world import World

_RIDGES_WITH_LINE = 300


def make_terrain(world: World) -> list[Places]:
    """3,210 landforms: 山 1,450, 岭埠 620, 峪沟 560, 崮顶崖 410, 洞口 120, 滩洼 50."""
    rng = world.chance.stream("terrain")
    taken: set[tuple[int, str]] = set()

    def at(key: str, nodes: Ints, endings: dict[str, float], code: str, rank: object, share: float) -> Places:
        xy, town = world.relief.xy[nodes], world.relief.town[nodes]
        village = world.namer.nearest(xy, town)
        generic = pick(rng, endings, len(nodes))
        names = put_together(world.namer.after(rng, village, HILLS, share), generic, town, taken)
        return Places(key, "terrain", names, generic, code, rank, xy, town, village)

    nodes = world.remote(rng, 1450, 75, 2000, 1.3)
    top = np.argsort(np.argsort(-world.relief.height[nodes]))
    hills = at("terrain/hill", nodes, {"山": 1}, "13400", np.select([top < 40, top < 200], [3, 6], 8), 0.72)

    ridges = at("terrain/ridge", world.remote(rng, 620, 28, 320, 0.2), {"岭": 2, "埠": 1}, "13500", 8, 0.45)
    paths = strokes_that_fit(
        rng, world.ground, ridges.xy[:_RIDGES_WITH_LINE], ridges.town[:_RIDGES_WITH_LINE],
        rng.uniform(0.8, 2.6, _RIDGES_WITH_LINE), rng.uniform(0, np.pi, _RIDGES_WITH_LINE),
    )  # fmt: skip
    ridges.line = lines_within(world.ground, list(paths), 5) + [None] * (620 - _RIDGES_WITH_LINE)

    rest = world.streams[RIVERS + BROOKS :]
    heights = np.array([world.relief.height[stream.nodes].mean() for stream in rest])
    order = np.sort(np.argsort(-heights, kind="stable")[:GULLIES])
    gullies = [rest[row] for row in order]
    middles = np.array([stream.nodes[len(stream.nodes) // 2] for stream in gullies])
    valleys = at("terrain/valley", middles, {"峪": 3, "沟": 2}, "13600", 9, 0.35)
    valleys.line = lines_within(world.ground, [world.relief.xy[stream.nodes] for stream in gullies], 4)

    crags = at("terrain/crag", world.remote(rng, 410, 150, 2000, 1.0), {"崮": 1, "顶": 2, "崖": 2}, "13420", 8, 0.7)
    caves = at("terrain/cave", world.remote(rng, 120, 120, 2000, 0.5), {"洞": 1, "口": 1}, "13700", 9, 0.6)
    caves.class_code = ["13700" if ending == "洞" else "13410" for ending in caves.generic]
    flats = at("terrain/flat", world.remote(rng, 50, 0, 22, 0.0), {"滩": 1, "洼": 2}, "13800", 7, 0.2)
    flats.area = blobs(rng, world.ground, flats.xy, flats.town, rng.uniform(0.4, 1.3, 50))
    return [hills, ridges, valleys, crags, caves, flats]
