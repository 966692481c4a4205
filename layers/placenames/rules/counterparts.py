"""Rules for what is missing beside a name: the division without a place name, the committee without a division."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gis.toponym.likeness import core_name
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

_LEVELS: Final = frozenset({"city", "county", "town", "village"})
_ZONES: Final = "217"
"""Class of economic zones, which the list of divisions has as towns."""


def division_without_name(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Every division of the city has a place name."""
    named = _named(places)
    divisions = facts.divisions
    for row in facts.own():
        level, code = divisions.level[row], divisions.code[row]
        if level in _LEVELS and code not in named:
            yield Flaw(
                -1, "name", divisions.name[row], {"code": code, "name": divisions.full_name(row)},
                of=("divisions", code), group=f"without|{code}",
            )  # fmt: skip


def _named(places: Places) -> set[str]:
    found: set[str] = set()
    columns = (places[name] for name in ("class_code", "county_code", "town_code", "village_code", "place_code"))
    for kind, county, town, village, code in zip(*columns, strict=True):
        level = (kind or "")[:3]
        if level in ("216", "276"):
            found.add(village or "")
        elif level in ("215", _ZONES):
            found.add(town or "")
        elif level == "214":
            found.add(county or "")
        elif level == "213":
            found.add((code or "")[:6])
    return found


def committee_without_division(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A committee that stands belongs to a village of the division list."""
    divisions = facts.divisions
    for row, (kind, village) in enumerate(zip(places["class_code"], places["village_code"], strict=True)):
        if (kind or "")[:3] not in ("216", "276") or not places.standing[row]:
            continue
        # a code that no division has is told by another rule
        if village is None or (village in divisions and divisions.level_of(village) != "village"):
            same, alike = _likely(places, facts, row)
            fix = {"village_code": same[0]} if len(same) == 1 else {}
            candidates = () if fix else tuple({"village_code": code} for code in (*same, *alike))
            yield Flaw(row, "village_code", village or "", fix=fix, candidates=candidates)


def _likely(places: Places, facts: Facts, row: int) -> tuple[list[str], list[str]]:
    """Codes of the town's villages that have the record's name, and of those whose name is the same at its core."""
    name, town = places["name"][row] or "", places["town_code"][row]
    divisions, core = facts.divisions, core_name(name)
    same: list[str] = []
    alike: list[str] = []
    for code in facts.villages.get(town or "", ()):
        listed = divisions.name_of(code)
        if listed == name:
            same.append(code)
        elif core_name(listed) == core:
            alike.append(code)
    return same, alike


def different_name(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A division and its place name are called the same; a village without the end of its committee."""
    divisions = facts.divisions
    columns = zip(
        places["name"], places["class_code"], places["county_code"], places["town_code"], places["village_code"],
        strict=True,
    )  # fmt: skip
    for row, (name, kind, county, town, village) in enumerate(columns):
        level = (kind or "")[:3]
        code = {"216": village, "276": village, "215": town, "214": county}.get(level)
        if code is None or name is None or code not in divisions or not places.standing[row]:
            continue
        listed = divisions.name_of(code)
        # the statistical list writes some streets with their county before them
        if listed.endswith(name) or (level == "216" and core_name(listed) == core_name(name)):
            continue
        yield Flaw(row, "name", name, {"listed": listed}, candidates=({"name": listed},))


def orphaned(_places: Places, facts: Facts) -> Iterator[Flaw]:
    """Other names, extents, signs and stories belong to a place that there is."""
    for orphan in facts.orphans:
        of = (orphan.layer, orphan.uuid)
        yield Flaw(-1, "place_uuid", orphan.name or orphan.uuid, {"place": orphan.place_uuid}, of=of)
