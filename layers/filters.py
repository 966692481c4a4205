"""What part of a layer is asked for: the same filters for lists, counts, exports and coverage."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

import numpy as np

from gis.errors import N_, Invalid
from layers import days
from layers.access import Reader
from layers.catalogue import known_classes
from layers.index import Columns
from layers.index.columns import Mask


class BadBox(Invalid):
    """A bounding box that is not four numbers west, south, east, north in degrees."""

    code = "bad-bbox"


class UnknownClass(Invalid):
    """A class or kind that the layer does not have."""

    code = "unknown-class"


@dataclass(frozen=True)
class Filters:
    """Which features of a layer.

    Parameters
    ----------
    asof
        The day at whose end a feature must stand; None: today.
    classes
        Values of the layer's class field; empty: all.
    county, town
        Division codes; empty: all.
    bbox
        West, south, east, north in degrees; None: everywhere.
    """

    asof: date | None = None
    classes: tuple[str, ...] = ()
    county: str = ""
    town: str = ""
    bbox: tuple[float, float, float, float] | None = None

    @property
    def day(self) -> date:
        """The day that is meant."""
        return self.asof or days.today()

    def described(self) -> dict[str, object]:
        """What was asked for, for manifests and captions."""
        asked: dict[str, object] = {"asof": self.day.isoformat()}
        if self.classes:
            asked["class"] = list(self.classes)
        if self.county:
            asked["county"] = self.county
        if self.town:
            asked["town"] = self.town
        if self.bbox:
            asked["bbox"] = list(self.bbox)
        return asked


def parse_bbox(text: str) -> tuple[float, float, float, float]:
    """A box written west,south,east,north."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadBox(
            N_("“%(text)s” is not a bounding box."),
            hint=N_("Write west,south,east,north in degrees, for example 118.1,35.6,120.1,37.4."),
            text=text,
        )
    return west, south, east, north


def matching(columns: Columns, filters: Filters, *, reader: Reader) -> Mask:
    """Which features pass the filters and may be seen.

    Raises
    ------
    UnknownClass
        Where a class is asked for that is not in the catalogue and that no feature has which the reader may see.
    """
    mask = columns.seen(reader=reader, asof=filters.day).copy()
    layer = columns.layer
    if filters.classes:
        attribute = columns[layer.classed_by] if layer.classed_by else None
        known: dict[str, Hashable] = {titled.key: titled.key for titled in known_classes(layer)}
        known |= {class_key(layer.key, value): value for value in classes_held(columns, reader=reader)}
        unknown = [name for name in filters.classes if name not in known]
        if unknown or attribute is None:
            raise UnknownClass(
                N_("The layer “%(layer)s” has no class “%(given)s”."),
                hint=N_("Its classes are: %(known)s."),
                layer=layer.key,
                given=", ".join(unknown),
                known=", ".join(sorted(known)) or "-",
            )
        mask &= attribute.isin([known[name] for name in filters.classes])
    for name, wanted in (("county_code", filters.county), ("town_code", filters.town)):
        if wanted:
            if name not in columns.attributes:
                raise UnknownClass(
                    N_("The layer “%(layer)s” cannot be filtered by %(field)s."), layer=layer.key, field=name
                )
            mask &= columns[name].isin([wanted])
    if filters.bbox:
        mask &= _touching(columns, filters.bbox)
    return mask


def classes_held(columns: Columns, *, reader: Reader) -> set[Hashable]:
    """The classes of the features that a reader may see, whenever they stood."""
    layer = columns.layer
    if not layer.classed_by:
        return set()
    key = ("classes", reader.audience)
    found = columns.cache.get(key)
    if found is None:
        attribute = columns[layer.classed_by]
        codes = np.unique(attribute.codes[columns.open_to(reader)])
        found = columns.remember(key, {attribute.dictionary.values[code] for code in codes.tolist() if code >= 0})
    assert isinstance(found, set)
    return found


def class_key(layer_key: str, value: object) -> str:
    """The key under which a class value is asked for: an inspection year is ``batch-2022``."""
    return f"batch-{value}" if layer_key == "boundary-lines" else str(value)


def _touching(columns: Columns, bbox: tuple[float, float, float, float]) -> Mask:
    west, south, east, north = bbox
    if columns.shapes is None:
        inside: Mask = (columns.lon >= west) & (columns.lon <= east) & (columns.lat >= south) & (columns.lat <= north)
        return inside
    import shapely

    from gis.crs import to_mercator

    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    box = shapely.box(x[0], y[1], x[1], y[0])
    shapely.prepare(box)
    touching: Mask = shapely.intersects(box, columns.shapes)
    return touching
