"""Rules for names that are alike, within the scope that the law sets for their sort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from gis.measure import metres_per_degree
from layers.placenames.rules.facts import Facts, Scope, scope_of
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

NEAR_M: Final = 300.0
"""Two of one name within this distance are likely one and the same, whatever division they are counted to (L)."""
_SAID: Final = 4
"""How many others a sentence names."""
_COUNTED: Final = frozenset("东西南北中前后左右上下大小老新一二三四五六七八九十甲乙丙丁")
"""Characters by which neighbours are told apart on purpose: 东王村 and 西王村 are not mistaken for one another."""
_COMMON: Final = frozenset("家庄官村屯戈子")
"""What is left of 王家庄 and 李家庄 without the surname tells nothing: they are not mistaken for one another."""
_ENDS: Final = ("村村民委员会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")
Group = tuple[str, list[int]]


def same_name(places: Places, facts: Facts) -> Iterator[Flaw]:
    """No two of a sort have one name within their scope."""
    names = places["name"]
    for key, rows in _grouped(places, facts, lambda row: names[row] or ""):
        yield from _alike(places, facts, key, rows)


def same_sound(places: Places, facts: Facts) -> Iterator[Flaw]:
    """No two of a sort sound alike within their scope, tones aside; those of one name are told as such."""
    names = places["name"]
    for key, rows in _grouped(places, facts, places.sound.__getitem__):
        if len({names[row] for row in rows}) > 1:
            yield from _alike(places, facts, key, rows, other_name=True)


def one_apart(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Of a sort and ending, the specific parts differ in one character; directions and numbers aside."""
    specifics, generics = places["specific"], places["generic"]
    for key, rows in _grouped(places, facts, lambda row: generics[row] or "", empty=True):
        masks: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in rows:
            text = specifics[row] or ""
            if len(text) > 1:
                for at in range(len(text)):
                    if not _COMMON.issuperset(text[:at] + text[at + 1 :]):
                        masks[at, text[:at] + "\n" + text[at + 1 :]].append(row)
        found: dict[int, set[int]] = defaultdict(set)
        for (at, _), alike in masks.items():
            for row in alike if len(alike) > 1 else ():
                mine = specifics[row][at]
                for other in alike:
                    yours = specifics[other][at]
                    if mine != yours and not (mine in _COUNTED and yours in _COUNTED):
                        found[row].add(other)
        near_m = _near_m(places, rows)
        for row, others in sorted(found.items()):
            told = _nearby(places, row, sorted(others), near_m) if near_m else sorted(others)
            if told:
                yield _flaw(places, facts, key, row, told)


def _near_m(places: Places, rows: list[int]) -> float:
    scope = scope_of(places["class_code"][rows[0]] or "")
    return scope.near_m if scope else 0.0


def _nearby(places: Places, row: int, others: list[int], distance_m: float) -> list[int]:
    """Of some rows those within a distance of one."""
    lonlat = places.lonlat[[row, *others]]
    east, north = metres_per_degree(float(lonlat[0, 1]))
    away = np.hypot((lonlat[1:, 0] - lonlat[0, 0]) * east, (lonlat[1:, 1] - lonlat[0, 1]) * north)
    return [other for other, metres in zip(others, away.tolist(), strict=True) if metres <= distance_m]


