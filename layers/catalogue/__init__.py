"""The immutable list of layers: what exists, what each field means, how each is shown and tiled.

One list serves tiles, API, search, export and pages; a layer that is not here does not exist for a reader.
"""

from layers.catalogue.classes import FACILITY_GROUPS, FACILITY_KINDS, PLACE_MAJORS, FacilityKind, Titled
from layers.catalogue.layer import Field, Layer, UnknownLayer
from layers.catalogue.layers import LAYERS, known_classes, layer_named

__all__ = [
    "FACILITY_GROUPS",
    "FACILITY_KINDS",
    "LAYERS",
    "PLACE_MAJORS",
    "FacilityKind",
    "Field",
    "Layer",
    "Titled",
    "UnknownLayer",
    "known_classes",
    "layer_named",
]
