"""Flaws that are put into the place names on purpose, a known number for each rule of the place-name check.

Only rows that are made up anyway are touched, and none of their classes, so that every count stays as it is. The list
(record, field, rule) is `flaws.csv` beside this file for the register that the product ships.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.toponym import romanize, split_name
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Ints

#: Rule → number of rows. Coordinates out of range are left out: a register with such a point has no usable map.
COUNTS: dict[str, int] = {
    "generic-missing": 12,
    "generic-mismatch": 12,
    "nonstandard-character": 10,
    "foreign-name": 8,
    "company-name": 6,
    "duplicate-name": 10,
    "same-sound": 10,
    "one-character-apart": 10,
    "code-division": 12,
    "code-class": 12,
    "outside-division": 8,
    "mandatory-missing": 15,
    "dates-out-of-order": 8,
}

_NONSTANDARD = ("麗景", "陽光", "華府", "羣贤", "峯景", "邨居", "龍湖", "鳳鸣", "錦绣", "雲鼎")
_FOREIGN = ("曼哈顿", "威尼斯", "塞纳", "巴黎春天", "莱茵", "罗马", "维也纳", "普罗旺斯")
_COMPANIES = ("示范集团", "样板地产", "范例实业", "演示置业", "样例酒业", "示例电子")
_SOUNDS = {
    "安": "岸",
    "华": "桦",
    "景": "静",
    "泰": "太",
    "福": "富",
    "和": "河",
    "金": "锦",
    "园": "源",
    "丰": "峰",
    "康": "糠",
}
_MANDATORY = ("roman", "meaning", "registered_by", "usage", "description")


class _Seeder:
    """The place names with the rows that have not been touched yet."""

    def __init__(self, places: pd.DataFrame, chance: Chance) -> None:
        self.places = places
        self.rng = chance.stream("flaws")
        self.columns = {
            name: places[name].to_numpy(dtype=object).copy()
            for name in (
                *("name", "roman", "specific", "generic", "place_code", "county_code", "town_code", "village_code"),
                *("meaning", "registered_by", "usage", "description", "established", "abolished"),
            )
        }
        self.estates = self._shuffled(places["class_code"] == "22100")
        self.historical = self._shuffled(places["usage"] == "historical")
        self.found: list[tuple[str, str, str]] = []
        #: Towns in which a name was changed: none gets a second one, so that no flaw makes another.
        self._towns: set[str] = set()
        self._names = set(zip(places["town_code"], places["name"], strict=True))

    def _shuffled(self, mask: pd.Series) -> list[int]:
        return list(self.rng.permutation(np.flatnonzero(mask.to_numpy())).tolist())

    def take(self) -> int:
        """An estate that has no flaw yet."""
        return int(self.estates.pop())

    def take_plain(self) -> int:
        """One whose specific part alone is no other name of its town and has no generic part."""
        while True:
            row = self.take()
            specific = str(self.columns["specific"][row])
            if split_name(specific)[1] == "" and (self.columns["town_code"][row], specific) not in self._names:
                return row

    def note(self, row: int, field: str, rule: str) -> None:
        self.found.append((str(self.places["uuid"].iloc[row]), field, rule))

    def rename(self, row: int, specific: str, generic: str, rule: str, field: str = "name") -> None:
        """Give a row another name with its pinyin."""
        self.columns["name"][row] = specific + generic
        self._names.add((self.columns["town_code"][row], specific + generic))
        self.columns["specific"][row] = specific
        self.columns["generic"][row] = generic
        self.columns["roman"][row] = romanize(specific + generic, generic=generic)
        self.note(row, field, rule)

    def names(self, rule: str, stems: Sequence[str], generic: str) -> None:
        for stem in stems[: COUNTS[rule]]:
            self.rename(self.take(), stem, generic, rule)

    def pairs(self, rule: str) -> None:
        """Give one of two estates of a town a name like the other's."""
        town = self.columns["town_code"]
        done = 0
        while done < COUNTS[rule]:
            row = self.take()
            if town[row] in self._towns:
                continue
            model = next((r for r in self.estates if town[r] == town[row]), None)
            if model is None:
                continue
            specific, generic = str(self.columns["specific"][model]), str(self.columns["generic"][model])
            changed = _like(specific, rule)
            if changed is None or (rule != "duplicate-name" and (town[row], changed + generic) in self._names):
                continue
            self.estates.remove(model)
            self._towns.add(str(town[row]))
            self.rename(row, changed, generic, rule)
            done += 1

    def elsewhere(self, row: int) -> int:
        """An estate in another county, in a town that has no place of this name."""
        county, town, name = (self.columns[field] for field in ("county_code", "town_code", "name"))
        return next(r for r in self.estates if county[r] != county[row] and (town[r], name[row]) not in self._names)

    def claim(self, other: int, row: int) -> None:
        """Keep the name of ``row`` for the town of ``other``."""
        self._names.add((self.columns["town_code"][other], self.columns["name"][row]))


