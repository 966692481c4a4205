"""What people call that which a column may be taken as, and what a finding names: fields, coordinates, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from gis.errors import N_
from layers.records import Subject, record_fields
from layers.register.tables import GEOMETRY_COLUMN

TARGETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "@lon": N_("Longitude"),
        "@lat": N_("Latitude"),
        "@east": N_("Easting (HZB, y)"),
        "@north": N_("Northing (ZZB, x)"),
        "@geojson": N_("Position as GeoJSON"),
        "@division": N_("Division in words"),
        "@division:province": N_("Province in words"),
        "@division:city": N_("City in words"),
        "@division:county": N_("County in words"),
        "@division:town": N_("Town in words"),
        "@division:village": N_("Village in words"),
        "@class": N_("Class in words"),
        "@line": N_("Boundary line, by code or name"),
        "@name:alias": N_("Alias"),
        "@name:abbreviation": N_("Abbreviation"),
        "@name:former": N_("Former name"),
        "@name:map": N_("Name on maps"),
        "@name:minority": N_("Name in a minority's script"),
        "@place": N_("Position"),
        "@area": N_("Extent"),
    }
)
"""Beside the fields of a record."""


def titles(subject: Subject, language: str, translate: Callable[[str], str]) -> dict[str, str]:
    """Everything that a column or a finding of a subject names, in a language.

    Parameters
    ----------
    language
        ``zh`` or ``en``: of the fields' titles.
    translate
        Turns an English text of the program into that language.
    """
    fields = {
        field.name: field.title(language) for some in (record_fields(subject.layer), subject.fields) for field in some
    }
    words = {name: translate(title) for name, title in TARGETS.items()}
    return fields | words | {GEOMETRY_COLUMN: words["@place"]}


def in_words(params: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    """The places of a finding's sentence, a field that it names by its title."""
    if "field" not in params:
        return dict(params)
    return {**params, "field": named.get(str(params["field"]), params["field"])}
