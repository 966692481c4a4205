"""Rules for names that are alike, within the scope that the law sets for their sort."""

from __future__ import annotations

import itertools
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.measure import metres_per_degree
from gis.toponym.likeness import core_name
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
_VILLAGES: Final = ("216", "222", "276")
"""Classes whose names have an end that says that it is a village, or its committee."""
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_PRIME: Final = np.uint64(0xD6E8FEB86659FD93)
"""Numbers without a pattern, by which those of texts are spread."""
Group = tuple[str, list[int]]


def same_name(places: Places, facts: Facts) -> Iterator[Flaw]:
    """No two of a sort have one name within their scope."""
    for key, rows in _grouped(_regions(places, facts), places["name"]):
        yield from _alike(places, facts, key, rows)


def same_sound(places: Places, facts: Facts) -> Iterator[Flaw]:
    """No two of a sort sound alike within their scope, tones aside; those of one name are told as such."""
    names = places["name"]
    for key, rows in _grouped(_regions(places, facts), places.sound):
        if len({names[row] for row in rows}) > 1:
            yield from _alike(places, facts, key, rows, other_name=True)


def one_apart(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Of a sort and ending, the specific parts differ in one character; directions and numbers aside."""
    specifics, generics = places["specific"], places["generic"]
    regions = _regions(places, facts)
    numbers: dict[tuple[str, str | None], int] = {}
    rows: list[int] = []
    groups: list[int] = []
    for row, (region, text, generic) in enumerate(zip(regions, specifics, generics, strict=True)):
        if region and text and len(text) > 1:
            rows.append(row)
            groups.append(numbers.setdefault((region, generic), len(numbers)))
    found: dict[int, set[int]] = defaultdict(set)
    for at, filed in _with_one_place_open([specifics[row] for row in rows], groups):
        alike = [rows[number] for number in filed]
        for row, other in itertools.combinations(alike, 2):
            mine, yours = specifics[row], specifics[other]
            told_apart = mine[at] in _COUNTED and yours[at] in _COUNTED
            if (
                mine[at] != yours[at]
                and not told_apart
                and mine[:at] == yours[:at]
                and mine[at + 1 :] == yours[at + 1 :]
            ):
                found[row].add(other)
                found[other].add(row)
    for row, others in sorted(found.items()):
        near_m = _near_m(places, row)
        told = _nearby(places, row, sorted(others), near_m) if near_m else sorted(others)
        if told:
            yield _flaw(places, facts, f"{regions[row]}{generics[row] or ''}", row, told)


def _with_one_place_open(texts: Sequence[str], groups: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Places, and the texts of one group that are likely the same but for that place.

    Each text is filed under itself with one place left open, for each place: by a number made of its other characters.
    Two that share a number by chance are sorted out by who looks at them.
    """
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    common = np.array(sorted(map(ord, _COMMON)), dtype=np.uint32)
    for length in np.unique(lengths).tolist():
        mine = np.flatnonzero(lengths == length)
        joined = "".join([texts[number] for number in mine.tolist()])
        codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).reshape(-1, length)
        telling = ~np.isin(codes, common)
        weighed = codes.astype(np.uint64) * (_ODD * (2 * np.arange(1, length + 1, dtype=np.uint64) + 1))
        whole = weighed.sum(axis=1) + np.asarray(groups, dtype=np.uint64)[mine] * _PRIME
        for at in range(length):
            # what is left has to tell something
            kept = np.flatnonzero(telling.sum(axis=1) > telling[:, at])
            keys = (whole - weighed[:, at])[kept]
            order = np.argsort(keys, kind="stable")
            starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]))
            sizes = np.diff(starts, append=len(order))
            for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
                yield at, mine[kept[order[start : start + size]]].tolist()


