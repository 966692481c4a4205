"""What stands in the documents of an application, gathered from the register and the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from shapely.geometry import Point

from layers import days
from layers.access import Editor
from layers.catalogue import layer_named
from layers.editing import draft_from_json, examined
from layers.editing.record import present
from layers.history.log import State
from layers.index import Index
from layers.office.applications import Application
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.judging import LAYER, position_of
from layers.placenames.procedures.kinds import Kind, kind_named
from layers.records import Context


@dataclass(frozen=True)
class FormerName:
    """A name that the place had, until when (``YYYY-MM-DD`` or empty) and by which decision."""

    name: str
    until: str
    decision: str


@dataclass(frozen=True)
class Paper:
    """An application as its documents tell it; texts are empty where there is nothing to say.

    Parameters
    ----------
    state
        The record: as it stands where the application was approved and was written, else as proposed.
    where
        The names of its divisions from the city down.
    point
        Longitude and latitude in degrees (CGCS2000), None without a place.
    filing_due
        Until when it is to be filed.
    synthetic
        The record is made up: every document says so.
    """

    application: Application
    kind: Kind
    state: State
    where: str
    county: str
    class_title: str
    point: tuple[float, float] | None
    former: tuple[FormerName, ...]
    filing_due: str
    synthetic: bool

    def text(self, name: str) -> str:
        """A field of the record as text."""
        value = self.state.get(name)
        return "" if value is None else str(value)


def paper_of(desk: Desk, application: Application, *, editor: Editor) -> Paper:
    """Gather what the documents of an application say.

    Raises
    ------
    UnknownFeature
        Where its record is not there any more.
    NotAllowed, OutOfReach
    """
    index = desk.index
    kind = kind_named(application.kind)
    draft = draft_from_json(dict(application.proposed))
    context = Context.of(index, reader=editor.reader)
    with index.held() as connection:
        written = application.place and (application.approved or not kind.names)
        if written:
            state = present(index, connection, layer_named(LAYER), application.place, reader=editor.reader).state
        else:
            state = examined(index, LAYER, application.place, replace(draft, version=None), editor=editor).after.state
        former = former_names(index.frame("place_name"), application.place)
    stated = _stated(application)
    if stated is not None:  # a certificate says what was so when it was issued, whatever has become of the name
        state = {**state, **stated["values"]}
        former = tuple(FormerName(*one) for one in stated["former"])
    geometry = state.get("geom") or position_of(draft)
    divisions = context.divisions
    row = divisions.row_of.get(application.village or application.town or application.county)
    known = context.classes.get(application.class_code)
    city = divisions.name_of(divisions.city) if divisions.city else ""
    approved = days.parse_day(application.approved) if application.approved else days.today()
    return Paper(
        application=application,
        kind=kind,
        state=state,
        where=city + (divisions.full_name(row) if row is not None else ""),
        county=divisions.name_of(application.county),
        class_title=known.title if known is not None else "",
        point=(geometry.x, geometry.y) if isinstance(geometry, Point) else None,
        former=former,
        filing_due=desk.deadlines.due(approved, None)["file"].isoformat(),
        synthetic=state.get("source") == "synthetic",
    )


def former_names(names: pd.DataFrame, place: str) -> tuple[FormerName, ...]:
    """The former names of a place, the oldest first."""
    own = names[(names["place_uuid"] == place) & (names["kind"] == "former")]
    return tuple(
        FormerName(
            str(row["name"]), *(row[name] if isinstance(row[name], str) else "" for name in ("valid_to", "decision"))
        )
        for row in own.sort_values("valid_to", na_position="first").to_dict("records")
    )


def statement(index: Index, place: str, *, editor: Editor) -> dict[str, Any]:
    """What a certificate of a place says, to be kept with it: as JSON can keep it."""
    with index.held() as connection:
        state = present(index, connection, layer_named(LAYER), place, reader=editor.reader).state
        former = former_names(index.frame("place_name"), place)
    return {
        "values": {name: state.get(name) for name in _STATED},
        "former": [[one.name, one.until, one.decision] for one in former],
    }


_STATED: Final = ("name", "roman", "place_code", "usage", "valid_to", "abolished")


def _stated(application: Application) -> Mapping[str, Any] | None:
    if not application.certificate:
        return None
    details = [step.detail for step in application.steps if step.action == "approve"]
    found: Mapping[str, Any] | None = details[-1].get("stated") if details else None
    return found
