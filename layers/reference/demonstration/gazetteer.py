"""Places gathered class by class, and made into the register's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.toponym import romanize
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame, points
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance, uuids_of
from layers.reference.demonstration.plane import Floats, Ints

#: What a surveyor writes where nothing is known; the demonstration makes up no history.
UNKNOWN = "不详"
_WHOLE = {"22200"}
_COPIED = (
    "uuid", "name", "roman", "specific", "generic", "major", "class_code", "place_code", "county_code", "town_code",
    "village_code", "source", "note",
)  # fmt: skip


@dataclass
class Places:
    """Some places of one major class.

    Attributes
    ----------
    key
        Name of this part, the root of its rows' uuids.
    name, generic
        Standard names and their generic parts ('' where the name is written whole).
    class_code, rank
        One value for all or one per row.
    xy
        Position on the plane; ``town`` is the row of the town in whose cell it lies, −1 for the city and counties.
    village
        Row of the committee it belongs to, −1 for none.
    line, area
        Extent on the plane by row: paths, rings; None where a place is but a point.
    """

    key: str
    major: str
    name: Sequence[str]
    generic: Sequence[str] | str
    class_code: Sequence[str] | str
    rank: Any
    xy: Floats
    town: Ints
    village: Ints | None = None
    source: Sequence[str] | str = SYNTHETIC
    note: str | None = None
    historical: Any = False
    line: Any = None
    area: Any = None
    identity: Sequence[str] | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.xy)

    def rows(self) -> pd.DataFrame:
        """The part as a table of plain columns."""
        count = len(self)
        made = pd.DataFrame({"name": list(self.name)})
        made["generic"] = self.generic if isinstance(self.generic, str) else list(self.generic)
        made["major"] = self.major
        made["class_code"] = self.class_code if isinstance(self.class_code, str) else list(self.class_code)
        made["rank"] = np.broadcast_to(np.asarray(self.rank), (count,))
        made["town"] = self.town
        made["village"] = -1 if self.village is None else self.village
        made["source"] = self.source if isinstance(self.source, str) else list(self.source)
        made["note"] = self.note
        made["historical"] = np.broadcast_to(np.asarray(self.historical), (count,))
        made["identity"] = self.identity if self.identity is not None else [f"{self.key}/{n}" for n in range(count)]
        return made


def _specific(names: pd.Series, generics: pd.Series) -> list[str]:
    return [
        name[: -len(generic)] if generic and name.endswith(generic) and len(name) > len(generic) else name
        for name, generic in zip(names, generics, strict=True)
    ]


def _codes(rows: pd.DataFrame) -> pd.Series:
    """Codes of 20 digits: county (6), town (3), class (5), serial (6) within these; all of them text."""
    place = rows["county_code"].fillna("370700") + rows["town_code"].str[6:9].fillna("000")
    prefix = place + rows["class_code"]
    serial = prefix.groupby(prefix).cumcount() + 1
    return prefix + serial.astype(str).str.zfill(6)


def _description(rows: pd.DataFrame, counties: Any, towns: Any) -> list[str]:
    """A plain statement of where a place lies."""
    where = {-1: ""} | {row: f"位于{counties[c]}{name}境内" for row, (c, name) in enumerate(towns)}
    return [where[town] for town in rows["town"]]


def gather(parts: Sequence[Places], ground: Ground, villages: pd.DataFrame, chance: Chance) -> Frames:
    """Frames ``place``, ``place_line`` and ``place_area`` of all parts, in their order."""
    rows = pd.concat([part.rows() for part in parts], ignore_index=True)
    counties = ground.counties
    town = rows["town"].to_numpy()
    known = town >= 0
    town_codes = ground.towns["code"].to_numpy()
    county_codes = counties["code"].to_numpy()
    rows["uuid"] = uuids_of("place", rows["identity"])
    rows["town_code"] = pd.Series(np.where(known, town_codes[town], None), dtype="str")
    rows["county_code"] = pd.Series(np.where(known, county_codes[ground.town_county[town]], None), dtype="str")
    for part, start in zip(parts, np.cumsum([0, *map(len, parts)])[:-1], strict=True):
        for column, values in part.extra.items():
            rows.loc[start : start + len(part) - 1, column] = values
    village = rows["village"].to_numpy()
    committee_codes = np.asarray(villages["code"], dtype=object)
    rows["village_code"] = pd.Series(np.where(village >= 0, committee_codes[village], None), dtype="str")
    rows["place_code"] = _codes(rows)
    rows["specific"] = _specific(rows["name"], rows["generic"])
    whole = rows["class_code"].isin(_WHOLE)
    rows["roman"] = [
        romanize(name, "settlement") if w else romanize(name, generic=generic)
        for name, generic, w in zip(rows["name"], rows["generic"], whole, strict=True)
    ]
    rng = chance.stream("registration")
    days = np.datetime64("2015-03-01") + rng.integers(0, 1400, len(rows)).astype("timedelta64[D]")
    town_names = list(
        zip(
            ground.town_county,
            ground.towns["name"].str.replace("高密市", ""),
            strict=True,
        )
    )
    columns = {name: rows[name] for name in _COPIED}
    made = frame(
        "place",
        columns
        | {
            "rank": rows["rank"].astype("int64"),
            "usage": np.where(rows["historical"], "historical", "current"),
            "abolished": rows["historical"].map({True: UNKNOWN, False: None}),
            "origin": UNKNOWN,
            "meaning": UNKNOWN,
            "history": UNKNOWN,
            "description": _description(rows, counties["name"].to_numpy(), town_names),
            "registered_by": "示范登记",
            "registered_at": np.datetime_as_string(days, unit="D"),
            "registered_unit": "示范登记单位",
        },
        points(np.vstack([part.xy for part in parts])),
    )
    return {"place": made} | _extents(parts, made)


def _extents(parts: Sequence[Places], made: pd.DataFrame) -> Frames:
    out: Frames = {}
    start = 0
    found: dict[str, tuple[list[int], list[Any]]] = {"place_line": ([], []), "place_area": ([], [])}
    for part in parts:
        for table, shapes in (("place_line", part.line), ("place_area", part.area)):
            if shapes is not None:
                found[table][0].extend(start + n for n, shape in enumerate(shapes) if shape is not None)
                found[table][1].extend(shape for shape in shapes if shape is not None)
        start += len(part)
    for table, (at, shapes) in found.items():
        of = made.iloc[at].reset_index(drop=True)
        many = shapely.multilinestrings if table == "place_line" else shapely.multipolygons
        geometry = many(np.asarray(shapes, dtype=object), indices=np.arange(len(shapes)))
        columns = {name: of[name] for name in ("name", "major", "class_code", "rank", "source")}
        uuids = uuids_of(table, of["uuid"])
        out[table] = frame(table, {"uuid": uuids, "place_uuid": of["uuid"], **columns}, geometry)
    return out
