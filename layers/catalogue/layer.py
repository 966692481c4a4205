"""What a layer is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gis.errors import NotFound

FieldType = Literal["str", "int", "float", "bool", "date", "datetime", "json"]
Geometry = Literal["Point", "LineString", "MultiLineString", "MultiPolygon"]


class UnknownLayer(NotFound):
    """A layer key that the catalogue does not have."""

    code = "unknown-layer"


@dataclass(frozen=True)
class Field:
    """One attribute of a layer's features.

    Parameters
    ----------
    name
        The column's name in the register.
    short
        At most ten ASCII characters, unique in its layer: the name in a shapefile.
    unit
        The unit of a number, empty where there is none.
    """

    name: str
    type: FieldType
    title_zh: str
    title_en: str
    short: str
    unit: str = ""


@dataclass(frozen=True)
class Layer:
    """One layer of the catalogue.

    Parameters
    ----------
    key
        Its name in tiles, API, export and addresses.
    table
        The register's table that holds its features.
    fields
        What a reader may see of a feature, in order of reading.
    classed_by
        The field whose values are the layer's classes in legend and filters, or empty.
    label
        The field that names a feature.
    min_zoom
        The lowest zoom at which tiles carry it.
    thinned
        True where low zooms carry the most important features only; from z12 every feature is there.
    starts, ends
        Date fields: a feature stands at the end of day D if every start is absent or <= D and every end absent or > D.
    depends
        Further tables whose change changes this layer as it is read.
    within
        Table of the record that a feature belongs to, and the field that names it: who may not see that record does
        not see the feature either. Empty where features stand alone.
    tiled
        What a tile carries of a feature: pairs of the attribute's name in the tile and the field's name.
    published
        A field and the value that it must have for the public: with another one a feature is internal. Empty where
        there is no such state.
    indexed
        Fields that are held in memory beside those of ``tiled``, the label and the class.
    """

    key: str
    table: str
    geometry: Geometry
    title_zh: str
    title_en: str
    fields: tuple[Field, ...]
    classed_by: str = ""
    label: str = "name"
    min_zoom: int = 0
    thinned: bool = False
    starts: tuple[str, ...] = ("valid_from",)
    ends: tuple[str, ...] = ("valid_to",)
    depends: tuple[str, ...] = ()
    within: tuple[()] | tuple[str, str] = ()
    published: tuple[()] | tuple[str, str] = ()
    tiled: tuple[tuple[str, str], ...] = ()
    indexed: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
