"""What no column of a file gives though no record can stand without it: said once, of the file as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import shapely

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.draft import PLACE, Draft, located
from layers.ingest.model import Noted
from layers.records.rules.places import place_needed

COLUMN_MISSING: Final = "column-missing"
"""Nobody can look at it and take it for right: the mapping has to name a column."""

_COORDINATES: Final = frozenset({"@lon", "@lat", "@east", "@north", "@geojson"})
_OTHER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"class_code": "@class", "line_uuid": "@line", "county_code": "@division"}
)
"""Fields that a column in other words may give as well."""


def gathered(draft: Draft, notes: Iterable[Noted]) -> list[Noted]:
    """The notes, those of single rows about what the whole file lacks in one.

    Where some row is a record that the register has, the file need not say everything: then a row that lacks something
    is one that was not found, and is told as such.
    """
    notes = list(notes)
    if not len(draft) or bool((draft.at >= 0).any()):
        return notes
    lacking = [
        field.name
        for field in draft.subject.fields
        if field.required and not _is_said(draft, field.name) and all(cell is None for cell in draft.column(field.name))
    ]
    told = {("required", name) for name in lacking}
    found = [_missing(name) for name in lacking]
    if place_needed(draft.subject.layer) and not _says_places(draft):
        told.add(("place-missing", ""))
        found.append(_PLACELESS)
    if not found:
        return notes
    draft.refused[:] = True
    return [*found, *(noted for noted in notes if (noted.finding.rule, noted.field) not in told)]


def _is_said(draft: Draft, name: str) -> bool:
    other = _OTHER_WORDS.get(name)
    return name in draft.said or (other is not None and any(one.startswith(other) for one in draft.said))


def _says_places(draft: Draft) -> bool:
    given = draft.reading.geometry
    if bool(_COORDINATES & draft.said) or bool(located(draft.places).any()):
        return True
    return given is not None and not bool(shapely.is_missing(given).all())


def _missing(name: str) -> Noted:
    return Noted(None, name, "", Finding(
        COLUMN_MISSING, "error", name, N_("No column is taken for “%(field)s”."), {"field": name},
        N_("Name the column in the mapping, or give one value for every row."),
    ))  # fmt: skip


_PLACELESS: Final = Noted(None, PLACE, "", Finding(
    COLUMN_MISSING, "error", PLACE, N_("The file has no coordinates: no column is taken for them."), {},
    N_("Name the columns of longitude and latitude, or of easting and northing, in the mapping."),
))  # fmt: skip