def near(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Two of one sort and core name lie so near together that they are likely one, counted to two divisions."""
    classes, names, towns = places["class_code"], places["name"], places["town_code"]
    there = np.isfinite(places.lonlat[:, 0]).tolist()
    numbers: dict[str, int] = {}
    rows: list[int] = []
    groups: list[int] = []
    keys: list[str] = []
    for row, (kind, name) in enumerate(zip(classes, names, strict=True)):
        scope = scope_of(kind or "")
        if scope is None or not name or not there[row] or not places.standing[row]:
            continue
        core = core_name(name) if kind.startswith(_VILLAGES) else name
        if len(core) > 1:
            key = f"near|{scope.key}|{core}"
            rows.append(row)
            groups.append(numbers.setdefault(key, len(numbers)))
            keys.append(key)
    found: dict[int, set[int]] = defaultdict(set)
    key_of: dict[int, str] = {}
    for one, other in _near_pairs(places, rows, groups, NEAR_M):
        first, second = rows[one], rows[other]
        # within one town and of one name it is a duplicate and told as one
        if towns[first] != towns[second] or names[first] != names[second]:
            found[first].add(second)
            found[second].add(first)
            key_of[first] = key_of[second] = keys[one]
    for row, others in sorted(found.items()):
        yield _flaw(places, facts, key_of[row], row, sorted(others))


def registered_twice(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A village or community (216xx) and its committee (276xx) are one entity: a count that adds both is wrong."""
    kinds, towns, names = places["class_code"], places["town_code"], places["name"]
    villages = [row for row, kind in enumerate(kinds) if kind in ("21610", "21620") and places.standing[row]]
    if not villages:
        return
    looked_at = {towns[row] for row in villages}
    groups: dict[str, list[int]] = defaultdict(list)
    for row, (kind, town, name) in enumerate(zip(kinds, towns, names, strict=True)):
        if town in looked_at and name and (kind or "")[:3] in ("216", "276") and town and places.standing[row]:
            groups[f"twice|{town}|{core_name(name)}"].append(row)
    for key, rows in groups.items():
        for row in rows:
            others = [other for other in rows if kinds[other][:3] != kinds[row][:3]]
            if others:
                yield _flaw(places, facts, key, row, others)


_REGIONS: weakref.WeakKeyDictionary[Places, tuple[Facts, list[str]]] = weakref.WeakKeyDictionary()


def _regions(places: Places, facts: Facts) -> list[str]:
    """The sort and region of each name, such as ``town|370724|``; empty where it has none or no longer stands."""
    kept = _REGIONS.get(places)
    if kept is not None and kept[0] is facts:
        return kept[1]
    known: dict[tuple[str | None, str | None, str | None], str] = {}
    found: list[str] = []
    columns = zip(
        places["class_code"], places["county_code"], places["town_code"], places.standing, strict=True
    )  # fmt: skip
    for kind, county, town, standing in columns:
        where = (kind, county, town)
        text = known.get(where)
        if text is None:
            scope = scope_of(kind or "")
            region = "" if scope is None else facts.region(scope, county, town)
            text = known[where] = f"{scope.key}|{region}|" if scope is not None and region else ""
        found.append(text if standing else "")
    _REGIONS[places] = (facts, found)
    return found


def _grouped(regions: Sequence[str], words: Sequence[str | None]) -> Iterator[Group]:
    """Rows of one sort, one region and one word, where there are two or more."""
    firsts: dict[str, int] = {}
    groups: dict[str, list[int]] = {}
    for row, (region, word) in enumerate(zip(regions, words, strict=True)):
        if region and word:
            key = region + word
            first = firsts.setdefault(key, row)
            if first != row:
                groups.setdefault(key, [first]).append(row)
    return iter(groups.items())


def _near_m(places: Places, row: int) -> float:
    scope = scope_of(places["class_code"][row] or "")
    return scope.near_m if scope else 0.0


def _nearby(places: Places, row: int, others: list[int], distance_m: float) -> list[int]:
    """Of some rows those within a distance of one."""
    away = _metres(places.lonlat[[row] * len(others)], places.lonlat[others])
    return [other for other, metres in zip(others, away.tolist(), strict=True) if metres <= distance_m]


def _metres(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far points are from others, on the ellipsoid: by the radii of curvature half-way between."""
    east, north = metres_per_degree((one[:, 1] + other[:, 1]) / 2)
    return np.asarray(np.hypot((one[:, 0] - other[:, 0]) * east, (one[:, 1] - other[:, 1]) * north))


def _near_pairs(places: Places, rows: Sequence[int], groups: Sequence[int], distance_m: float) -> list[tuple[int, int]]:
    """Pairs of positions in ``rows`` of one group that lie within a distance."""
    group = np.asarray(groups, dtype=np.intp)
    if not group.size:
        return []
    # most names are alone with theirs: the tree holds the others
    alone = np.bincount(group)[group] < 2
    kept = np.flatnonzero(~alone)
    lonlat = places.lonlat[np.asarray(rows, dtype=np.intp)[kept]]
    if not kept.size:
        return []
    # On a plane whose degrees are as wide as anywhere among them, so that none that is near is left out; those that
    # are too far are sorted out by their true distance.
    nearest_pole = lonlat[np.argmax(np.abs(lonlat[:, 1])), 1]
    scale = np.array([float(metres_per_degree(nearest_pole)[0]), float(metres_per_degree(0.0)[1])])
    pairs = cKDTree(lonlat * scale).query_pairs(distance_m * 1.02, output_type="ndarray")
    pairs = pairs[group[kept[pairs[:, 0]]] == group[kept[pairs[:, 1]]]]
    pairs = pairs[_metres(lonlat[pairs[:, 0]], lonlat[pairs[:, 1]]) <= distance_m]
    found: list[tuple[int, int]] = [(int(a), int(b)) for a, b in np.sort(kept[pairs], axis=1).tolist()]
    return sorted(found)


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
    there = [row for row in rows if np.isfinite(places.lonlat[row, 0])]
    found: dict[int, list[int]] = {}
    for one, other in _near_pairs(places, there, [0] * len(there), distance_m):
        found.setdefault(there[one], []).append(there[other])
        found.setdefault(there[other], []).append(there[one])
    for row, others in sorted(found.items()):
        yield row, sorted(others)


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
    params: dict[str, object] = {"others": "、".join(words) + more, "count": len(found)}
    if scope is not None:
        params["within"] = scope.within
    uuids = tuple(places["uuid"][other] for other in found)
    return Flaw(row, "name", places["name"][row] or "", params, group=key, others=uuids)
