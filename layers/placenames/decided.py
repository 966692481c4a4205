"""The names of a place after a decision: the one until now is a former name, the new one says by what it stands."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from layers import days
from layers.history.log import State
from layers.history.writing import Action
from layers.index import Index
from layers.placenames.kinds_of_names import STANDARD
from layers.placenames.together import inserting, updating

_TABLE: Final = "place_name"
_OWN: Final = ("name", "roman", "source", "secrecy", "is_public")


@dataclass(frozen=True)
class Decision:
    """By what a name was given or changed: number, authority and day (``YYYY-MM-DD``); empty where nobody says."""

    number: str = ""
    authority: str = ""
    day: str = ""


def names_after(index: Index, place: str, before: State, after: State, decision: Decision) -> Iterator[Action]:
    """What is written into the names of a place whose standard name changes.

    Parameters
    ----------
    before, after
        The place as it was and as it will be; an empty ``before`` is a new place.
    """
    day = decision.day or days.today().isoformat()
    ended = {"kind": "former", "status": "disused", "valid_to": day}
    kept = False
    if before.get("name"):
        names = index.frame(_TABLE)
        standing = names[(names["place_uuid"] == place) & (names["kind"] == STANDARD) & names["valid_to"].isna()]
        for row in standing.to_dict("records"):
            kept = kept or row["name"] == before["name"]
            yield updating(_TABLE, str(row["uuid"]), ended)
        if not kept:
            yield _row(place, before, ended)
    if decision.number:
        said = {"decision": decision.number, "decided_by": decision.authority or None, "decided_on": day}
        yield _row(place, after, {**said, "kind": STANDARD, "status": "in_use", "valid_from": day})


def _row(place: str, state: State, values: Mapping[str, str | None]) -> Action:
    row = {**{name: state.get(name) for name in _OWN}, **values, "place_uuid": place}
    return inserting(_TABLE, str(uuids_.uuid4()), {name: value for name, value in row.items() if value is not None})
