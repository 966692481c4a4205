"""What somebody applies for, as it came: looked at whether it is written as an application at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import N_, Invalid
from layers.access import Editor
from layers.editing import draft_from_json, examined
from layers.history.log import State
from layers.index import Index
from layers.placenames.procedures.judging import LAYER
from layers.placenames.procedures.kinds import CHANNELS, RURAL, Kind, kind_named
from layers.placenames.ripple.model import TITLES
from layers.records import Context

MOST_TEXT: Final = 500
_TEXTS: Final = ("reason", "unit", "person")
_MEMBERS: Final = ("kind", "channel", "place", "draft", "carried", "reserves", *_TEXTS)
_OF_A_RENAMING: Final = ("name", "roman", "specific", "generic", "meaning", "origin", "history")
"""What a renaming may change of a record; everything else is changed by editing it."""


class BadApplication(Invalid):
    """A request that is not written as an application, or leaves out what one needs."""

    code: ClassVar[str] = "bad-application"


@dataclass(frozen=True)
class Request:
    """What somebody applies for.

    Parameters
    ----------
    draft
        As `layers.editing.draft_from_json` takes it: of a new name the record, of a renaming the new values.
    carried
        Groups of `layers.placenames.ripple` that are renamed with it.
    reserves
        The application by which the name was reserved; empty where none.
    """

    kind: Kind
    channel: str = ""
    place: str = ""
    draft: Mapping[str, Any] = field(default_factory=dict)
    carried: tuple[str, ...] = ()
    reserves: str = ""
    reason: str = ""
    unit: str = ""
    person: str = ""


def request_from_json(given: object) -> Request:
    """An application that came as JSON.

    Raises
    ------
    BadApplication, BadDraft, UnknownKind
        Naming the member that cannot be understood.
    """
    if not isinstance(given, Mapping):
        raise BadApplication(N_("An application is sent as a JSON object."))
    unknown = [str(name)[:80] for name in given if name not in _MEMBERS]
    if unknown:
        raise BadApplication(
            N_("An application has no member “%(name)s”."), hint=N_("Its members are: %(known)s."),
            name=unknown[0], known=", ".join(_MEMBERS),
        )  # fmt: skip
    kind = kind_named(str(given.get("kind") or ""))
    texts = {name: text_of(given, name) for name in ("channel", "place", "reserves", *_TEXTS)}
    if texts["channel"] not in CHANNELS or (texts["channel"] == RURAL and (kind.of_place or not kind.names)):
        raise BadApplication(N_("This procedure is not part of the rural pilot."))
    carried = given.get("carried") or []
    if not isinstance(carried, list) or not all(isinstance(key, str) and key in TITLES for key in carried):
        raise BadApplication(N_("“carried” lists groups of what depends on the name."))
    draft = given.get("draft") or {}
    draft_from_json(draft)
    found = Request(kind=kind, draft=dict(draft), carried=tuple(dict.fromkeys(carried)), **texts)
    _require_whole(found)
    return found


def text_of(given: Mapping[str, Any], name: str, most: int = MOST_TEXT) -> str:
    """A text of a request; `BadApplication` where it is none or too long."""
    value = given.get(name) or ""
    if not isinstance(value, str) or len(value) > most:
        raise BadApplication(N_("“%(name)s” is a text of at most %(most)s characters."), name=name, most=most)
    return value.strip()


def _require_whole(found: Request) -> None:
    values = draft_from_json(dict(found.draft)).values
    if found.kind.of_place and not found.place:
        raise BadApplication(N_("Say which place the application is about."))
    if not found.kind.of_place and found.place:
        raise BadApplication(N_("A new name is not about a place that the register has."))
    name = values.get("name")
    if found.kind.names and not (isinstance(name, str) and name.strip()):
        raise BadApplication(N_("Give the name that is proposed."))
    if found.kind.of_place:
        allowed = _OF_A_RENAMING if found.kind.names else ()
        beyond = [key for key in found.draft if key != "values"] + [key for key in values if key not in allowed]
        if beyond:
            raise BadApplication(
                N_("This procedure does not change “%(name)s” of a place."),
                hint=N_("Change it in the record itself."),
                name=str(beyond[0])[:80],
            )


def columns_of(index: Index, request: Request, *, editor: Editor) -> dict[str, Any]:
    """What is kept of an application beside its state and dates.

    Raises
    ------
    BadApplication
        Where it lies in no county: nobody could say who decides on it.
    UnknownFeature, NotAllowed, OutOfReach
    """
    draft = draft_from_json(dict(request.draft))
    record = examined(index, LAYER, request.place, draft, editor=editor)
    state: State = record.after.state if request.kind.names else record.before.state
    county = str(state.get("county_code") or "")
    if not county:
        raise BadApplication(
            N_("The place lies in no county of the register."), hint=N_("Set it on the map, or choose the county.")
        )
    proposed: dict[str, Any] = {"values": dict(draft.values)}
    if not request.kind.of_place:
        proposed = {
            "values": {
                "registered_unit": _unit_of(index, county, editor),
                "registered_by": editor.name,
                **draft.values,
                "county_code": county,
            },
            "geometry": _as_json(draft.geometry),
            "extent": _as_json(draft.extent),
        }
        proposed = {name: value for name, value in proposed.items() if value is not None}
    return {
        "kind": request.kind.key,
        "channel": request.channel,
        "county": county,
        "town": str(state.get("town_code") or ""),
        "village": str(state.get("village_code") or ""),
        "place": request.place,
        "name": str(state.get("name") or "").strip(),
        "name_before": str(record.before.state.get("name") or ""),
        "class_code": str(state.get("class_code") or ""),
        "proposed": proposed,
        "carried": list(request.carried),
        "reserves": request.reserves,
        "reason": request.reason,
        "unit": request.unit,
        "person": request.person,
    }


def _unit_of(index: Index, county: str, editor: Editor) -> str:
    """Which office registers a name of a county where nobody says otherwise."""
    divisions = Context.of(index, reader=editor.reader).divisions
    return f"{divisions.name_of(county)}民政局"


def _as_json(geometry: object) -> dict[str, Any] | None:
    if not isinstance(geometry, BaseGeometry):
        return None
    found: dict[str, Any] = shapely.geometry.mapping(geometry)
    return found
