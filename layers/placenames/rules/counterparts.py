"""Rules for what is missing beside a name: the division without a place name, the committee without a division."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

_LEVELS: Final = {"city": "213", "county": "214", "town": "215", "village": "216 276"}
"""Level of a division to the classes that its place name may have; zones have one of another class."""
_ZONES: Final = "217"


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
        if not (kind or "").startswith(("216", "276")) or not places.standing[row]:
            continue
        if village is None:
            yield Flaw(row, "village_code", "", candidates=_likely(places, facts, row))
        elif village in divisions and divisions.level_of(village) != "village":
            yield Flaw(row, "village_code", village, candidates=_likely(places, facts, row))


def _likely(places: Places, facts: Facts, row: int) -> tuple[dict[str, str], ...]:
    """Villages of the town that have the name."""
    town, name = places["town_code"][row], places["name"][row]
    if town not in facts.divisions or not name:
        return ()
    found = facts.divisions.find(name, within=town)
    if found.row >= 0 and facts.divisions.level[found.row] == "village":
        return ({"village_code": facts.divisions.code[found.row]},)
    return ()


def different_name(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A division and its place name are called the same."""
    divisions = facts.divisions
    columns = zip(
        places["name"], places["class_code"], places["county_code"], places["town_code"], places["village_code"],
        strict=True,
    )  # fmt: skip
    for row, (name, kind, county, town, village) in enumerate(columns):
        code = {"216": village, "276": village, "215": town, "214": county}.get((kind or "")[:3])
        if code is None or name is None or code not in divisions or not places.standing[row]:
            continue
        listed = divisions.name_of(code)
        # the statistical list writes some streets with their county before them
        if listed != name and not listed.endswith(name):
            yield Flaw(row, "name", name, {"listed": listed}, candidates=({"name": listed},))
