"""Names of made-up places: after the village that they lie at, or from the stock; none twice in one town and class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from layers.reference.demonstration.plane import Floats, Ints
from layers.reference.demonstration.stock import PREFIXES

_STEM = r"(?<=..)(?:社区|[东西南北前后中一二三四五六七八九十]+村|村)$"


class Namer:
    """The committees as a stock of names.

    Parameters
    ----------
    villages
        With ``base``.
    xy, town
        Their positions and town rows.
    """

    def __init__(self, villages: pd.DataFrame, xy: Floats, town: Ints) -> None:
        stem = villages["base"].str.replace("社区$", "", regex=True)
        self.stems = stem.str.replace(_STEM, "", regex=True).to_numpy(dtype=object)
        self.xy, self.town = xy, town
        self._tree = cKDTree(xy)
        self._any = pd.Series(np.arange(len(town))).groupby(town).first()

    def nearest(self, xy: Floats, town: Ints) -> Ints:
        """Row of the nearest committee of the same town."""
        near = self._tree.query(xy, k=12)[1]
        same = self.town[near] == town[:, None]
        first = near[np.arange(len(xy)), same.argmax(axis=1)]
        out = np.where(same.any(axis=1), first, self._any.reindex(town).to_numpy())
        return np.asarray(out, dtype=np.int64)

    def after(
        self, rng: np.random.Generator, village: Ints, stock: Sequence[str] = (), share: float = 0.0
    ) -> list[str]:
        """Specific parts after villages; a share of them from a stock."""
        stems = self.stems[village]
        if not stock:
            return list(stems)
        other = np.asarray(stock, dtype=object)[rng.integers(0, len(stock), len(village))]
        return list(np.where(rng.random(len(village)) < share, other, stems))


def pick(rng: np.random.Generator, choices: Mapping[str, float], count: int) -> list[str]:
    """Generic parts by weight."""
    weight = np.array(list(choices.values()), dtype=float)
    chosen = rng.choice(len(weight), size=count, p=weight / weight.sum())
    return list(np.asarray(list(choices), dtype=object)[chosen])


def put_together(
    specific: Sequence[str], generic: Sequence[str], group: Ints, taken: set[tuple[int, str]] | None = None
) -> list[str]:
    """Specific and generic parts joined, so that no name occurs twice in its group (town).

    A name that is there already gets a prefix as real names have it (东, 西, 前, 后, 大, 小 …).

    Parameters
    ----------
    taken
        Names that are there already; those made are added.
    """
    seen = taken if taken is not None else set()
    out = []
    for stem, ending, place in zip(specific, generic, group.tolist(), strict=True):
        # 张家河 + 河: the ending is there already
        root = stem[: -len(ending)] if ending and stem.endswith(ending) and len(stem) > len(ending) else stem
        name = next(
            candidate
            for candidate in _candidates(root, ending)
            if (place, candidate) not in seen and (len(candidate) > 1)
        )
        seen.add((place, name))
        out.append(name)
    return out


def _candidates(root: str, ending: str) -> Iterator[str]:
    """Names to try, the plain one first."""
    yield root + ending
    for prefix in PREFIXES:
        if not root.startswith(prefix):
            yield prefix + root + ending
    for first in PREFIXES:
        for second in PREFIXES:
            yield first + second + root + ending
