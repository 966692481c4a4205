"""Reference features (方位物) of a stake: what stands near it, by grid azimuth and distance, at most three.

They are kept in the stake's own row, so that its version, history, undo, import and export hold them like the rest of
the form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.access import Editor
from layers.boundaries.checks.limits import DEFAULT
from layers.editing import Draft, Refused, Saved, change
from layers.index import Index
from layers.ingest.model import Noted

MOST: Final = DEFAULT.most_features
FIELDS: Final = ("kind", "azimuth_deg", "distance_m", "description")
_FURTHEST_M: Final = 100_000.0
_LENGTHS: Final = {"kind": 50, "description": 200}


@dataclass(frozen=True)
class ReferenceFeature:
    """One feature; the azimuth is of the grid, clockwise from north in degrees, the distance in metres from the stake.

    What nobody has measured is None.
    """

    kind: str
    azimuth_deg: float | None = None
    distance_m: float | None = None
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the register keeps it: what is not known is left out."""
        found = {name: getattr(self, name) for name in FIELDS}
        return {name: value for name, value in found.items() if value not in (None, "")}


def features_of(kept: object) -> tuple[ReferenceFeature, ...]:
    """The features that a stake's row holds, in their order; what nobody can read is left out."""
    found = []
    for one in kept if isinstance(kept, list) else []:
        if isinstance(one, Mapping) and one.get("kind"):
            numbers = [one.get(name) for name in ("azimuth_deg", "distance_m")]
            azimuth, distance = (
                float(n) if isinstance(n, (int, float)) and math.isfinite(n) else None for n in numbers
            )
            found.append(ReferenceFeature(str(one["kind"]), azimuth, distance, str(one.get("description") or "")))
    return tuple(found)


def read_features(given: Sequence[Any]) -> tuple[ReferenceFeature, ...]:
    """Features as somebody gives them: objects with the members of `FIELDS`, numbers also as text; empty ones go.

    Raises
    ------
    Refused
        With everything that cannot stand; the notes' fields are ``kind-1``, ``azimuth_deg-2`` and so on.
    """
    notes: list[Noted] = []
    found = []
    for number, one in enumerate(given, start=1):
        values = dict(one) if isinstance(one, Mapping) else {"": one}
        notes += [
            _note(f"{name}-{number}", values[name], "unknown-field", N_("A reference feature has no such field."))
            for name in values
            if name not in FIELDS
        ]
        values = {name: value for name, value in values.items() if value is not None and str(value).strip()}
        if not values:
            continue
        texts = {name: _text(name, values.get(name), number, notes) for name in _LENGTHS}
        azimuth = _number("azimuth_deg", values.get("azimuth_deg"), number, notes, most=360.0)
        distance = _number("distance_m", values.get("distance_m"), number, notes, most=_FURTHEST_M)
        if not texts["kind"]:
            notes.append(_note(f"kind-{number}", None, "required", N_("Say what the feature is.")))
        found.append(ReferenceFeature(texts["kind"], azimuth, distance, texts["description"]))
    if len(found) > MOST:
        template = N_("The form has room for %(most)s reference features.")
        notes.append(_note(f"kind-{len(found)}", None, "too-many-features", template, most=MOST))
    if notes:
        raise Refused(notes)
    return tuple(found)


def save_features(
    index: Index, stake: str, given: Sequence[Any], *, version: int | None, editor: Editor, why: str = ""
) -> Saved:
    """Write the reference features of a stake, all of them in their order.

    Raises
    ------
    EditConflict
        Where the stake is at another version.
    Refused, UnknownFeature, NotAllowed, OutOfReach
    """
    kept = [one.as_json() for one in read_features(given)]
    draft = Draft(values={"reference_features": kept or None}, version=version, why=why)
    return change(index, "stakes", stake, draft, editor=editor)


def _text(name: str, value: Any, number: int, notes: list[Noted]) -> str:
    text = str(value).strip() if value is not None else ""
    if len(text) > _LENGTHS[name] or not text.isprintable():
        template = N_("This is a text of one line, of at most %(most)s characters.")
        notes.append(_note(f"{name}-{number}", value, "not-a-text", template, most=_LENGTHS[name]))
    return text


def _number(name: str, value: Any, number: int, notes: list[Noted], *, most: float) -> float | None:
    if value is None:
        return None
    try:
        found = float(str(value).strip()) if not isinstance(value, bool) else math.nan
    except ValueError:
        found = math.nan
    least = 0.0 if name == "azimuth_deg" else 0.01
    if not least <= found <= most:
        template = N_("“%(value)s” is no number from %(least)s to %(most)s.")
        notes.append(_note(f"{name}-{number}", value, "out-of-range", template, least=f"{least:g}", most=f"{most:g}"))
        return None
    return found


def _note(name: str, value: object, rule: str, template: str, /, **params: object) -> Noted:
    text = "" if value is None else str(value)[:80]
    return Noted(0, name[:40], text, Finding(rule, "error", name[:40], template, {"value": text, **params}))
