"""Which record of the register each row of a file is, if any: by uuid, else by official code, else by natural key.

Vectorised throughout: fifty thousand rows against fifty thousand records take a fraction of a second. A row that could
be several records is refused with their names; two rows that would be the same record are refused, both named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from gis.measure import metres_per_degree
from layers.ingest.model import Noted

PLACE_REACH_M: Final = 100.0
"""A place of the file may be a record of its name and class that lies nearer than this."""
SAME_SPOT_M: Final = 1.0
"""Places of one name and class that lie nearer than this are the same: bus stops face each other across a street."""
FACILITY_REACH_M: Final = 500.0
"""The same for facilities of one kind, name and county, where there are several."""

_CANDIDATES_NAMED: Final = 3
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "place-names": ("name", "major", "class_code", "place_code", "national_id", "county_code"),
        "facilities": ("name", "kind", "county_code", "credit_code", "closed"),
        "divisions": ("name", "code"),
        "population": ("name", "code"),
        "lines": ("name", "short_name", "code", "left_code", "right_code"),
        "stakes": ("number", "line_uuid", "serial", "type_letter"),
    }
)
NOT_YOURS: Final = Finding(
    "outside-scope",
    "error",
    "",
    N_("This record is not among those that your account may change."),
    {},
    N_("Ask whoever looks after it, or an administrator."),
)
Pairs = pd.DataFrame
Mask = NDArray[np.bool_]


def needed(subject_key: str) -> tuple[str, ...]:
    """The register's columns that matching a subject's rows asks for, beside uuid, valid_to and geom."""
    return _NEEDED[subject_key]


@dataclass
class Matched:
    """Where each row belongs.

    Parameters
    ----------
    at
        Shape (n,): position among the known records, -1 for none.
    refused
        Shape (n,): rows that could be several records, or that are there twice.
    """

    at: NDArray[np.int64]
    refused: Mask
    notes: list[Noted] = field(default_factory=list)


def match(
    subject_key: str,
    frame: pd.DataFrame,
    known: pd.DataFrame,
    *,
    rows: NDArray[np.int64],
    stakes_on_lines: pd.DataFrame | None = None,
    hidden: Mask | None = None,
) -> Matched:
    """Find the record of each row.

    Parameters
    ----------
    frame
        Rows of the file as completed, with ``geom`` (EPSG:4490) where they have places.
    known
        Records of the register: ``uuid, valid_to, geom`` and what `needed` says; closed ones too.
    rows
        The rows' numbers as a person counts them, for what is said of two rows.
    stakes_on_lines
        For stakes: ``line_uuid, stake_uuid, serial``, every line that a stake stands on.
    hidden
        Shape (len(known),): records that the editor does not see; none of them is named. None: there are none.
    """
    matching = _Matching(frame, known, hidden)
    identified = matching.by_uuid()
    for step in _STEPS[subject_key]:
        step(matching, ~identified)
    if subject_key == "stakes" and stakes_on_lines is not None:
        _stakes_of_other_lines(matching, ~identified, stakes_on_lines)
    matching.refuse_twice(rows)
    if subject_key in _REACH:
        matching.refuse_twins(_REACH[subject_key], identified, rows)
    if subject_key == "place-names":
        matching.tell_namesakes(identified, rows)
    return Matched(matching.at, matching.refused, matching.notes)


class _Matching:
    """Matching under way."""

    def __init__(self, frame: pd.DataFrame, known: pd.DataFrame, hidden: Mask | None) -> None:
        self.frame = frame
        self.known = known
        self.hidden = np.zeros(len(known), dtype=bool) if hidden is None else hidden
        self.at = np.full(len(frame), -1, dtype=np.int64)
        self.refused = np.zeros(len(frame), dtype=bool)
        self.notes: list[Noted] = []
        closed = known["valid_to"].notna().to_numpy(dtype=bool)
        if "closed" in known:
            closed = closed | known["closed"].notna().to_numpy(dtype=bool)
        self.open = ~closed

    def by_uuid(self) -> Mask:
        """Rows that bring the uuid of a record; which rows bring a uuid at all."""
        if "uuid" not in self.frame:
            return np.zeros(len(self.frame), dtype=bool)
        given = self.frame["uuid"]
        places = pd.Index(self.known["uuid"]).get_indexer(given) if self.known["uuid"].is_unique else None
        if places is None:  # two records share a uuid: the first stands for both
            places = pd.Series(np.arange(len(self.known)), self.known["uuid"]).groupby(level=0).first()
            places = places.reindex(given).fillna(-1).to_numpy()
        has = given.notna().to_numpy(dtype=bool)
        self.at = np.where(has, places, -1).astype(np.int64)
        return np.asarray(has)

    def pairs(self, keys: tuple[str, ...], among: Mask) -> Pairs:
        """Rows without a record yet, and free records, that agree in every key: columns ``row`` and ``at``."""
        if any(key not in self.frame for key in keys):
            return pd.DataFrame({"row": [], "at": []}, dtype=np.int64)
        wanted = among & (self.at < 0) & ~self.refused
        free = np.ones(len(self.known), dtype=bool)
        free[self.at[self.at >= 0]] = False
        left = self.frame.loc[wanted, list(keys)].dropna()
        right = self.known.loc[free, list(keys)].dropna()
        left = left.astype(object).assign(row=left.index)
        right = right.astype(object).assign(at=right.index)
        return left.merge(right, on=list(keys))[["row", "at"]]

    def near(self, pairs: Pairs, reach_m: float) -> Mask:
        """Which pairs lie within reach of each other; false where either has no place."""
        return _apart(self.frame["geom"], pairs["row"], self.known["geom"], pairs["at"]) <= reach_m

    def settle_nearest(self, pairs: Pairs, reach_m: float) -> None:
        """Give rows and records that still stand to each other within reach, the nearest first, each once."""
        pairs = pairs[self.open[pairs["at"].to_numpy()]]
        metres = _apart(self.frame["geom"], pairs["row"], self.known["geom"], pairs["at"])
        order = np.argsort(metres, kind="stable")
        taken = np.zeros(len(self.known), dtype=bool)
        rows, ats = pairs["row"].to_numpy(), pairs["at"].to_numpy()
        for one in order[metres[order] <= reach_m].tolist():
            if self.at[rows[one]] < 0 and not taken[ats[one]]:
                self.at[rows[one]] = ats[one]
                taken[ats[one]] = True

    def settle(self, pairs: Pairs) -> None:
        """Give each row its record where there is one, or one that is not closed; refuse it where there are several."""
        if pairs.empty:
            return
        count = pairs.groupby("row")["at"].transform("size")
        still = pairs[(count == 1) | self.open[pairs["at"].to_numpy()]]
        dropped = ~pairs["row"].isin(still["row"])
        still = pd.concat([still, pairs[dropped]])  # all of them closed
        grouped = still.groupby("row")["at"]
        single = still[grouped.transform("size") == 1]
        self.at[single["row"].to_numpy()] = single["at"].to_numpy()
        for row, several in still[grouped.transform("size") > 1].groupby("row")["at"]:
            self.refused[row] = True
            if self.hidden[several.to_numpy()].any():
                self.notes.append(Noted(int(str(row)), "", "", NOT_YOURS))
                continue
            named = ", ".join(self._named(at) for at in several.tolist()[:_CANDIDATES_NAMED])
            self.notes.append(
                Noted(
                    int(str(row)),
                    "",
                    str(self.frame["name"].iloc[int(str(row))]) if "name" in self.frame else "",
                    Finding(
                        "ambiguous-record",
                        "error",
                        "",
                        N_("This could be %(count)s records of the register: %(candidates)s."),
                        {"count": len(several), "candidates": named},
                        N_("Add a column with the permanent id or the official code, or take the row out."),
                    ),
                )
            )

    def _named(self, at: int) -> str:
        record = self.known.iloc[at]
        label = record.get("name", record.get("number", ""))
        return f"{'' if pd.isna(label) else label} ({record['uuid']})"

    def refuse_twice(self, rows: NDArray[np.int64]) -> None:
        """Refuse rows that are the same record, or new ones with the same uuid."""
        keys = pd.Series(self.at.astype(object))
        if "uuid" in self.frame:
            fresh = (self.at < 0) & self.frame["uuid"].notna().to_numpy(dtype=bool)
            keys = keys.where(~fresh, self.frame["uuid"].astype(object).reset_index(drop=True))
        there = keys[(keys != -1) & ~self.refused]
        twice = there[there.duplicated(keep=False)]
        for _, same in twice.groupby(twice, sort=False):
            self._refuse_group(same.index.to_numpy(), rows)

    def refuse_twins(self, reach: tuple[tuple[str, ...], float], identified: Mask, rows: NDArray[np.int64]) -> None:
        """Refuse new rows that could not be told from each other when the file comes again."""
        keys, reach_m = reach
        codes = [name for name in ("place_code", "national_id") if name in self.frame]
        own = identified | self.frame[codes].notna().any(axis=1).to_numpy(dtype=bool)
        if any(key not in self.frame for key in keys):
            return
        fresh = self.frame.loc[(self.at < 0) & ~self.refused & ~own, list(keys)].astype(object)
        if "county_code" in fresh:
            fresh["county_code"] = fresh["county_code"].fillna("")  # unknown is the same as unknown
        fresh = fresh[fresh.duplicated(keep=False) & fresh.notna().all(axis=1)]
        done = np.zeros(len(self.frame), dtype=bool)
        for _, group in fresh.groupby(list(keys), sort=False):
            members = group.index.to_numpy()
            for row in members.tolist():
                if done[row]:
                    continue
                others = members[~done[members]]
                apart = _apart(
                    self.frame["geom"], pd.Series(np.full(len(others), row)), self.frame["geom"], pd.Series(others)
                )
                placeless = shapely.is_missing(self.frame["geom"].to_numpy(dtype=object)[others])
                alone = shapely.is_missing(self.frame["geom"].iloc[row])
                same = others[(apart <= reach_m) | (placeless & alone)]
                if len(same) > 1:
                    done[same] = True
                    self._refuse_group(same, rows)

    def tell_namesakes(self, identified: Mask, rows: NDArray[np.int64]) -> None:
        """Point out new places of one name and class that lie near each other, and are perhaps one."""
        if any(key not in self.frame for key in ("name", "major")):
            return
        fresh = self.frame.loc[(self.at < 0) & ~self.refused & ~identified, ["name", "major"]].astype(object).dropna()
        fresh = fresh[fresh.duplicated(keep=False)]
        pairs = fresh.assign(row=fresh.index).merge(fresh.assign(at=fresh.index), on=["name", "major"])
        pairs = pairs[pairs["row"] > pairs["at"]]
        pairs = pairs[_apart(self.frame["geom"], pairs["row"], self.frame["geom"], pairs["at"]) <= PLACE_REACH_M]
        for row, at in pairs.groupby("row")["at"].min().items():
            finding = Finding(
                "namesake-near",
                "warning",
                "",
                N_("Row %(row)s has the same name and class and lies within %(metres)s m."),
                {"row": int(rows[at]), "metres": f"{PLACE_REACH_M:.0f}"},
                N_("Take one of them out if they are one place."),
            )
            self.notes.append(Noted(int(str(row)), "", str(self.frame["name"].iloc[int(str(row))]), finding))

    def _refuse_group(self, positions: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self.refused[positions] = True
        numbers = ", ".join(str(number) for number in rows[positions].tolist()[:10])
        finding = Finding(
            "same-record-twice",
            "error",
            "",
            N_("Rows %(rows)s are the same record."),
            {"rows": numbers},
            N_("Keep one of them."),
        )
        value = self.frame.get("name")
        for position in positions.tolist():
            said = "" if value is None or pd.isna(value.iloc[position]) else str(value.iloc[position])
            self.notes.append(Noted(int(position), "", said, finding))


def _apart(one: pd.Series[Any], rows: pd.Series[Any], other: pd.Series[Any], ats: pd.Series[Any]) -> NDArray[Any]:
    """Metres between two columns of places, row against row; infinite where either has none."""
    a = shapely.centroid(one.to_numpy(dtype=object)[rows.to_numpy(dtype=np.int64)])
    b = shapely.centroid(other.to_numpy(dtype=object)[ats.to_numpy(dtype=np.int64)])
    east, north = metres_per_degree(shapely.get_y(a))
    metres = np.hypot((shapely.get_x(a) - shapely.get_x(b)) * east, (shapely.get_y(a) - shapely.get_y(b)) * north)
    return np.where(np.isnan(metres), np.inf, metres)


def _code(name: str) -> Callable[[_Matching, Mask], None]:
    """By an official code, whether or not the row brings a uuid that the register does not have."""

    def step(matching: _Matching, _unidentified: Mask) -> None:
        matching.settle(matching.pairs((name,), np.ones(len(matching.at), dtype=bool)))

    return step


def _places(matching: _Matching, unidentified: Mask) -> None:
    """By name and class within reach; without a place by name, class and county where that is one record."""
    placed = ~shapely.is_missing(matching.frame["geom"].to_numpy(dtype=object))
    keys = tuple(key for key in ("name", "major") if key in matching.frame)
    if "name" not in keys:
        return
    matching.settle_nearest(matching.pairs(keys, unidentified & placed), SAME_SPOT_M)
    pairs = matching.pairs(keys, unidentified & placed)
    matching.settle(pairs[matching.near(pairs, PLACE_REACH_M)])
    if "county_code" in matching.frame:
        matching.settle(matching.pairs((*keys, "county_code"), unidentified & ~placed))


def _facilities(matching: _Matching, unidentified: Mask) -> None:
    """By kind, name and county; where there are several, by the one within reach. A county may be unknown."""
    pairs = matching.pairs(("kind", "name"), unidentified)
    if pairs.empty:
        return
    theirs = matching.known["county_code"].to_numpy(dtype=object)[pairs["at"].to_numpy()]
    mine = np.full(len(pairs), None, dtype=object)
    if "county_code" in matching.frame:
        mine = matching.frame["county_code"].to_numpy(dtype=object)[pairs["row"].to_numpy()]
    unknown = pd.isna(mine) | pd.isna(theirs)
    pairs = pairs[unknown | (mine == theirs)]
    several = (pairs.groupby("row")["at"].transform("size") > 1).to_numpy(dtype=bool)
    near = matching.near(pairs, FACILITY_REACH_M)
    any_near = pd.Series(near).groupby(pairs["row"].to_numpy()).transform("any").to_numpy(dtype=bool)
    matching.settle(pairs[~several | near | ~any_near])


def _credited(matching: _Matching, _unidentified: Mask) -> None:
    """By the operator's code and the kind; an operator may have several facilities, then the name decides."""
    everyone = np.ones(len(matching.at), dtype=bool)
    matching.settle(matching.pairs(("credit_code", "kind", "name"), everyone))