def near(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """Two of one sort and core name lie so near together that they are likely one, counted to two divisions."""
    cores = [_core(name) if name else "" for name in places["name"]]
    classes, towns, standing = places["class_code"], places["town_code"], places.standing
    groups: dict[str, list[int]] = defaultdict(list)
    for row, core in enumerate(cores):
        scope = scope_of(classes[row] or "")
        if len(core) > 1 and scope is not None and standing[row] and np.isfinite(places.lonlat[row, 0]):
            groups[f"{scope.key}|{core}"].append(row)
    for key, rows in groups.items():
        if len(rows) < 2:
            continue
        for row, others in _within(places, rows, NEAR_M):
            # within one town it is a duplicate and told as one
            apart = [
                other for other in others if towns[other] != towns[row] or places["name"][other] != places["name"][row]
            ]
            if apart:
                yield _flaw(places, _facts, f"near|{key}", row, apart)


def registered_twice(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A village or community (216xx) and its committee (276xx) are one entity: a count that adds both is wrong."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row, (kind, town, name) in enumerate(
        zip(places["class_code"], places["town_code"], places["name"], strict=True)
    ):
        if kind in ("21610", "21620", "27610", "27620") and town and name and places.standing[row]:
            groups[f"twice|{town}|{_core(name)}"].append(row)
    for key, rows in groups.items():
        kinds = {places["class_code"][row][:3] for row in rows}
        if len(kinds) > 1:
            for row in rows:
                others = [other for other in rows if places["class_code"][other][:3] != places["class_code"][row][:3]]
                yield _flaw(places, facts, key, row, others)


def _core(name: str) -> str:
    """A village's name without what says that it is one: 上院村委会 and 上院村 are both 上院."""
    for end in _ENDS:
        if name.endswith(end) and len(name) > len(end):
            return name[: -len(end)]
    return name


def _grouped(places: Places, facts: Facts, key: Callable[[int], str], *, empty: bool = False) -> Iterator[Group]:
    """Rows of one sort, one region and one key, where there are two or more."""
    groups: dict[str, list[int]] = defaultdict(list)
    counties, towns = places["county_code"], places["town_code"]
    standing = places.standing
    for row, kind in enumerate(places["class_code"]):
        scope = scope_of(kind or "")
        if scope is None or not standing[row]:
            continue
        word, region = key(row), facts.region(scope, counties[row], towns[row])
        if region and (word or empty):
            groups[f"{scope.key}|{region}|{word}"].append(row)
    return ((name, rows) for name, rows in groups.items() if len(rows) > 1)


def _alike(places: Places, facts: Facts, key: str, rows: list[int], *, other_name: bool = False) -> Iterator[Flaw]:
    scope = scope_of(places["class_code"][rows[0]] or "")
    assert scope is not None
    names = places["name"]
    for row, others in _within(places, rows, scope.near_m) if scope.near_m else _each(rows):
        told = [other for other in others if not other_name or names[other] != names[row]]
        if told:
            yield _flaw(places, facts, key, row, told, scope)


def _each(rows: list[int]) -> Iterator[tuple[int, list[int]]]:
    for row in rows:
        yield row, [other for other in rows if other != row]


def _within(places: Places, rows: list[int], distance_m: float) -> Iterator[tuple[int, list[int]]]:
    """Of some rows each with those of the others that lie within a distance."""
    lonlat = places.lonlat[rows]
    there = np.flatnonzero(np.isfinite(lonlat[:, 0]))
    if there.size < 2:
        return
    scale = np.array(metres_per_degree(float(lonlat[there, 1].mean())))
    tree = cKDTree(lonlat[there] * scale)
    for place, found in zip(there.tolist(), tree.query_ball_tree(tree, distance_m), strict=True):
        others = [rows[there[one]] for one in found if there[one] != place]
        if others:
            yield rows[place], sorted(others)


def _flaw(places: Places, facts: Facts, key: str, row: int, others: Iterable[int], scope: Scope | None = None) -> Flaw:
    found = list(others)
    # a word for each: of the same town its name is enough
    words = [
        places["name"][other]
        if places["town_code"][other] == places["town_code"][row]
        else f"{facts.name_of(places['town_code'][other] or places['county_code'][other])}{places['name'][other]}"
        for other in found[:_SAID]
    ]
    more = f" +{len(found) - _SAID}" if len(found) > _SAID else ""
    params = {"others": "、".join(words) + more, "count": len(found)}
    if scope is not None:
        params["within"] = scope.within
    uuids = tuple(places["uuid"][other] for other in found)
    return Flaw(row, "name", places["name"][row] or "", params, group=key, others=uuids)
