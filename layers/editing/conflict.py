"""Two people at one record: what it was, what the other has made of it and what oneself wants, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis.errors import N_, Conflict
from layers.access import Reader
from layers.editing.record import Record
from layers.history.log import LOG, State, log_rows, states_after
from layers.history.seeing import record_open
from layers.history.states import FieldChange, Titles, field_changes, same_place
from layers.index import Index
from layers.register.tables import GEOMETRY_COLUMN


@dataclass(frozen=True)
class FieldClash:
    """One field that has changed in either version. ``base`` is what both began with; titles of coded values beside."""

    name: str
    title: Titles
    unit: str
    base: Any
    theirs: Any
    mine: Any
    base_title: Titles | None = None
    theirs_title: Titles | None = None
    mine_title: Titles | None = None

    @property
    def both(self) -> bool:
        """Whether the two have changed it to different values."""
        return bool(self.theirs != self.base and self.mine != self.base and self.theirs != self.mine)


@dataclass(frozen=True)
class PlaceClash:
    """The same of the geometry."""

    base: BaseGeometry | None
    theirs: BaseGeometry | None
    mine: BaseGeometry | None

    @property
    def both(self) -> bool:
        """Whether the two have moved it to different places."""
        moved = not same_place(self.base, self.theirs) and not same_place(self.base, self.mine)
        return moved and not same_place(self.theirs, self.mine)


class EditConflict(Conflict):
    """Somebody else has saved the record since it was read.

    ``version`` is the one that stands now, ``who`` has made it and ``at`` when; ``fields`` and ``place`` show what is
    different.
    """

    code = "edit-conflict"

    def __init__(
        self, *, version: int, who: str | None, at: str, fields: Sequence[FieldClash], place: PlaceClash | None,
        given: int | None,
    ) -> None:  # fmt: skip
        if given is None:
            template = N_("Say which version of the record you have seen: it is at version %(version)s.")
        else:
            template = N_(
                "%(who)s has saved this record meanwhile: it is at version %(version)s, you began with %(given)s."
            )
        super().__init__(
            template,
            hint=N_("Choose for each field which value is right, and save again."),
            who=who or "?",
            version=version,
            given=given,
        )
        self.version, self.who, self.at = version, who, at
        self.fields, self.place = tuple(fields), place


def conflict(
    index: Index, connection: Connection, record: Record, mine: State, given: int | None, *, reader: Reader
) -> EditConflict:
    """What stands against saving ``mine`` (the values that somebody wants changed, geometry included).

    What the reader could not see at the version that they name is not told: then what stands now is all there is.
    """
    table = record.layer.table
    log = log_rows(connection, LOG.uuid == record.uuid, LOG.layer == table, limit=1000)
    base = _state_at(index, connection, log, given)
    if base is None or not record_open(index, table, base, reader=reader):
        base = record.state
    last = log[0] if log else None
    wanted = {**base, **mine}
    theirs = {change.name: change for change in field_changes(table, base, record.state)}
    ours = {change.name: change for change in field_changes(table, base, wanted)}
    names = [name for name in _ordered(table, base, record.state, wanted) if name in theirs or name in ours]
    fields = [_clash(name, theirs.get(name), ours.get(name)) for name in names]
    places = [state.get(GEOMETRY_COLUMN) for state in (base, record.state, wanted)]
    moved = not (same_place(places[0], places[1]) and same_place(places[0], places[2]))
    return EditConflict(
        version=record.version,
        who=last.who if last else None,
        at=last.at if last else str(record.state.get("changed") or ""),
        fields=fields,
        place=PlaceClash(*places) if moved else None,
        given=given,
    )


def _state_at(index: Index, connection: Connection, log: Sequence[Any], version: int | None) -> State | None:
    """The record as it was at a version, as far as the log knows."""
    row = next((row for row in log if row.version == version and row.op != "delete"), None)
    if row is not None:
        return states_after(index.register, connection, [row]).get(row.seq)
    # before the first change that the log has of it: what that one found
    first = next((row for row in reversed(log) if row.op == "update"), None)
    if first is None or first.version != (version or 0) + 1:
        return None
    from layers.history.log import states_before

    return states_before(connection, [first.seq]).get(first.seq)


def _ordered(table: str, *states: State) -> list[str]:
    """Names of the fields that differ between any two states, in the catalogue's order."""
    found = dict.fromkeys(change.name for change in field_changes(table, None, {**states[0], **states[1], **states[2]}))
    for one in states[1:]:
        found |= dict.fromkeys(change.name for change in field_changes(table, states[0], one))
    return list(found)


def _clash(name: str, theirs: FieldChange | None, ours: FieldChange | None) -> FieldClash:
    known = theirs or ours
    assert known is not None
    return FieldClash(
        name=name,
        title=known.title,
        unit=known.unit,
        base=known.before,
        theirs=theirs.after if theirs else known.before,
        mine=ours.after if ours else known.before,
        base_title=known.before_title,
        theirs_title=theirs.after_title if theirs else known.before_title,
        mine_title=ours.after_title if ours else known.before_title,
    )
