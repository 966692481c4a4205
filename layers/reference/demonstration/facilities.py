"""Facilities of the bureau, exact at both published days; names, positions, days and addresses are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from layers.catalogue import FACILITY_KINDS
from layers.reference.demonstration.facility_counts import (
    FIRST,
    KINDS,
    MOBILE_SINCE,
    OPENED_IN_2022,
    SECOND,
    Kind,
)
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame, points, whole
from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance, uuids_of
from layers.reference.demonstration.layout import CITY_SEAT
from layers.reference.demonstration.people import People
from layers.reference.demonstration.plane import Floats, Ints, to_plane
from layers.reference.demonstration.sharing import share_out, share_within

_FIRST_DAY, _SECOND_DAY = np.datetime64(FIRST), np.datetime64(SECOND)
_SPREAD_KM = {"county": 1.2, "town": 0.5, "urban": 0.15, "rural": 0.15, "any": 0.15, "remote": 2.5, "city": 1.5}
_BURIAL = {"public_cemetery": 0.6, "funeral_home": 3.0}


class _Sites:
    """Committees by sort, from which facilities take their place and name."""

    def __init__(self, ground: Ground, villages: pd.DataFrame, xy: Floats, town: Ints, people: People) -> None:
        self.ground, self.villages, self.xy, self.town, self.people = ground, villages, xy, town, people
        urban = (villages["kind"] == "居委会").to_numpy()
        self.urban, self.rural = np.flatnonzero(urban), np.flatnonzero(~urban)
        #: The committee nearest to each town's point: the one in whose place a town's facility stands.
        central = np.empty(len(ground.towns), dtype=np.int64)
        for row in range(len(ground.towns)):
            mine = np.flatnonzero(town == row)
            central[row] = mine[np.hypot(*(xy[mine] - ground.sites[row]).T).argmin()]
        self.central = central
        self.county = ground.town_county[town]
        seats = pd.Series(central).groupby(ground.town_county).first()
        self.seats = seats.sort_index().to_numpy()

    def choose(self, kind: Kind, count: int, rng: np.random.Generator) -> Ints:
        """Rows of the committees at which ``count`` facilities stand; none twice while there are others."""
        if kind.where == "county":
            turns = [self.seats, np.setdiff1d(self.central, self.seats)]
            pool = np.concatenate([turns[0], rng.permutation(turns[1])])
            return np.asarray(pool[:count])
        if kind.where == "town":
            streets = np.flatnonzero((self.ground.towns["kind"] != "zone").to_numpy())
            zones = np.flatnonzero((self.ground.towns["kind"] == "zone").to_numpy())
            order = np.concatenate([streets, rng.permutation(zones), rng.permutation(streets)])
            return np.asarray(self.central[order[:count]])
        pool = {"urban": self.urban, "rural": self.rural}.get(kind.where, np.arange(len(self.villages)))
        if kind.where in {"city", "mobile"}:
            near = np.hypot(*(self.xy[self.urban] - to_plane(*CITY_SEAT)).T)
            return np.asarray(self.urban[near.argsort()[rng.permutation(12)[:count]]])
        # Larger committees have more of everything; every one is chosen at most once.
        weight = self.people.total[pool] ** (0.9 if count < len(pool) / 2 else 0.0)
        return np.sort(rng.choice(pool, size=count, replace=False, p=weight / weight.sum()))


def _days(rng: np.random.Generator, first: str, last: str, count: int) -> Any:
    """Days between two, both included."""
    start, end = np.datetime64(first), np.datetime64(last)
    return start + rng.integers(0, (end - start).astype(int) + 1, count).astype("timedelta64[D]")


def _name(kind: Kind, sites: _Sites, at: Ints) -> list[str]:
    """Names after the committee, town or county."""
    ground = sites.ground
    towns = ground.towns["name"].str.replace(r"(街道|镇)$", "", regex=True).str.replace("高密市", "").to_numpy()
    whole_towns = ground.towns["name"].to_numpy()
    counties = ground.counties["name"].to_numpy()
    base = sites.villages["base"].to_numpy()
    if kind.where in {"city"}:
        return [kind.name] * len(at)
    if kind.where == "mobile":
        return [f"{counties[sites.county[row]]}{kind.name}" for row in at]
    if kind.where == "county":
        named = [f"{counties[sites.county[row]]}{kind.name}" for row in at]
        seen: dict[str, int] = {}
        for position, row in enumerate(at):
            if seen.setdefault(named[position], position) != position:
                named[position] = f"{counties[sites.county[row]]}{towns[sites.town[row]]}{kind.name}"
        return named
    if kind.where == "town":
        named = [f"{whole_towns[sites.town[row]]}{kind.name}" for row in at]
        counted = pd.Series(named).groupby(named).cumcount().to_numpy()
        return [
            f"{name[: -len(kind.name)]}第二{kind.name}" if c else name for name, c in zip(named, counted, strict=True)
        ]
    if kind.key in {"eldercare_home", "cemetery"}:
        return [f"{towns[sites.town[row]]}{base[row].removesuffix('社区').removesuffix('村')}{kind.name}" for row in at]
    if kind.key == "day_care":
        return [f"{base[row].removesuffix('社区')}{kind.name}" for row in at]
    return [f"{base[row]}{kind.name}" for row in at]


def _times(kind: Kind, total: int, rng: np.random.Generator) -> dict[str, Any]:
    """Opened, closed and valid_from of the rows of a kind: first those of 2022, then the later ones."""
    opened = np.full(total, np.datetime64("NaT"), dtype="datetime64[D]")
    closed = opened.copy()
    first = kind.first or 0
    if kind.first is not None:
        opened[:first] = _days(rng, f"{kind.since}-01-01", "2021-12-31", first)
        if kind.key == "public_cemetery":
            opened[:OPENED_IN_2022] = _days(rng, "2022-01-05", "2022-12-20", OPENED_IN_2022)
        opened[first:] = _days(rng, "2023-01-05", "2024-03-20", total - first)
        closed[first - kind.closed : first] = np.datetime64("2023-09-30")
    valid_from = np.full(total, _SECOND_DAY)
    valid_from[:first] = _FIRST_DAY
    if kind.key == "marriage_mobile":
        opened[:] = np.datetime64(MOBILE_SINCE)
        valid_from[:] = np.datetime64(MOBILE_SINCE)
    return {"opened": opened, "closed": closed, "valid_from": valid_from}


def _room(kind: Kind, total: int, rng: np.random.Generator) -> dict[str, Any]:
    """Beds, nursing beds and residents of those of 2022; what came later has none published."""
    empty = np.full(total, np.nan)
    room = {name: empty.copy() for name in ("beds", "nursing_beds", "residents", "capacity")}
    if not kind.beds or kind.first is None:
        return room
    beds = share_within(kind.beds, rng.lognormal(0, 0.6, kind.first), kind.low, kind.high)
    room["beds"][: kind.first] = beds
    room["capacity"][: kind.first] = beds
    if kind.nursing_beds:
        room["nursing_beds"][: kind.first] = share_out(kind.nursing_beds, beds.astype(float))
        room["residents"][: kind.first] = share_out(kind.residents, beds * rng.uniform(0.7, 1.3, kind.first))
    return room


def _one_kind(kind: Kind, sites: _Sites, chance: Chance) -> tuple[pd.DataFrame, Floats]:
    rng = chance.stream(f"facilities/{kind.key}")
    later = kind.second - (kind.first or 0) + kind.closed if kind.first is not None else kind.second
    total = (kind.first or 0) + later
    at = sites.choose(kind, total, rng)
    if kind.key == "funeral_home":
        at = sites.seats[np.sort(rng.permutation(len(sites.seats))[:total])]
    if kind.key == "marriage_mobile":
        quarter = sites.ground.counties["code"].tolist().index("370705")
        at = sites.seats[[quarter]]
    if kind.where in {"urban", "rural", "any", "remote"}:
        at = rng.permutation(at)
    spread = _BURIAL.get(kind.key, _SPREAD_KM.get(kind.where, 0.3))
    xy = sites.ground.scatter(rng, sites.xy[at], sites.town[at], spread)
    towns = sites.ground.towns
    rows = pd.DataFrame({"kind": kind.key, "name": _name(kind, sites, at), **_times(kind, total, rng)})
    for name, values in _room(kind, total, rng).items():
        rows[name] = whole(values)
    rows["village_code"] = sites.villages["code"].to_numpy()[at]
    rows["town_code"] = towns["code"].to_numpy()[sites.town[at]]
    rows["county_code"] = sites.ground.counties["code"].to_numpy()[sites.county[at]]
    town_names = towns["name"].str.replace("高密市", "").to_numpy()
    county_names = sites.ground.counties["name"].to_numpy()
    base = sites.villages["base"].to_numpy()
    rows["address"] = [
        f"{county_names[c]}{town_names[t]}{name}"
        for c, t, name in zip(sites.county[at], sites.town[at], base[at], strict=True)
    ]
    rows["key"] = [f"{kind.key}/{number}" for number in range(total)]
    return rows, xy


def make_facilities(
    ground: Ground, villages: pd.DataFrame, xy: Floats, town: Ints, people: People, chance: Chance
) -> Frames:
    """Frames ``facility`` and ``facility_kind``.

    ``valid_from`` is the first day on which a facility is attested: kinds not published for 2022 begin on 2024-03-31.
    """
    sites = _Sites(ground, villages, xy, town, people)
    made = [_one_kind(kind, sites, chance) for kind in KINDS]
    rows = pd.concat([part for part, _ in made], ignore_index=True)
    for column in ("opened", "closed", "valid_from"):
        days = rows[column].dt.strftime("%Y-%m-%d").astype(object)
        rows[column] = days.where(days.notna(), None)
    rows["uuid"] = uuids_of("facility", rows.pop("key"))
    rows["state"] = np.where(rows["closed"].notna(), "closed", "open")
    with_phone = rows["kind"].isin(["eldercare_home", "funeral_home", "cemetery", "marriage", "social_work"])
    number = with_phone.cumsum().astype(str).str.zfill(4)
    rows["office_phone"] = ("0536-000" + number).where(with_phone, None)
    rows["source"] = SYNTHETIC
    rows["position_source"] = SYNTHETIC
    rows["accuracy"] = "village"  # strewn about the committee that the address names
    geometry = points(np.vstack([positions for _, positions in made]))
    kinds = frame(
        "facility_kind",
        {
            "uuid": uuids_of("facility_kind", [kind.key for kind in FACILITY_KINDS]),
            "key": [kind.key for kind in FACILITY_KINDS],
            "title_zh": [kind.title_zh for kind in FACILITY_KINDS],
            "title_en": [kind.title_en for kind in FACILITY_KINDS],
            "grp": [kind.group for kind in FACILITY_KINDS],
            "sort": list(range(1, len(FACILITY_KINDS) + 1)),
        },
    )
    return {"facility_kind": kinds, "facility": frame("facility", rows, geometry)}
