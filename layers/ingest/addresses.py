"""Places from addresses: skeleton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from layers.access import Reader
from layers.index import Index
from layers.ingest.model import Noted
from layers.register import Register


class AddressBook:
    """The names of a register by which an address is found."""

    @classmethod
    def of(cls, source: Index | Register, *, reader: Reader) -> AddressBook:
        """The names that the reader may see."""
        raise NotImplementedError


@dataclass(frozen=True)
class Addressed:
    """Where rows lie by their addresses, all of shape (n,).

    Parameters
    ----------
    geometry
        Points in EPSG:4490, None where nothing was found.
    accuracy
        ``address``, ``village``, ``town``, ``county``, ``unknown``; None where a row has no address.
    matched
        The name that was found, "" where none.
    county, town, village
        Codes that the address names, None where it does not.
    """

    geometry: NDArray[Any]
    accuracy: NDArray[Any]
    matched: NDArray[Any]
    county: NDArray[Any]
    town: NDArray[Any]
    village: NDArray[Any]
    notes: list[Noted]


def place_by_address(frame: pd.DataFrame, *, names: AddressBook) -> Addressed:
    """Find the place of each row by its ``address``, within the division that its codes name where it has any.

    Parameters
    ----------
    frame
        Columns ``address`` and, where there are, ``county_code``, ``town_code``, ``village_code``, ``name``.
    """
    raise NotImplementedError
