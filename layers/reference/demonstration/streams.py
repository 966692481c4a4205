"""Waters that run: a tree of streams that flow to the sea or out of the city, no two of which cross."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Ints, to_plane
from layers.reference.demonstration.relief import Relief

#: Rivers that everybody knows, with a few points near which the made-up course passes (source to mouth).
KNOWN_RIVERS: dict[str, tuple[tuple[float, float], ...]] = {
    "弥河": (
        (118.52, 36.17), (118.50, 36.35), (118.55, 36.52), (118.60, 36.66),
        (118.75, 36.84), (118.87, 36.97), (118.98, 37.16),
    ),
    "潍河": (
        (119.08, 35.86), (119.25, 35.93), (119.42, 36.02), (119.42, 36.25),
        (119.44, 36.45), (119.43, 36.70), (119.44, 36.88), (119.50, 37.08),
    ),
    "白浪河": ((118.92, 36.50), (119.03, 36.63), (119.10, 36.72), (119.14, 36.85), (119.16, 37.08)),
    "虞河": ((119.13, 36.60), (119.16, 36.71), (119.22, 36.86), (119.27, 37.05)),
    "丹河": ((118.76, 36.52), (118.83, 36.70), (118.88, 36.84), (119.00, 37.10)),
    "汶河": ((118.68, 36.33), (118.85, 36.42), (119.08, 36.42), (119.25, 36.45), (119.42, 36.48)),
    "渠河": ((118.93, 36.10), (119.15, 36.14), (119.33, 36.18), (119.42, 36.24)),
    "胶莱河": ((119.72, 36.50), (119.62, 36.66), (119.56, 36.86)),
    "北胶新河": ((119.93, 36.45), (119.78, 36.52), (119.66, 36.62)),
    "五龙河": ((119.62, 36.20), (119.72, 36.36), (119.74, 36.48)),
    "北阳河": ((118.38, 36.72), (118.46, 36.82), (118.62, 36.98), (118.72, 37.08)),
    "南阳河": ((118.36, 36.66), (118.48, 36.70), (118.60, 36.70)),
    "塌河": ((118.72, 37.02), (118.82, 37.12), (118.93, 37.20)),
    "扶淇河": ((119.43, 35.86), (119.42, 35.98)),
    "洪沟河": ((118.98, 36.34), (119.12, 36.36), (119.26, 36.42)),
}  # fmt: skip


#: Known rivers that leave the city or reach the sea.
_TO_THE_RIM = ("胶莱河", "弥河", "潍河", "白浪河", "丹河", "虞河", "塌河")


@dataclass(frozen=True)
class Stream:
    """One watercourse, source to mouth.

    Attributes
    ----------
    nodes
        Rows of the relief's points; a tributary ends in a point of the stream that it joins.
    basin
        Points of the relief that drain through its mouth.
    known
        Its name where it is one of `KNOWN_RIVERS`.
    """

    nodes: Ints
    basin: int
    known: str | None = None


def _along_known(relief: Relief) -> Ints:
    """For each point the number of the known river in whose corridor it lies, −1 for none."""
    out = np.full(len(relief.xy), -1)
    for number, course in enumerate(KNOWN_RIVERS.values()):
        bends = to_plane(*np.array(course).T)
        steps = [np.linspace(a, b, 60) for a, b in pairwise(bends)]
        near = cKDTree(np.vstack(steps)).query(relief.xy, distance_upper_bound=1.1)[0] < 1.1
        out[near & (out < 0)] = number
    return out


def _outlets(relief: Relief) -> Ints:
    """Points at which water leaves: along the coast, and where known rivers end; some low points of the rim."""
    north = relief.xy[:, 1] > to_plane(119.0, 37.0)[1]
    degree = np.bincount(relief.edges.ravel(), minlength=len(relief.xy))
    rim = degree <= 4
    coast = np.flatnonzero(rim & north & (relief.height < 26))
    low = np.flatnonzero(rim & ~north)
    low = low[relief.height[low] < np.quantile(relief.height[low], 0.16)]
    ends = [coast[::3], low[::6]]
    tree = cKDTree(relief.xy)
    ends += [np.atleast_1d(tree.query(to_plane(*KNOWN_RIVERS[name][-1]))[1]) for name in _TO_THE_RIM]
    return np.unique(np.concatenate(ends))


def drain(relief: Relief, chance: Chance) -> list[Stream]:
    """Find where water runs.

    Every point drains along the cheapest way to an outlet (downhill is cheap, known corridors cheaper); at a
    confluence the stream with the larger basin goes on and the others end.

    Returns
    -------
    list of Stream
        Largest basin first.
    """
    rng = chance.stream("streams")
    known = _along_known(relief)
    a, b = relief.edges.T
    length = np.hypot(*(relief.xy[a] - relief.xy[b]).T) * rng.lognormal(0, 0.35, len(a))
    same = (known[a] >= 0) & (known[a] == known[b])
    length = np.where(same, length * 0.22, length)
    # The search runs upstream from the outlets: a step to a lower point would be water that runs uphill.
    climb = np.clip((relief.height[a] - relief.height[b]) / 18.0, -4, 4)
    forth, back = length * np.exp(0.55 * np.clip(climb, 0, None)), length * np.exp(0.55 * np.clip(-climb, 0, None))
    count = len(relief.xy)
    graph = csr_matrix(
        (np.concatenate([forth, back]), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(count, count)
    )
    distance, towards, _ = dijkstra(graph, indices=_outlets(relief), return_predecessors=True, min_only=True)
    reached = np.isfinite(distance)
    order = np.argsort(-np.where(reached, distance, -1.0), kind="stable")
    basin = reached.astype(np.int64).tolist()
    down = towards.tolist()
    best: dict[int, int] = {}
    for node in order.tolist():
        below = down[node]
        if below >= 0:
            basin[below] += basin[node]
            if below not in best or basin[node] > basin[best[below]]:
                best[below] = node
    return _stems(np.asarray(basin), down, best, known)


def _stems(basin: Ints, down: list[int], best: dict[int, int], known: Ints) -> list[Stream]:
    """Cut the tree into streams: each goes up from its mouth along the larger branch."""
    streams = []
    names = list(KNOWN_RIVERS)
    for mouth in np.flatnonzero(basin >= 3).tolist():
        below = down[mouth]
        if below >= 0 and best[below] == mouth:
            continue
        path = [mouth]
        while path[-1] in best and basin[best[path[-1]]] >= 2:
            path.append(best[path[-1]])
        nodes = np.array(path[::-1] + ([below] if below >= 0 else []), dtype=np.int64)
        if len(nodes) >= 3:
            streams.append(Stream(nodes, int(basin[mouth])))
    streams.sort(key=lambda stream: (-stream.basin, int(stream.nodes[0])))
    taken: dict[int, int] = {}
    for number in range(len(names)):
        share = [int((known[stream.nodes] == number).sum()) for stream in streams[:400]]
        best_row = int(np.argmax(share))
        if share[best_row] >= 5 and best_row not in taken:
            taken[best_row] = number
    return [
        Stream(stream.nodes, stream.basin, names[taken[row]]) if row in taken else stream
        for row, stream in enumerate(streams)
    ]