def _like(specific: str, rule: str) -> str | None:
    """A name that equals, sounds like or nearly equals another."""
    if rule == "duplicate-name":
        return specific
    if rule == "one-character-apart":
        return "佳" + specific[1:] if len(specific) > 1 and specific[0] != "佳" else None
    return next((specific.replace(a, b, 1) for a, b in _SOUNDS.items() if a in specific), None)


def seed_flaws(places: pd.DataFrame, chance: Chance) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the flaws into the place names.

    Parameters
    ----------
    places
        Frame ``place`` without flaws; it is not changed.
    chance
        Which rows.

    Returns
    -------
    places
        With the flaws.
    flaws
        ``uuid, field, rule``, one row per flaw, ordered by rule and uuid.
    """
    seeder = _Seeder(places, chance)
    columns = seeder.columns
    for rule in ("duplicate-name", "same-sound", "one-character-apart"):
        seeder.pairs(rule)
    for _ in range(COUNTS["generic-missing"]):
        row = seeder.take_plain()
        seeder.rename(row, str(columns["specific"][row]), "", "generic-missing", "generic")
    for _ in range(COUNTS["generic-mismatch"]):
        row = seeder.take()
        seeder.rename(row, str(columns["specific"][row]), "大桥", "generic-mismatch", "generic")
    seeder.names("nonstandard-character", _NONSTANDARD, "小区")
    seeder.names("foreign-name", _FOREIGN, "花园")
    seeder.names("company-name", _COMPANIES, "花园")
    for _ in range(COUNTS["code-division"]):
        row = seeder.take()
        other = str(columns["place_code"][seeder.elsewhere(row)])
        columns["place_code"][row] = other[:9] + str(columns["place_code"][row])[9:14] + "9" + f"{row % 100_000:05d}"
        seeder.note(row, "place_code", "code-division")
    for _ in range(COUNTS["code-class"]):
        row = seeder.take()
        code = str(columns["place_code"][row])
        columns["place_code"][row] = code[:9] + "23610" + "9" + f"{row % 100_000:05d}"
        seeder.note(row, "place_code", "code-class")
    for _ in range(COUNTS["outside-division"]):
        row = seeder.take()
        other_row = seeder.elsewhere(row)
        seeder.claim(other_row, row)
        for field in ("county_code", "town_code", "village_code"):
            columns[field][row] = columns[field][other_row]
        columns["place_code"][row] = str(columns["place_code"][other_row])[:14] + "9" + f"{row % 100_000:05d}"
        seeder.note(row, "geom", "outside-division")
    for number in range(COUNTS["mandatory-missing"]):
        row, field = seeder.take(), _MANDATORY[number % len(_MANDATORY)]
        columns[field][row] = None
        seeder.note(row, field, "mandatory-missing")
    for number in range(COUNTS["dates-out-of-order"]):
        row = int(seeder.historical.pop())
        columns["established"][row], columns["abolished"][row] = f"{1978 + number}年", f"{1961 + number}年"
        seeder.note(row, "abolished", "dates-out-of-order")
    flawed = places.copy()
    for name, values in columns.items():
        flawed[name] = pd.Series(values, index=places.index, dtype="str")
    found = pd.DataFrame(seeder.found, columns=["uuid", "field", "rule"])
    return flawed, found.sort_values(["rule", "uuid"], ignore_index=True)


def rows_of(flaws: pd.DataFrame, places: pd.DataFrame, rule: str) -> Ints:
    """Positions in ``places`` of the rows seeded with a rule."""
    wanted = flaws.loc[flaws["rule"] == rule, "uuid"]
    return np.flatnonzero(places["uuid"].isin(wanted).to_numpy())
