"""Made-up positions of the 7,060 committees: clusters round their town's point, communities densely."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.reference import readers
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Floats, Ints


def _cell_candidates(rng: np.random.Generator, ground: Ground, town: int, reach: float, count: int) -> Floats:
    """Points of a town's cell, denser towards the town's point."""
    site = ground.sites[town]
    found = np.empty((0, 2))
    for _ in range(12):
        angle = rng.uniform(0, 2 * np.pi, 3 * count)
        distance = reach * rng.power(1.35, 3 * count)
        trial = site + distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        found = np.vstack([found, trial[ground.belongs(trial, np.full(len(trial), town))]])
        if len(found) >= count:
            break
    return found


def _spaced(candidates: Floats, count: int, gap: float) -> Floats:
    """The first ``count`` candidates that keep a distance from one another; the distance gives way if it must."""
    chosen = np.empty((count, 2))
    filled = 0
    while filled < count:
        for point in candidates:
            if filled == count:
                break
            if not filled or np.min(((chosen[:filled] - point) ** 2).sum(axis=1)) > gap * gap:
                chosen[filled] = point
                filled += 1
        gap *= 0.7
    return chosen


def place_villages(ground: Ground, chance: Chance) -> tuple[pd.DataFrame, Floats, Ints]:
    """Committees with a position.

    Returns
    -------
    villages
        `readers.villages` in the order of codes, with ``base`` (the name without the committee's ending).
    xy
        Position of each on the plane, in the cell of its town.
    town
        Town row of each.
    """
    villages = readers.villages().sort_values("code", ignore_index=True)
    endings = r"(?:村民委员会|居民委员会|居民委会|委员会|村委会|居委会|村村会)$"
    villages["base"] = villages["name"].str.replace(endings, "", regex=True)
    town = villages["town_code"].map({code: row for row, code in enumerate(ground.towns["code"])}).to_numpy(np.int64)
    urban = (villages["kind"] == "居委会").to_numpy()
    xy = np.empty((len(villages), 2))
    rng = chance.stream("villages")
    for row in range(len(ground.towns)):
        mine = np.flatnonzero(town == row)
        dense, wide = mine[urban[mine]], mine[~urban[mine]]
        reach = float(np.clip(max(1.15 * np.sqrt(len(mine)) + 0.5, 1.6 * ground.radius[row]), 2.5, 13.0))
        if len(dense):
            near = _cell_candidates(
                rng, ground, row, float(min(0.5 + 0.42 * np.sqrt(len(dense)), reach)), 12 * len(dense)
            )
            xy[dense] = _spaced(near, len(dense), 0.45)
        if len(wide):
            far = _cell_candidates(rng, ground, row, reach, 10 * len(wide))
            # Villages keep clear of the town's very centre, where communities and streets are.
            outside = far[np.hypot(*(far - ground.sites[row]).T) > 0.5]
            xy[wide] = _spaced(outside if len(outside) > 3 else far, len(wide), 0.85)
    return villages, xy, town
