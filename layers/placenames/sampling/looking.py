"""A sample as a reader may see it: each record as it was drawn and as it is now, and what the verdicts come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from layers import days
from layers.access import Reader
from layers.history.log import present_states
from layers.index import Columns, Index
from layers.office.submissions import Sampled, Submission
from layers.placenames.sampling.results import Results, counted
from layers.records import record_fields

LAYER: Final = "place-names"
PLACE: Final = "geom"
"""What the place on the map is called among the fields."""
FIELDS: Final = tuple(one.name for one in record_fields(LAYER) if one.editable and one.stored)
"""The fields that a verdict can name, beside `PLACE`."""
_DIGITS: Final = 6
"""Degrees are compared to 0.1 m."""


@dataclass(frozen=True)
class Seen:
    """One record of a sample.

    Parameters
    ----------
    present
        Its values now, None where it is not in the register any more.
    changed
        Names of the fields that differ from what was drawn.
    """

    row: Sampled
    present: Mapping[str, Any] | None
    changed: tuple[str, ...]

    @property
    def mended(self) -> bool | None:
        """Whether every field that is wrong has been changed since; of a wrong record without fields whether any has.

        None of a record that is not wrong.
        """
        if self.row.verdict != "wrong":
            return None
        return self.present is None or (
            set(self.row.fields) <= set(self.changed) if self.row.fields else bool(self.changed)
        )


@dataclass(frozen=True)
class Sight:
    """A sample as far as a reader may see it; ``whole`` says whether that is all of it."""

    rows: tuple[Seen, ...]
    results: Results
    whole: bool


def seen_sample(
    index: Index, submission: Submission, sample: Iterable[Sampled], *, reader: Reader
) -> Sight:  # fmt: skip
    """What a reader may see of a sample."""
    sample = list(sample)
    with index.held() as connection:
        columns = index.layer(LAYER)
        visible = [row for row in sample if is_visible(columns, row, submission, reader=reader)]
        states = states_of(index, connection, [row.place for row in visible])
    rows = tuple(_seen(row, states.get(row.place)) for row in visible)
    return Sight(rows, counted(visible), len(visible) == len(sample))


def is_visible(columns: Columns, row: Sampled, submission: Submission, *, reader: Reader) -> bool:
    """Whether a reader may see a record of a sample: as it is secret now, and as it was when it was drawn."""
    if row.level > reader.clearance:
        return False
    place = columns.row_of(row.place)
    if place is not None:
        return bool(columns.open_to(reader)[place])
    return row.level == 0 or reader.scope is None or submission.county in reader.scope


def states_of(index: Index, connection: Connection, uuids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the register holds of some records: the fields of the form, and the place as longitude and latitude."""
    found = {}
    for uuid, state in present_states(index.register, connection, "place", uuids).items():
        values = {name: state.get(name) for name in ("uuid", "version", *FIELDS)}
        values[PLACE] = _lonlat(state.get(PLACE))
        found[uuid] = values
    return found


def frame_rows(columns: Columns, county: str, majors: Iterable[str], *, reader: Reader) -> Any:
    """Rows of the names of a county that stand today and that the reader may see; of no major classes those of all."""
    mask = columns.seen(reader=reader, asof=days.today()) & columns["county_code"].isin([county])
    wanted = list(majors)
    if wanted:
        mask = mask & columns["major"].isin(wanted)
    return np.flatnonzero(mask)


def _seen(row: Sampled, present: Mapping[str, Any] | None) -> Seen:
    if present is None:
        return Seen(row, None, ())
    names = (*FIELDS, PLACE)
    return Seen(row, present, tuple(name for name in names if _plain(row.drawn.get(name)) != _plain(present.get(name))))


def _plain(value: Any) -> Any:
    """Values that say the same: nothing and an empty text; a place told to 0.1 m."""
    if isinstance(value, list | tuple):
        return [round(one, _DIGITS) if isinstance(one, float) else one for one in value]
    return None if value == "" else value


def _lonlat(geometry: Any) -> list[float] | None:
    return None if geometry is None or geometry.is_empty else [float(geometry.x), float(geometry.y)]
