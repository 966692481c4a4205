"""What the makers of places share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.names import Namer
from layers.reference.demonstration.people import People
from layers.reference.demonstration.plane import Floats, Ints
from layers.reference.demonstration.relief import Relief
from layers.reference.demonstration.streams import Stream


@dataclass(frozen=True)
class World:
    """Ground, committees, people, relief and waters, and the stock of names."""

    chance: Chance
    ground: Ground
    villages: pd.DataFrame
    xy: Floats
    town: Ints
    people: People
    relief: Relief
    streams: list[Stream]
    namer: Namer

    @property
    def urban(self) -> Ints:
        """Rows of the residents' committees."""
        return np.flatnonzero((self.villages["kind"] == "居委会").to_numpy())

    @property
    def rural(self) -> Ints:
        """Rows of the village committees."""
        return np.flatnonzero((self.villages["kind"] == "村委会").to_numpy())

    def committees(self, rng: np.random.Generator, pool: Ints, count: int, *, twice: bool = False) -> Ints:
        """Rows of committees chosen by their people; ``twice`` lets one be chosen again."""
        weight = self.people.total[pool].astype(float) ** 0.8
        return np.asarray(rng.choice(pool, size=count, replace=twice, p=weight / weight.sum()))

    def remote(self, rng: np.random.Generator, count: int, low: float, high: float, power: float = 1.0) -> Ints:
        """Points of the relief between two heights, higher ones more often for a positive power."""
        height = self.relief.height
        pool = np.flatnonzero((height >= low) & (height <= high))
        weight = height[pool] ** power
        return np.sort(rng.choice(pool, size=count, replace=False, p=weight / weight.sum()))