def _line_names(matching: _Matching, unidentified: Mask) -> None:
    """By its name, or the short one, where the file gives no code."""
    codeless = unidentified
    if "code" in matching.frame:
        codeless = codeless & matching.frame["code"].isna().to_numpy(dtype=bool)
    if "name" not in matching.frame:
        return
    matching.settle(matching.pairs(("name",), codeless))
    long, before = matching.known["name"], matching.at.copy()
    matching.known["name"] = matching.known["short_name"]
    matching.settle(matching.pairs(("name",), codeless))
    matching.known["name"] = long
    matching.frame.loc[(before < 0) & (matching.at >= 0), "name"] = None  # the short name is no new name of the line


def _sides(matching: _Matching, unidentified: Mask) -> None:
    """By the two counties, whichever is left."""
    if not {"left_code", "right_code"} <= set(matching.frame.columns):
        return
    for table in (matching.frame, matching.known):
        both = table[["left_code", "right_code"]].astype(object)
        table["sides"] = [
            f"{min(pair)}-{max(pair)}" if all(isinstance(one, str) for one in pair) else None
            for pair in both.itertuples(index=False, name=None)
        ]
    matching.settle(matching.pairs(("sides",), unidentified))
    matching.frame = matching.frame.drop(columns="sides")


def _numbered(matching: _Matching, _unidentified: Mask) -> None:
    """By the number on its line, or the number alone where the file names no line."""
    everyone = np.ones(len(matching.at), dtype=bool)
    matching.settle(matching.pairs(("number", "line_uuid"), everyone))
    lineless = everyone
    if "line_uuid" in matching.frame:
        lineless = matching.frame["line_uuid"].isna().to_numpy(dtype=bool)
    matching.settle(matching.pairs(("number",), lineless))


