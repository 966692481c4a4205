"""公路: roads that join seats, towns and villages, found as ways over the neighbourhood of the villages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, cKDTree

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.layout import SEATS
from layers.reference.demonstration.names import put_together
from layers.reference.demonstration.plane import Floats, Ints, to_plane
from layers.reference.demonstration.shapes import lines_within
from layers.reference.demonstration.world import World

NATIONAL, PROVINCIAL, COUNTY, RURAL = 12, 38, 170, 400
_LONGEST_KM = 9.0

#: National roads: generic part, name, and the seats passed between two ends of the city (N, E, S, W, NE …).
_NATIONAL = (
    ("高速公路", "青银高速公路", "W 781 725 704 785 E"),
    ("高速公路", "荣乌高速公路", "NW 783 703 786 NE"),
    ("高速公路", "长深高速公路", "N 783 781 724 S"),
    ("高速公路", "潍日高速公路", "703 725 784 782 S"),
    ("国道", "206国道", "786 703 705 704 784 782"),
    ("国道", "308国道", "W 781 725 702 705 785 SE"),
    ("国道", "309国道", "NW 783 702 705 786 E"),
    ("国道", "233国道", "783 781 724 SW"),
    ("国道", "341国道", "SE 782 784 724 SW"),
    ("国道", "516国道", "N 783 725 784 SE"),
    ("国道", "228国道", "NW 703 786 NE"),
    ("国道", "518国道", "E 785 782 S"),
)
_COMPASS = {
    "N": (0, 1), "S": (0, -1), "E": (1, 0), "W": (-1, 0),
    "NE": (0.7, 0.7), "NW": (-0.7, 0.7), "SE": (0.7, -0.7), "SW": (-0.7, -0.7),
}  # fmt: skip


@dataclass(frozen=True)
class Network:
    """Villages and town points with the connections a road may take."""

    xy: Floats
    edges: Ints
    length: Floats

    def graph(self, factor: Floats) -> Any:
        """The connections as a graph, each made longer by its factor."""
        a, b = self.edges.T
        weight = self.length * factor
        count = len(self.xy)
        return csr_matrix(
            (np.concatenate([weight, weight]), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(count, count)
        )


def network(world: World) -> Network:
    """Neighbouring villages and town points, connected within the city."""
    xy = np.vstack([world.xy, world.ground.sites])
    triangles = Delaunay(xy).simplices
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges = np.unique(edges.astype(np.int64), axis=0)
    length = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T)
    keep = (length < _LONGEST_KM) & (length > 0.02) & world.ground.within_city(xy[edges[:, 0]], xy[edges[:, 1]])
    return Network(xy, edges[keep], length[keep] ** 1.15)


def _way(before: Any, start: int, end: int) -> list[int]:
    """The way from ``start`` to ``end``; empty where there is none."""
    way = [end]
    while way[-1] != start:
        step = int(before[way[-1]])
        if step < 0:
            return []
        way.append(step)
    return way[::-1]


def _main_roads(world: World, net: Network) -> tuple[list[list[int]], list[list[int]]]:
    rng = world.chance.stream("roads/main")
    tree = cKDTree(net.xy)
    seats = {code[3:]: int(tree.query(to_plane(*at))[1]) for code, at in SEATS.items()}
    middle = net.xy.mean(axis=0)
    gates = {name: int(((net.xy - middle) @ np.array(way)).argmax()) for name, way in _COMPASS.items()}
    stops = seats | gates
    national = []
    for _, _, chain in _NATIONAL:
        graph = net.graph(rng.lognormal(0, 0.22, len(net.length)))
        nodes = [stops[name] for name in chain.split()]
        _, before = dijkstra(graph, indices=nodes, return_predecessors=True)
        way: list[int] = [nodes[0]]
        for row, (start, end) in enumerate(pairwise(nodes)):
            way += _way(before[row], start, end)[1:]
        national.append(_without_loops(way))

    ends = [*seats.values(), *gates.values()]
    pairs = [(a, b) for i, a in enumerate(ends) for b in ends[i + 1 :] if np.hypot(*(net.xy[a] - net.xy[b])) > 12]
    pairs.sort(key=lambda pair: float(np.hypot(*(net.xy[pair[0]] - net.xy[pair[1]]))))
    provincial = []
    for start, end in pairs[: 2 * PROVINCIAL]:
        graph = net.graph(rng.lognormal(0, 0.4, len(net.length)))
        way = _way(dijkstra(graph, indices=start, return_predecessors=True, limit=400)[1], start, end)
        if len(way) > 3:
            provincial.append(way)
        if len(provincial) == PROVINCIAL:
            break
    return national, provincial


def _without_loops(way: list[int]) -> list[int]:
    """A way that comes back to a place leaves the detour out."""
    out: list[int] = []
    at: dict[int, int] = {}
    for node in way:
        if node in at:
            for gone in out[at[node] + 1 :]:
                del at[gone]
            out = out[: at[node] + 1]
        else:
            at[node] = len(out)
            out.append(node)
    return out


def _county_roads(world: World, net: Network) -> list[list[int]]:
    """Ways between the points of neighbouring towns."""
    rng = world.chance.stream("roads/county")
    first = len(world.xy)
    triangles = Delaunay(world.ground.sites).simplices
    pairs = np.unique(np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), 1), axis=0)
    apart = np.hypot(*(world.ground.sites[pairs[:, 0]] - world.ground.sites[pairs[:, 1]]).T)
    order = np.argsort(apart + rng.uniform(0, 6, len(apart)))
    graph = net.graph(rng.lognormal(0, 0.2, len(net.length)))
    before = dijkstra(
        graph, indices=np.arange(first, first + len(world.ground.sites)), return_predecessors=True, limit=90
    )[1]
    ways = [_way(before[a], first + a, first + b) for a, b in pairs[order].tolist()]
    return [way for way in ways if len(way) > 2][:COUNTY]


def _rural_roads(net: Network, taken: list[list[int]]) -> list[list[int]]:
    """Branches that join the other villages to the roads above: the longest of a forest that grows from these."""
    sources = np.unique(np.concatenate([np.array(way) for way in taken]))
    distance, towards, _ = dijkstra(
        net.graph(np.ones(len(net.length))), indices=sources, return_predecessors=True, min_only=True
    )
    order = np.argsort(-np.where(np.isfinite(distance), distance, -1.0), kind="stable").tolist()
    down = towards.tolist()
    depth = [0] * len(net.xy)
    best: dict[int, int] = {}
    for node in order:
        below = down[node]
        if below >= 0 and depth[node] + 1 > depth[below]:
            depth[below] = depth[node] + 1
            best[below] = node
    ways = []
    for node in order:
        below = down[node]
        if below < 0 or (best[below] == node and down[below] >= 0):
            continue
        way = [below, node]
        while way[-1] in best:
            way.append(best[way[-1]])
        ways.append(way)
    ways.sort(key=lambda way: (-len(way), way))
    return ways[:RURAL]


def make_roads(world: World) -> Places:
    """620 roads: 国道 12, 省道 38, 县道 170, 乡道 400; each runs through the villages that it joins."""
    net = network(world)
    national, provincial = _main_roads(world, net)
    county = _county_roads(world, net)
    rural = _rural_roads(net, [*national, *provincial, *county])
    ways = [*national, *provincial, *county, *rural]
    middles = net.xy[[way[len(way) // 2] for way in ways]]
    town = world.ground.town_at(middles)
    generic = [g for g, _, _ in _NATIONAL] + ["省道"] * len(provincial) + ["公路"] * (len(county) + len(rural))
    local = [_joined(world, way) for way in [*county, *rural]]
    group = world.ground.town_county[town[len(national) + len(provincial) :]]
    names = [name for _, name, _ in _NATIONAL]
    names += [f"{number}省道" for number in [*range(220, 239), *range(308, 327)][: len(provincial)]]
    names += put_together(local, ["公路"] * len(local), group)
    code = ["23211"] * len(national) + ["23212"] * len(provincial) + ["23213"] * len(county) + ["23214"] * len(rural)
    rank = [5] * len(national) + [6] * len(provincial) + [8] * len(county) + [9] * len(rural)
    lines = lines_within(world.ground, [net.xy[way] for way in ways])
    village = world.namer.nearest(middles, town)
    return Places("transport/road", "transport", names, generic, code, rank, middles, town, village, line=lines)


def _joined(world: World, way: list[int]) -> str:
    """A road's name after its two ends, a character of each (弥河 and 王坟: 弥王)."""
    count = len(world.xy)

    def first(node: int) -> str:
        if node >= count:
            return str(world.ground.towns["name"].iloc[node - count]).removeprefix("高密市")[0]
        return str(world.namer.stems[node])[0]

    one, other = first(way[0]), first(way[-1])
    return one + other if one != other else one + str(world.namer.stems[min(way[len(way) // 2], count - 1)])[0]
