"""What is wrong with records: skeleton."""

from __future__ import annotations

import pandas as pd

from layers.ingest.model import Noted
from layers.records.context import Context


def check(layer_key: str, frame: pd.DataFrame, *, context: Context) -> list[Noted]:
    """What is wrong with records, all of it: ``row`` is the position in the frame; errors cannot stand.

    Parameters
    ----------
    frame
        As `parse` gives it; with column ``geom`` (EPSG:4490) where places are to be checked. Only the columns that
        are there are looked at; a required field that has no column at all counts as missing in each row.
    """
    raise NotImplementedError