def _serials(matching: _Matching, unidentified: Mask) -> None:
    matching.settle(matching.pairs(("line_uuid", "serial", "type_letter"), unidentified))


def _stakes_of_other_lines(matching: _Matching, unidentified: Mask, on_lines: pd.DataFrame) -> None:
    """A stake at a tripoint stands on several lines and belongs to one: a file of another line brings it too."""
    if not {"line_uuid", "serial"} <= set(matching.frame.columns):
        return
    places = pd.Series(np.arange(len(matching.known)), matching.known["uuid"])
    places = places[~places.index.duplicated()]
    further = on_lines.dropna(subset=["line_uuid", "stake_uuid", "serial"])
    further = further.assign(at=further["stake_uuid"].map(places)).dropna(subset=["at"])
    triple = matching.known["type_letter"].isin(["C", "D", "E"]).to_numpy(dtype=bool)
    further = further[triple[further["at"].to_numpy(dtype=np.int64)]]
    free = ~further["at"].isin(matching.at[matching.at >= 0])
    wanted = unidentified & (matching.at < 0) & ~matching.refused
    left = matching.frame.loc[wanted, ["line_uuid", "serial"]].dropna().astype(object)
    right = further.loc[free, ["line_uuid", "serial", "at"]].astype(object)
    pairs = left.assign(row=left.index).merge(right, on=["line_uuid", "serial"])[["row", "at"]].astype(np.int64)
    matching.settle(pairs[matching.near(pairs, PLACE_REACH_M)])


_STEPS: Final[Mapping[str, tuple[Callable[[_Matching, Mask], None], ...]]] = MappingProxyType(
    {
        "place-names": (_code("place_code"), _code("national_id"), _places),
        "facilities": (_credited, _facilities),
        "divisions": (_code("code"),),
        "population": (_code("code"),),
        "lines": (_code("code"), _line_names, _sides),
        "stakes": (_numbered, _serials),
    }
)
_REACH: Final[Mapping[str, tuple[tuple[str, ...], float]]] = MappingProxyType(
    {
        "place-names": (("name", "major"), SAME_SPOT_M),
        "facilities": (("kind", "name", "county_code"), FACILITY_REACH_M),
    }
)
