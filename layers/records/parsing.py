"""From texts to values: skeleton."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers.ingest.model import Noted


@dataclass(frozen=True)
class Parsed:
    """Values and what could not be understood.

    Parameters
    ----------
    frame
        The given columns in the register's dtypes (see `layers.register.values`), on the given index's order
        (RangeIndex). What could not be understood is missing; of texts, codes and choices the text itself stays, so
        that it can be compared with what the register has.
    notes
        One error for each cell, ``row`` the position in the frame.
    """

    frame: pd.DataFrame
    notes: list[Noted]


def parse(layer_key: str, texts: pd.DataFrame) -> Parsed:
    """Texts, or columns already typed, of a layer's fields as the register's values; never raises for a value.

    Columns whose names begin with ``@`` are kept as trimmed texts.
    """
    raise NotImplementedError
