"""What a register knows that files from the field are judged by: the counties, and the stakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from layers.access import Reader
from layers.records import Context
from layers.register import Register
from surveys.uploads.known import KnownStakes

if TYPE_CHECKING:
    import geopandas as gpd


def reference(register: Register, *, reader: Reader) -> tuple[gpd.GeoDataFrame, KnownStakes]:
    """County areas and registered stakes, of what the reader may see of the areas; stakes only by number and place."""
    with register.reading() as connection:
        areas = Context.read(register, connection, reader=reader).areas
        stakes = register.frame(connection, "stake", columns=["number", "code", "geom"])
    there = stakes["geom"].notna()
    stakes = stakes[there]
    xy = shapely.get_coordinates(stakes["geom"].to_numpy())
    numbers = stakes["number"].astype(object).where(stakes["number"].notna(), None)
    codes = stakes["code"].astype(object).where(stakes["code"].notna(), None)
    rows = zip(numbers.tolist(), codes.tolist(), xy[:, 0].tolist(), xy[:, 1].tolist(), strict=True)
    return areas, KnownStakes.of(rows)
