"""Which column of a file is which field: skeleton."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers.ingest.model import FieldMapping, Noted, Reading


@dataclass(frozen=True)
class Recognised:
    """The columns of a file, understood.

    Parameters
    ----------
    targets
        Heading in the file to target: a field of the subject, ``@lon @lat @east @north`` (coordinates), ``@geojson``
        (a place as GeoJSON text), ``@division`` and ``@division:province … :village`` (divisions in words), ``@class``
        (a class in words), ``@line`` (a boundary line by code or name), ``@name:alias`` (a further name). Each target
        once, in the file's order.
    unknown
        Headings that nobody knows; told, not taken.
    left
        Headings that are known and that the register has no place for, or that the mapping leaves out.
    doubts
        Two headings for one field, names that were cut, a mapping's heading that the file does not have.
    """

    targets: dict[str, str]
    unknown: tuple[str, ...]
    doubts: tuple[Noted, ...]
    left: tuple[str, ...] = ()


def recognise(subject_key: str, reading: Reading, mapping: FieldMapping) -> Recognised:
    """Which heading of a file means which field.

    Raises
    ------
    BadMapping
        If the mapping names a target that there is none of.
    """
    raise NotImplementedError


def taken(reading: Reading, recognised: Recognised, mapping: FieldMapping) -> pd.DataFrame:
    """The columns taken, named by target, with the mapping's values and constants: what `parse` takes."""
    raise NotImplementedError


def with_points(reading: Reading, recognised: Recognised) -> Reading:
    """The reading with the points of a column ``@geojson`` as its geometry (EPSG:4490) where it has none."""
    raise NotImplementedError
