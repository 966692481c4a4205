"""The place-name code of a record that is being saved: proposed while it is looked at, settled while it is written."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from gis.errors import N_
from layers.editing.examining import Examined
from layers.placenames.codes import PlaceCode, PlaceCodeTaken, holder_of, next_serial

FIELD = "place_code"
TAKEN = N_("Another place has the code %(code)s.")


def settled(connection: Connection, found: Examined, uuid: str) -> Examined:
    """The record with the code that it gets now that nobody else can write.

    Raises
    ------
    PlaceCodeTaken
        Where somebody has typed a code that another place has.
    """
    code = found.changes.get(FIELD)
    if found.layer.table != "place" or not isinstance(code, str):
        return found
    if FIELD not in found.follows:
        if holder_of(connection, code, but=uuid) is not None:
            raise PlaceCodeTaken(TAKEN, hint=N_("Leave the code empty: the next free one is taken."), code=code)
        return found
    prefix = PlaceCode.parse(code).prefix
    fresh = {FIELD: prefix + f"{next_serial(connection, prefix):06d}"}
    return replace(
        found,
        after=replace(found.after, state={**found.after.state, **fresh}),
        changes={**found.changes, **fresh},
        follows={**found.follows, **fresh},
    )
