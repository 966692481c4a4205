"""陆地水系: rivers and brooks along the streams, springs, ponds and lakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import Floats, Ints
from layers.reference.demonstration.shapes import blobs, lines_within
from layers.reference.demonstration.stock import SPRINGS, WATERS
from layers.reference.demonstration.streams import Stream
from layers.reference.demonstration.world import World

RIVERS, BROOKS, GULLIES = 870, 260, 560


@dataclass(frozen=True)
class Courses:
    """Streams with a name, and their lines: first the rivers, then the brooks."""

    streams: list[Stream]
    names: list[str]
    lines: list[Any]


def _middle(stream: Stream) -> int:
    """The point of the relief in the middle of a stream: where its name stands."""
    return int(stream.nodes[len(stream.nodes) // 2])


def _named(world: World, streams: list[Stream], generic: list[str], key: str) -> tuple[Floats, Ints, Ints, list[str]]:
    rng = world.chance.stream(key)
    nodes = np.array([_middle(stream) for stream in streams])
    xy, town = world.relief.xy[nodes], world.relief.town[nodes]
    village = world.namer.nearest(xy, town)
    stems = world.namer.after(rng, village, WATERS, 0.25)
    county = world.ground.town_county[town]
    known = {(int(c), s.known) for c, s in zip(county, streams, strict=True) if s.known}
    names = put_together(stems, generic, county, known)
    return xy, town, village, [stream.known or name for stream, name in zip(streams, names, strict=True)]


def make_waters(world: World) -> tuple[list[Places], Courses]:
    """1,520 waters: 河 870, 沟溪 260, 泉 190, 湾 150, 湖 50; and the courses for bridges, dams and sluices."""
    rng = world.chance.stream("waters")
    rivers = world.streams[:RIVERS]
    brooks = world.streams[RIVERS : RIVERS + BROOKS]
    xy, town, village, names = _named(world, rivers, ["河"] * RIVERS, "rivers")
    lines = lines_within(world.ground, [world.relief.xy[stream.nodes] for stream in rivers], 4)
    size = np.array([stream.basin for stream in rivers])
    known = np.array([stream.known is not None for stream in rivers])
    rank = np.where(known, 3, np.select([size > 250, size > 80, size > 30], [5, 6, 7], 8))
    parts = [Places("water/river", "water", names, "河", "12100", rank, xy, town, village, line=lines)]

    generic = pick(rng, {"沟": 3, "溪": 1}, BROOKS)
    brook_xy, brook_town, brook_village, brook_names = _named(world, brooks, generic, "brooks")
    brook_lines = lines_within(world.ground, [world.relief.xy[stream.nodes] for stream in brooks], 4)
    parts.append(
        Places(
            "water/brook",
            "water",
            brook_names,
            generic,
            "12110",
            9,
            brook_xy,
            brook_town,
            brook_village,
            line=brook_lines,
        )
    )

    nodes = world.remote(rng, 190, 55, 900, 0.6)
    parts.append(_points(world, rng, "water/spring", world.relief.xy[nodes], "泉", "12500", 8, SPRINGS, 0.5))
    at = world.committees(rng, world.rural, 150)
    pond = world.ground.scatter(rng, world.xy[at], world.town[at], 0.25)
    parts.append(_points(world, rng, "water/pond", pond, "湾", "12210", 9, WATERS, 0.2))
    nodes = world.remote(rng, 50, 8, 70, 0.0)
    lakes = _points(world, rng, "water/lake", world.relief.xy[nodes], "湖", "12200", 6, WATERS, 0.4)
    lakes.area = blobs(rng, world.ground, lakes.xy, lakes.town, rng.uniform(0.18, 0.6, 50))
    parts.append(lakes)
    return parts, Courses(rivers + brooks, names + brook_names, lines + brook_lines)


def _points(
    world: World, rng: np.random.Generator, key: str, xy: Floats, generic: str, code: str, rank: int,
    stock: tuple[str, ...], share: float,
) -> Places:  # fmt: skip
    town = world.ground.town_at(xy)
    village = world.namer.nearest(xy, town)
    endings = [generic] * len(xy)
    names = put_together(world.namer.after(rng, village, stock, share), endings, town)
    return Places(key, "water", names, endings, code, rank, xy, town, village)
