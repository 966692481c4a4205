"""桥: where a road or street crosses a river or brook; and stations, car parks and the like."""

from __future__ import annotations

import numpy as np
import shapely

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import to_plane
from layers.reference.demonstration.waters import Courses
from layers.reference.demonstration.world import World

BRIDGES = 3_600
_APART_KM = 0.06

#: Kinds of the 300 others: generic part → (weight, class code).
_OTHERS = {
    "停车场": (130, "23540"),
    "加油站": (110, "23660"),
    "环岛": (20, "23650"),
    "道口": (25, "23330"),
    "隧道": (15, "23620"),
}
_STATIONS = {"公交站": (370, "23530"), "汽车站": (62, "23220"), "火车站": (18, "23320")}


def make_bridges(world: World, roads: Places, streets: Places, courses: Courses) -> Places:
    """3,600 bridges, each on a road or street and on a river or brook.

    Raises
    ------
    ValueError
        If roads and waters cross less often.
    """
    ways = np.concatenate([np.asarray(roads.line, dtype=object), np.asarray(streets.line, dtype=object)])
    waters = np.asarray(courses.lines, dtype=object)
    water, way = shapely.STRtree(ways).query(waters, predicate="intersects")
    at = shapely.intersection(ways[way], waters[water])
    at, pair = shapely.get_parts(at, return_index=True)
    is_point = shapely.get_type_id(at) == 0
    lonlat = shapely.get_coordinates(at[is_point])
    way, water = way[pair[is_point]], water[pair[is_point]]
    xy = to_plane(*lonlat.T)
    town = world.ground.town_at(xy)
    # Roads first, on the larger rivers; then streets.
    order = np.lexsort((water, way, way >= len(roads)))
    cells = np.floor(xy[order] / _APART_KM).astype(np.int64)
    _, first = np.unique(cells, axis=0, return_index=True)
    order = order[np.sort(first)]
    order = order[town[order] >= 0][:BRIDGES]
    if len(order) < BRIDGES:
        raise ValueError(f"only {len(order)} crossings of roads and waters for {BRIDGES} bridges")
    xy, town, way, water = xy[order], town[order], way[order], water[order]
    village = world.namer.nearest(xy, town)
    rng = world.chance.stream("bridges")
    known = np.array([stream.known is not None for stream in courses.streams])[water]
    generic = ["大桥" if large else "桥" for large in known & (way < 220)]
    after_river = rng.random(BRIDGES) < 0.12
    stems = [
        courses.names[w] if river else str(stem)
        for w, river, stem in zip(water, after_river, world.namer.stems[village], strict=True)
    ]
    names = put_together(stems, generic, town)
    rank = np.where([ending == "大桥" for ending in generic], 7, 9)
    return Places("transport/bridge", "transport", names, generic, "23610", rank, xy, town, village)


def make_stops(world: World) -> list[Places]:
    """450 stations and 300 other places of transport."""
    rng = world.chance.stream("stops")
    parts = []
    for key, kinds, count in (("station", _STATIONS, 450), ("other", _OTHERS, 300)):
        generic = pick(rng, {name: weight for name, (weight, _) in kinds.items()}, count)
        pool = np.concatenate([world.urban, world.rural[:: 4 if key == "station" else 6]])
        village = world.committees(rng, pool, count)
        xy = world.ground.scatter(rng, world.xy[village], world.town[village], 0.2)
        town = world.town[village]
        names = put_together(world.namer.after(rng, village), generic, town)
        code = [kinds[name][1] for name in generic]
        rank = [6 if name in {"汽车站", "火车站"} else 9 for name in generic]
        parts.append(Places(f"transport/{key}", "transport", names, generic, code, rank, xy, town, village))
    return parts
