"""The place names while flaws are put into them: which rows are still free, and what has been changed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gis.measure import metres_per_degree
from gis.toponym import romanize, split_name
from layers.reference.demonstration.identity import Chance

_CHANGED = (
    *("name", "roman", "specific", "generic", "class_code", "place_code", "county_code", "town_code", "village_code"),
    *("meaning", "registered_by", "usage", "description", "established", "abolished", "note"),
)


class Seeder:
    """The place names with the rows that have not been touched yet.

    Parameters
    ----------
    places
        Frame ``place``; it is not changed: `columns` are copies.
    chance
        Which rows are taken.
    """

    def __init__(self, places: pd.DataFrame, chance: Chance) -> None:
        self.places = places
        self.rng = chance.stream("flaws")
        self.columns = {name: places[name].to_numpy(dtype=object).copy() for name in _CHANGED}
        self.estates = self.shuffled(places["class_code"] == "22100")
        self.historical = self.shuffled(places["usage"] == "historical")
        self.found: list[tuple[str, str, str]] = []
        #: Towns in which a name was changed: none gets a second one, so that no flaw makes another.
        self.towns: set[str] = set()
        self.names = set(zip(places["town_code"], places["name"], strict=True))

    def shuffled(self, mask: pd.Series) -> list[int]:
        """Rows of a mask in an order by chance."""
        return list(self.rng.permutation(np.flatnonzero(mask.to_numpy())).tolist())

    def take(self) -> int:
        """An estate that has no flaw yet."""
        return int(self.estates.pop())

    def take_plain(self) -> int:
        """One whose specific part alone is no other name of its town and has no generic part."""
        while True:
            row = self.take()
            specific = str(self.columns["specific"][row])
            if split_name(specific)[1] == "" and (self.columns["town_code"][row], specific) not in self.names:
                return row

    def take_for(self, name: str) -> int:
        """One in whose town nothing is called so."""
        while True:
            row = self.take()
            if (self.columns["town_code"][row], name) not in self.names:
                return row

    def note(self, row: int, field: str, rule: str) -> None:
        """Write a flaw down."""
        self.found.append((str(self.places["uuid"].iloc[row]), field, rule))

    def set(self, row: int, field: str, value: str | None, rule: str) -> None:
        """Change one field, and write it down."""
        self.columns[field][row] = value
        self.note(row, field, rule)

    def rename(self, row: int, specific: str, generic: str, rule: str, field: str = "name") -> None:
        """Give a row another name with its pinyin."""
        self.columns["name"][row] = specific + generic
        self.names.add((self.columns["town_code"][row], specific + generic))
        self.columns["specific"][row] = specific
        self.columns["generic"][row] = generic
        self.columns["roman"][row] = romanize(specific + generic, generic=generic)
        self.note(row, field, rule)

    def beside(self) -> Iterator[tuple[int, int]]:
        """Pairs of free estates of two towns, less than 300 m apart, each in no other pair."""
        rows = np.array(sorted(self.estates))
        lonlat = shapely.get_coordinates(self.places["geom"].to_numpy()[rows])
        tree = cKDTree(lonlat * np.array(metres_per_degree(float(lonlat[:, 1].mean()))))
        pairs = tree.query_pairs(290.0, output_type="ndarray")
        town = self.columns["town_code"][rows]
        pairs = pairs[town[pairs[:, 0]] != town[pairs[:, 1]]]
        pairs = self.rng.permutation(pairs[np.lexsort(pairs.T)])
        used: set[int] = set()
        for row, other in rows[pairs].tolist():
            if used.isdisjoint((row, other)):
                used.update((row, other))
                yield row, other

    def elsewhere(self, row: int) -> int:
        """An estate in another county, in a town that has no place of this name."""
        county, town, name = (self.columns[field] for field in ("county_code", "town_code", "name"))
        return next(r for r in self.estates if county[r] != county[row] and (town[r], name[row]) not in self.names)

    def claim(self, other: int, row: int) -> None:
        """Keep the name of ``row`` for the town of ``other``."""
        self.names.add((self.columns["town_code"][other], self.columns["name"][row]))

    def result(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The places with their flaws, and the list of these."""
        flawed = self.places.copy()
        for name, values in self.columns.items():
            flawed[name] = pd.Series(values, index=self.places.index, dtype="str")
        found = pd.DataFrame(self.found, columns=["uuid", "field", "rule"])
        return flawed, found.sort_values(["rule", "uuid"], ignore_index=True)
