"""What follows from what a file says: skeleton."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.ingest.model import Noted
from layers.records import Context


@dataclass(frozen=True)
class Completed:
    """A frame with fields alone (no ``@`` columns), and what of it the file does not say.

    Parameters
    ----------
    derived
        Field to mask, shape (n,): cells that follow from the place, a code or the name. For a record that the register
        already has these must not count as changes: what it has there stays.
    names
        Further names of places: kind (``alias``, ``former``, ``abbreviation``, ``map``, ``minority``) to a column of
        lists of names, for table ``place_name``.
    """

    frame: pd.DataFrame
    derived: Mapping[str, NDArray[np.bool_]]
    names: Mapping[str, NDArray[Any]]
    notes: list[Noted]


def completed(subject_key: str, frame: pd.DataFrame, *, context: Context) -> Completed:
    """Fill what follows from the rest: codes from divisions in words and from the place, class from words, parts of
    the name, the line of a stake.

    Parameters
    ----------
    frame
        As `layers.records.parse` gives it, ``@`` columns and ``geom`` (EPSG:4490) included.
    """
    raise NotImplementedError
